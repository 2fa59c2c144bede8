/* One size of elements: WORD is the unsigned integer of that size.
 *
 * to[i] = bit i ? from[i] : *fill, for n a multiple of 8.
 */
#define EIGHT JOIN(eight, WORD)
#if defined(MASKED)
static void JOIN(blend, WORD)(const char *from, const uint8_t *bits, intptr_t n, const char *fill, char *to)
{
    WORD value;
    memcpy(&value, fill, sizeof(value));
    const __m512i values = SPREAD(value);
    for (; n > 0; n -= 8, bits++, from += 8 * sizeof(WORD), to += 8 * sizeof(WORD)) {
        _mm512_storeu_si512(to, MASKED(values, *bits, from));
    }
}
#undef MASKED
#undef SPREAD
#elif defined(__GNUC__)
typedef WORD EIGHT __attribute__((vector_size(8 * sizeof(WORD)), aligned(1), may_alias));

static void JOIN(blend, WORD)(const char *from, const uint8_t *bits, intptr_t n, const char *fill, char *to)
{
    static const EIGHT lanes = {1u << 0, 1u << 1, 1u << 2, 1u << 3, 1u << 4, 1u << 5, 1u << 6, 1u << 7};
    const intptr_t step = sizeof(EIGHT);
    WORD value;
    memcpy(&value, fill, sizeof(value));
    for (; n > 0; n -= 8, bits++, from += step, to += step) {
        const EIGHT here = (EIGHT)(((WORD)*bits & lanes) != 0);
        *(EIGHT *)(void *)to = (*(const EIGHT *)(const void *)from & here) | (value & ~here);
    }
}
#else
static void JOIN(blend, WORD)(const char *from, const uint8_t *bits, intptr_t n, const char *fill, char *to)
{
    blend_any(from, bits, n, fill, to, sizeof(WORD));
}
#endif
#undef EIGHT
#undef WORD
