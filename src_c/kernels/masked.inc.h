/* The fold OP_TYPE_masked(x, bits, n, kept): of n contiguous items those whose bit is set, n a multiple of 128.
 *
 * VALUE(kept, x) folds items and LANES(kept, x) vectors; where an item is missing ABSENT(kept) stands, which changes
 * nothing.  Blocks of BLOCK items are folded apart and joined pairwise, as in fold.inc.h.  Where STOPS(x, y) says so
 * of two vectors (a NaN among what is compared) the answer is 0 and *kept is as it was: which NaN wins is the plain
 * fold's to say.  With FROM items are of that type, as large, and CONVERTED(word) is a vector of them as TYPE.
 */
#ifdef FROM
#define SOURCE FROM
#else
#define SOURCE TYPE
#endif
#define NAME(part) JOIN(JOIN(OP, TYPE), part)
#define VECTOR     NAME(masked_vector)
#define MASK       NAME(masked_mask)
#define WORD       JOIN(word, TYPE)

typedef TYPE VECTOR __attribute__((vector_size(VECTOR_BYTES)));
typedef WORD MASK __attribute__((vector_size(VECTOR_BYTES)));
#if defined(__AVX512F__)
typedef unsigned NAME(masked_stop);
#else
typedef MASK NAME(masked_stop);
#endif

#ifdef CONVERTED_PARTLY
INLINE VECTOR NAME(masked_load)(const SOURCE *x, const uint8_t *bits, int at, VECTOR absent)
{
    return CONVERTED_PARTLY(absent, bits[at / 8], x + at);
}
#else
/* The items at x whose bits from `at` on are set; `absent` in place of the others. */
INLINE VECTOR NAME(masked_load)(const SOURCE *x, const uint8_t *bits, int at, VECTOR absent)
{
#if defined(__AVX512F__) && !defined(FROM)
    return sizeof(TYPE) == 8
               ? (VECTOR)_mm512_mask_loadu_epi64((__m512i)absent, bits[at / 8], x + at)
               : (VECTOR)_mm512_mask_loadu_epi32((__m512i)absent,
                                                 (__mmask16)(bits[at / 8] | bits[at / 8 + 1] << 8), x + at);
#else
    MASK lane, all;
    memcpy(&all, x + at, sizeof(all));
#ifdef FROM
    all = (MASK)(CONVERTED(all));
#endif
    for (unsigned i = 0; i < VECTOR_BYTES / sizeof(TYPE); i++) {
        lane[i] = (WORD)1 << (i + (unsigned)at % 8);
    }
    const MASK here = (MASK)(((WORD)bits[at / 8] & lane) == lane);
    return (VECTOR)((all & here) | ((MASK)absent & ~here));
#endif
}
#endif

/* Two vectors into two lanes, and whether they stop the fold. */
INLINE NAME(masked_stop) NAME(masked_pair)(const SOURCE *x, const uint8_t *bits, int v, VECTOR *k, VECTOR *l)
{
    enum { WIDE = VECTOR_BYTES / sizeof(TYPE) };
    const VECTOR a = NAME(masked_load)(x, bits, v * WIDE, ABSENT(*k));
    const VECTOR b = NAME(masked_load)(x, bits, (v + 1) * WIDE, ABSENT(*l));
    *k = LANES(*k, a);
    *l = LANES(*l, b);
    return STOPS(a, b);
}

static int NAME(masked_block)(const SOURCE *x, const uint8_t *bits, intptr_t n, TYPE start, TYPE *kept)
{
    enum { WIDE = VECTOR_BYTES / sizeof(TYPE) };
    NAME(masked_stop) stopped = {0};
    const NAME(masked_stop) never = {0};
    const VECTOR all = start - (VECTOR){0};
    VECTOR k0 = all, k1 = all, k2 = all, k3 = all, k4 = all, k5 = all, k6 = all, k7 = all;
    TYPE part[WIDE];
    for (intptr_t i = 0; i < n; i += 8 * WIDE) {
        stopped |= NAME(masked_pair)(x + i, bits + i / 8, 0, &k0, &k1);
        stopped |= NAME(masked_pair)(x + i, bits + i / 8, 2, &k2, &k3);
        stopped |= NAME(masked_pair)(x + i, bits + i / 8, 4, &k4, &k5);
        stopped |= NAME(masked_pair)(x + i, bits + i / 8, 6, &k6, &k7);
    }
    if (memcmp(&stopped, &never, sizeof(never)) != 0) {
        return 0;
    }
    k0 = LANES(LANES(k0, k1), LANES(k2, k3));
    k4 = LANES(LANES(k4, k5), LANES(k6, k7));
    k0 = LANES(k0, k4);
    memcpy(part, &k0, sizeof(part));
    for (int width = WIDE / 2; width > 0; width /= 2) {
        for (int i = 0; i < width; i++) {
            part[i] = VALUE(part[i], part[i + width]);
        }
    }
    *kept = part[0];
    return 1;
}

static int NAME(masked_half)(const SOURCE *x, const uint8_t *bits, intptr_t n, TYPE start, TYPE *kept)
{
    if (n <= BLOCK) {
        return NAME(masked_block)(x, bits, n, start, kept);
    }
    const intptr_t half = (n / 2 + BLOCK - 1) / BLOCK * BLOCK;
    TYPE left, right;
    if (!NAME(masked_half)(x, bits, half, start, &left) ||
        !NAME(masked_half)(x + half, bits + half / 8, n - half, start, &right)) {
        return 0;
    }
    *kept = VALUE(left, right);
    return 1;
}

static int NAME(masked)(const char *x, const uint8_t *bits, intptr_t n, char *kept)
{
    TYPE *into = (TYPE *)(void *)kept, folded;
    if (!NAME(masked_half)((const SOURCE *)(const void *)x, bits, n, START(*into), &folded)) {
        return 0;
    }
    *into = VALUE(*into, folded);
    return 1;
}

#undef NAME
#undef VECTOR
#undef MASK
#undef WORD
#undef SOURCE
