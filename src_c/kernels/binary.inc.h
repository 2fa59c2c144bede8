/* The loop `OP_TYPE`: r[i] = VALUE(a[i], b[i]); a is of dtype TYPE, and so are b and r unless SECOND and
 * RESULT say otherwise.
 *
 * VALUE sees working values.  With STATUS defined it is VALUE(a, b, &met) and the loop reports STATUS
 * if any element set met; with REFUSAL it fails then, as the function REFUSAL(ctx) says.  Contiguous operands and a repeated one (stride 0) have bodies of their own.
 */
#define LOOP JOIN(OP, TYPE)
#define BODY JOIN(LOOP, body)
#ifdef SECOND
#define OTHER SECOND
#else
#define OTHER TYPE
#endif
#ifdef RESULT
#define OUT RESULT
#else
#define OUT TYPE
#endif

INLINE unsigned BODY(const char *a, intptr_t sa, const char *b, intptr_t sb, char *r, intptr_t sr, intptr_t n)
{
    unsigned met = 0;
    INDEPENDENT
    for (intptr_t i = 0; i < n; i++) {
        const JOIN(work, TYPE) x = *(const TYPE *)(a + i * sa);
        const JOIN(work, OTHER) y = *(const OTHER *)(b + i * sb);
#if defined(STATUS) || defined(REFUSAL)
        *(OUT *)(r + i * sr) = VALUE(x, y, &met);
#else
        *(OUT *)(r + i * sr) = VALUE(x, y);
#endif
    }
    return met;
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const char *a = data[0], *b = data[1];
    const intptr_t n = dims[0], sa = strides[0], sb = strides[1], sr = strides[2];
    const intptr_t one = sizeof(TYPE), two = sizeof(OTHER);
    unsigned met;
    (void)state;
    if (sr == sizeof(OUT) && sa == one && sb == two) {
        met = BODY(a, one, b, two, data[2], sizeof(OUT), n);
    } else if (sr == sizeof(OUT) && sa == one && sb == 0 && n > 0) {
        const OTHER same = *(const OTHER *)b;
        met = BODY(a, one, (const char *)&same, 0, data[2], sizeof(OUT), n);
    } else if (sr == sizeof(OUT) && sa == 0 && sb == two && n > 0) {
        const TYPE same = *(const TYPE *)a;
        met = BODY((const char *)&same, 0, b, two, data[2], sizeof(OUT), n);
    } else {
        met = BODY(a, sa, b, sb, data[2], sr, n);
    }
#if defined(REFUSAL)
    return met ? REFUSAL(ctx) : 0;
#elif defined(STATUS)
    report(ctx, met ? STATUS : 0);
#else
    (void)ctx, (void)met;
#endif
    return 0;
}

#undef LOOP
#undef BODY
#undef OTHER
#undef OUT
