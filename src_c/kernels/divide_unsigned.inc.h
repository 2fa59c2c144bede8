/* quotient_TYPE and rest_TYPE for an unsigned TYPE; branch-free. */
#define WORK JOIN(work, TYPE)

INLINE WORK JOIN(quotient, TYPE)(WORK a, WORK b, unsigned *met)
{
    const WORK divisor = b == 0 ? 1 : b;
    const WORK cut = JOIN(QUOTIENT, TYPE)(a, divisor);
    *met |= b == 0;
    return b == 0 ? 0 : cut;
}

INLINE WORK JOIN(rest, TYPE)(WORK a, WORK b, unsigned *met)
{
    const WORK divisor = b == 0 ? 1 : b;
    const WORK cut = JOIN(QUOTIENT, TYPE)(a, divisor);
    *met |= b == 0;
    return b == 0 ? 0 : a - cut * divisor;
}

#undef WORK
#undef TYPE
