/* The loop `OP_TYPE`: r[i] = VALUE(a[i]) for a of dtype TYPE and r of dtype RESULT (or TYPE).
 *
 * VALUE sees the working value.  With STATUS defined it is VALUE(a, &met) and the loop reports STATUS
 * if any element set met.  Contiguous operands have a body of their own.
 */
#define LOOP JOIN(OP, TYPE)
#define BODY JOIN(LOOP, body)
#define WORK JOIN(work, TYPE)
#ifdef RESULT
#define OUT RESULT
#else
#define OUT TYPE
#endif

INLINE unsigned BODY(const char *a, intptr_t sa, char *r, intptr_t sr, intptr_t n)
{
    unsigned met = 0;
    INDEPENDENT
    for (intptr_t i = 0; i < n; i++) {
        const WORK x = *(const TYPE *)(a + i * sa);
#ifdef STATUS
        *(OUT *)(r + i * sr) = VALUE(x, &met);
#else
        *(OUT *)(r + i * sr) = VALUE(x);
#endif
    }
    return met;
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    unsigned met;
    (void)state;
    if (strides[0] == sizeof(TYPE) && strides[1] == sizeof(OUT)) {
        met = BODY(data[0], sizeof(TYPE), data[1], sizeof(OUT), dims[0]);
    } else {
        met = BODY(data[0], strides[0], data[1], strides[1], dims[0]);
    }
#ifdef STATUS
    report(ctx, met ? STATUS : 0);
#else
    (void)ctx, (void)met;
#endif
    return 0;
}

#undef LOOP
#undef BODY
#undef WORK
#undef OUT
