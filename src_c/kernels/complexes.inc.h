/* The arithmetic of one complex type: COMPLEX its name, REAL its parts, OF(f) libm's f for REAL. */
#define FUNCTION(name) JOIN(name, COMPLEX)

INLINE COMPLEX FUNCTION(plus)(COMPLEX a, COMPLEX b)
{
    return (COMPLEX){a.re + b.re, a.im + b.im};
}

INLINE COMPLEX FUNCTION(minus)(COMPLEX a, COMPLEX b)
{
    return (COMPLEX){a.re - b.re, a.im - b.im};
}

INLINE COMPLEX FUNCTION(times)(COMPLEX a, COMPLEX b)
{
    return (COMPLEX){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

INLINE COMPLEX FUNCTION(conjugate_times)(COMPLEX a, COMPLEX b)
{
    return (COMPLEX){a.re * b.re + a.im * b.im, a.re * b.im - a.im * b.re};
}

INLINE COMPLEX FUNCTION(over)(COMPLEX a, COMPLEX b)
{
    const REAL re = OF(fabs)(b.re), im = OF(fabs)(b.im);
    if (re == 0 && im == 0) {
        return (COMPLEX){a.re / re, a.im / re};
    }
    if (re >= im) {
        const REAL ratio = b.im / b.re, scale = 1 / (b.re + b.im * ratio);
        return (COMPLEX){(a.re + a.im * ratio) * scale, (a.im - a.re * ratio) * scale};
    }
    const REAL ratio = b.re / b.im, scale = 1 / (b.im + b.re * ratio);
    return (COMPLEX){(a.re * ratio + a.im) * scale, (a.im * ratio - a.re) * scale};
}

INLINE COMPLEX FUNCTION(minus_of)(COMPLEX a)
{
    return (COMPLEX){-a.re, -a.im};
}

INLINE int FUNCTION(same)(COMPLEX a, COMPLEX b)
{
    return (a.re == b.re) & (a.im == b.im);
}

INLINE int FUNCTION(nonzero)(COMPLEX a)
{
    return (a.re != 0) | (a.im != 0);
}

#undef FUNCTION
#undef COMPLEX
#undef REAL
#undef OF
