/* Folds for sums and products of floats: OP_TYPE_fold(x, sx, y, sy, n, result) over n items.
 *
 * REAL is the float that an item is made of, UNITS how many of them (2: complex, folded part by part),
 * FOLD(a, b) what joins two terms, TERM(x, y) the term of an item (y is the second operand's, if it is
 * used at all; with CROSSED the neighbour part of it).  A block is folded in many lanes at once, blocks
 * pairwise: the error stays within that of pairwise summation, and the bits depend on n alone, since
 * operands that are not contiguous are first gathered by GATHER (a function of the item type).
 */
#define NAME(part) JOIN(JOIN(OP, TYPE), part)
#define VECTOR     NAME(vector)

typedef REAL VECTOR __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(REAL)), may_alias));

enum {
    NAME(WIDE) = VECTOR_BYTES / sizeof(REAL),
    NAME(LANES) = 8 * NAME(WIDE),
    NAME(BLOCK) = 16 * NAME(LANES),
};

#ifdef CROSSED
#define OTHER(y, i) y[(i) ^ 1]
INLINE VECTOR NAME(other)(const REAL *y)
{
    VECTOR crossed;
    for (int i = 0; i < NAME(WIDE); i++) {
        crossed[i] = y[i ^ 1];
    }
    return crossed;
}
#define OTHER_VECTOR(y) NAME(other)(y)
#else
#define OTHER(y, i)     y[i]
#define OTHER_VECTOR(y) *(const VECTOR *)(y)
#endif
#define VECTOR_TERM(i) TERM(*(const VECTOR *)(x + (i)), OTHER_VECTOR(y + (i)))

/* Joins the lanes of a vector pairwise into UNITS results. */
INLINE void NAME(join)(VECTOR lanes, REAL *result)
{
    REAL part[NAME(WIDE)];
    memcpy(part, &lanes, sizeof(part));
    for (int width = NAME(WIDE) / 2; width >= UNITS; width /= 2) {
        for (int i = 0; i < width; i++) {
            part[i] = FOLD(part[i], part[i + width]);
        }
    }
    memcpy(result, part, UNITS * sizeof(REAL));
}

/* A few reals: the even and the odd items apart. */
INLINE void NAME(few)(const REAL *x, const REAL *y, intptr_t n, REAL *result)
{
    (void)y;
    for (intptr_t unit = 0; unit < UNITS; unit++) {
        REAL even = TERM(x[unit], OTHER(y, unit));
        if (n > UNITS) {
            REAL odd = TERM(x[unit + UNITS], OTHER(y, unit + UNITS));
            intptr_t i = unit + 2 * UNITS;
            for (; i + UNITS < n; i += 2 * UNITS) {
                even = FOLD(even, TERM(x[i], OTHER(y, i)));
                odd = FOLD(odd, TERM(x[i + UNITS], OTHER(y, i + UNITS)));
            }
            even = i < n ? FOLD(even, TERM(x[i], OTHER(y, i))) : even;
            even = FOLD(even, odd);
        }
        result[unit] = even;
    }
}

/* n >= WIDE reals: eight vectors at a time, then one, then the rest one by one. */
static void NAME(lanes)(const REAL *x, const REAL *y, intptr_t n, REAL *result)
{
    enum { WIDE = NAME(WIDE), LANES = NAME(LANES) };
    const intptr_t rows = n / LANES * LANES, vectors = n / WIDE * WIDE;
    VECTOR sum = VECTOR_TERM(rows < vectors ? rows : 0);
    (void)y;
    for (intptr_t i = rows + WIDE; i < vectors; i += WIDE) {
        sum = FOLD(sum, VECTOR_TERM(i));
    }
    if (rows > 0) {
        VECTOR s[8];
        for (int v = 0; v < 8; v++) {
            s[v] = VECTOR_TERM(v * WIDE);
        }
        for (intptr_t i = LANES; i < rows; i += LANES) {
            for (int v = 0; v < 8; v++) {
                s[v] = FOLD(s[v], VECTOR_TERM(i + v * WIDE));
            }
        }
        s[0] = FOLD(FOLD(FOLD(s[0], s[1]), FOLD(s[2], s[3])), FOLD(FOLD(s[4], s[5]), FOLD(s[6], s[7])));
        sum = rows < vectors ? (VECTOR)FOLD(s[0], sum) : s[0];
    }
    NAME(join)(sum, result);
    if (vectors < n) {
        REAL rest[UNITS];
        NAME(few)(x + vectors, y + vectors, n - vectors, rest);
        for (int unit = 0; unit < UNITS; unit++) {
            result[unit] = FOLD(result[unit], rest[unit]);
        }
    }
}

/* 1 <= n <= BLOCK contiguous reals. */
INLINE void NAME(block)(const REAL *x, const REAL *y, intptr_t n, REAL *result)
{
    (void)y;
    if (n >= 2 * NAME(WIDE)) {
        NAME(lanes)(x, y, n, result);
    } else {
        NAME(few)(x, y, n, result);
    }
}

#ifdef GATHER
#define IS_READY(stride)              0
#define GATHERED(to, from, stride, n) GATHER(to, from, stride, n)
#else
#define IS_READY(stride)              ((stride) == sizeof(TYPE))
static __attribute__((noinline)) void NAME(gather)(REAL *to, const char *from, intptr_t stride, intptr_t n)
{
    for (intptr_t i = 0; i < n; i++) {
        for (int unit = 0; unit < UNITS; unit++) {
            to[i * UNITS + unit] = ((const REAL *)(from + i * stride))[unit];
        }
    }
}
#define GATHERED(to, from, stride, n) NAME(gather)(to, from, stride, n)
#endif

/* 1 <= n <= BLOCK / UNITS items of any strides. */
static __attribute__((noinline)) void NAME(gathered)(const char *x, intptr_t sx, const char *y, intptr_t sy,
                                                     intptr_t n, REAL *result)
{
    REAL a[NAME(BLOCK)], b[NAME(BLOCK)];
    GATHERED(a, x, sx, n);
    if (y != NULL) {
        GATHERED(b, y, sy, n);
    }
    NAME(block)(a, b, n * UNITS, result);
}

/* n >= 1 items of any strides; y is NULL if TERM does not use it. */
static void NAME(fold)(const char *x, intptr_t sx, const char *y, intptr_t sy, intptr_t n, REAL *result)
{
    const intptr_t block = NAME(BLOCK) / UNITS;
    if (n > block) {
        const intptr_t half = (n / 2 + block - 1) / block * block;
        REAL right[UNITS];
        NAME(fold)(x, sx, y, sy, half, result);
        NAME(fold)(x + half * sx, sx, y == NULL ? y : y + half * sy, sy, n - half, right);
        for (int unit = 0; unit < UNITS; unit++) {
            result[unit] = FOLD(result[unit], right[unit]);
        }
    } else if (IS_READY(sx) && (y == NULL || IS_READY(sy))) {
        NAME(block)((const REAL *)x, (const REAL *)y, n * UNITS, result);
    } else {
        NAME(gathered)(x, sx, y, sy, n, result);
    }
}

#undef NAME
#undef VECTOR
#undef OTHER
#undef OTHER_VECTOR
#undef VECTOR_TERM
#undef IS_READY
#undef GATHERED
#undef OP
#undef TYPE
#undef REAL
#undef UNITS
#undef FOLD
#undef TERM
#undef CROSSED
#undef GATHER
