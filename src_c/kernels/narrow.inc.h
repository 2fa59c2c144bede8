/* The loop `OP_TYPE`: r[i] = a[i] for integers a of dtype TYPE and r of dtype RESULT; reports AK_STATUS_INVALID if one wraps.
 *
 * What all elements have in common is told by or-ing them, in their own width: elements fit if no bit above those that
 * the target keeps is set, of the element itself or, between signed integers, of the element counted from the least.
 */
#define LOOP      JOIN(OP, TYPE)
#define BODY      JOIN(LOOP, body)
#define WORD      JOIN(word, TYPE)
#define IS_SIGNED(t) ((t) - 1 < (t)1)
#define BITS(t)   (8 * (int)sizeof(t))
#define BOTH      (IS_SIGNED(TYPE) && IS_SIGNED(RESULT))
#define DIGITS    (BITS(RESULT) - (IS_SIGNED(RESULT) && !BOTH))
#define OWN       (BITS(TYPE) - (IS_SIGNED(TYPE) && !BOTH))
#define KEPT      (DIGITS < OWN ? DIGITS : OWN)
#define ABOVE     (KEPT < BITS(TYPE) ? (WORD)(~(uint64_t)0 << (KEPT & 63)) : 0)
#define LEAST     (BOTH && KEPT < BITS(TYPE) ? (WORD)((uint64_t)1 << (BITS(RESULT) - 1)) : 0)

INLINE WORD BODY(const char *a, intptr_t sa, char *r, intptr_t sr, intptr_t n)
{
    WORD set = 0;
    INDEPENDENT
    for (intptr_t i = 0; i < n; i++) {
        const TYPE x = *(const TYPE *)(a + i * sa);
        set |= (WORD)((WORD)x + LEAST);
        *(RESULT *)(r + i * sr) = (RESULT)x;
    }
    return set & ABOVE;
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const int together = strides[0] == sizeof(TYPE) && strides[1] == sizeof(RESULT);
    (void)state;
    const WORD beyond = together ? BODY(data[0], sizeof(TYPE), data[1], sizeof(RESULT), dims[0])
                                 : BODY(data[0], strides[0], data[1], strides[1], dims[0]);
    report(ctx, beyond ? AK_STATUS_INVALID : 0);
    return 0;
}

#undef LOOP
#undef BODY
#undef WORD
#undef IS_SIGNED
#undef BITS
#undef BOTH
#undef DIGITS
#undef OWN
#undef KEPT
#undef ABOVE
#undef LEAST
