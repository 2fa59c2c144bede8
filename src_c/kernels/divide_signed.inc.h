/* quotient_TYPE and rest_TYPE for a signed TYPE: rounded down, wrapping in WORD; branch-free. */
#define WORK JOIN(work, TYPE)

/* Division by 0 and by -1, whose quotient may not fit, is done as by 1 and put right afterwards. */
INLINE WORK JOIN(quotient, TYPE)(WORK a, WORK b, unsigned *met)
{
    const int zero = b == 0, minus = b == -1;
    const WORK divisor = zero | minus ? 1 : b;
    const WORK cut = JOIN(QUOTIENT, TYPE)(a, divisor), rest = a - cut * divisor;
    const WORK down = cut - ((rest != 0) & ((rest ^ divisor) < 0));
    *met |= (unsigned)zero;
    return zero ? 0 : minus ? (WORK)(0 - (WORD)a) : down;
}

INLINE WORK JOIN(rest, TYPE)(WORK a, WORK b, unsigned *met)
{
    const int zero = b == 0, minus = b == -1;
    const WORK divisor = zero | minus ? 1 : b;
    const WORK cut = JOIN(QUOTIENT, TYPE)(a, divisor), rest = a - cut * divisor;
    *met |= (unsigned)zero;
    return (rest != 0) & ((rest ^ divisor) < 0) ? rest + divisor : rest;
}

#undef WORK
#undef TYPE
#undef WORD
