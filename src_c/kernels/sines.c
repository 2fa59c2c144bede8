/* sin and cos of floats, vectorised where the CPU has a fused multiply-add; NaN and infinities give NaN.
 *
 * Arguments are reduced by a multiple of pi/2 in parts and put into the polynomials of fdlibm (Sun
 * Microsystems, 1993; FreeBSD's for float32, in double precision).  Arguments too large for the parts go
 * to libm one by one, and so does everything without a fused multiply-add.
 */
#include <math.h>
#include "bits.h"
#include "halves.h"

/* From 2^30 on, infinity and NaN included; asked of the bits, as wide as the numbers beside them. */
#define IS_HARD_float32(x) ((bits_of_float32(x) & 0x7fffffff) >= 0x4e800000)
#define IS_HARD_float64(x) ((bits_of_float64(x) & 0x7fffffffffffffff) >= 0x41d0000000000000)
#define IS_HARD(x)         JOIN(IS_HARD, TYPE)(x)

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
#define HAVE_FMA 1
#else
#define HAVE_FMA 0
#endif
#define FMA(a, b, c) __builtin_fma(a, b, c)
#define TWO_OVER_PI  0x1.45f306dc9c883p-1
#define HALF_PI_1    0x1.921fb54442d18p+0
#define HALF_PI_2    0x1.1a62633145c07p-54
#define HALF_PI_3    -0x1.f1976b7ed8fbcp-110

/* x is nearest to `turns` quarter turns (the low bits are their number), from which `rest` - `excess` is
 * left. */
typedef struct reduced {
    uint64_t turns;
    double rest, excess;
} reduced;

/* Adding 1.5 * 2^52 leaves the rounded number of quarter turns in the low bits.  `first` is exact, since it
 * is a multiple of 2^-53 below 1; where it is smaller than `second` (once in 2^24) half a unit is lost. */
INLINE reduced reduce_float64(double x)
{
    const double shifted = FMA(x, TWO_OVER_PI, 0x1.8p52), turns = shifted - 0x1.8p52;
    const double first = FMA(turns, -HALF_PI_1, x), second = turns * HALF_PI_2;
    const double lost = FMA(turns, HALF_PI_2, -second), rest = first - second;
    const double excess = FMA(turns, HALF_PI_3, lost) - ((first - rest) - second);
    return (reduced){bits_of_float64(shifted), rest, excess};
}

/* sin(x - excess) for x within pi/4; `one` is 1 - x*x/2.  The difference at the end keeps the sign of zero.
 */
INLINE double sine_float64(double x, double excess, double z, double one)
{
    double p = FMA(z, -1.58969099521155010221e-10, 2.50507602534068634195e-08);
    p = FMA(z, p, -2.75573137070700676789e-06);
    p = FMA(z, p, 1.98412698298579493134e-04);
    p = FMA(z, p, -8.33333333332248946124e-03);
    p = FMA(z, p, 1.66666666666666324348e-01);
    return x - FMA(z * x, p, excess * one);
}

/* cos(x - excess) for x within pi/4; `one` is 1 - x*x/2, whose rounding error is put right. */
INLINE double cosine_float64(double x, double excess, double z, double one)
{
    double p = FMA(z, -1.13596475577881948265e-11, 2.08757232129817482790e-09);
    p = FMA(z, p, -2.75573143513906633035e-07);
    p = FMA(z, p, 2.48015872894767294178e-05);
    p = FMA(z, p, -1.38888888888741095749e-03);
    p = FMA(z, p, 4.16666666666666019037e-02);
    return one + FMA(z * z, p, FMA(x, excess, FMA(z, -0.5, 1.0 - one)));
}

/* sin of `quarter` quarter turns more than x. */
INLINE double fast_float64(double x, uint64_t quarter)
{
    const reduced r = reduce_float64(x);
    const uint64_t turns = r.turns + quarter;
    const double z = r.rest * r.rest, one = FMA(z, -0.5, 1.0);
    const double sine = sine_float64(r.rest, r.excess, z, one);
    const double cosine = cosine_float64(r.rest, r.excess, z, one);
    const double size = (turns & 1) != 0 ? cosine : sine;
    return float64_of(bits_of_float64(size) ^ (turns & 2) << 62);
}

/* The same for float32, without a tail and with shorter polynomials. */
INLINE float fast_float32(float x, uint64_t quarter)
{
    const double shifted = FMA(x, TWO_OVER_PI, 0x1.8p52), count = shifted - 0x1.8p52;
    const uint64_t turns = bits_of_float64(shifted) + quarter;
    const double r = FMA(count, -HALF_PI_1, (double)x) - count * HALF_PI_2, z = r * r;
    double s = FMA(z, -0x16cd878c3b46a7.0p-71, 0x1a00f9e2cae774.0p-65);
    double c = FMA(z, 0x199342e0ee5069.0p-68, -0x16c087e80f1e27.0p-62);
    s = FMA(z, FMA(z, s, -0x111110896efbb2.0p-59), 0x15555554cbac77.0p-55);
    c = FMA(z, FMA(z, c, 0x155553e1053a42.0p-57), -0x1ffffffd0c5e81.0p-54);
    const double sine = r * FMA(z, -s, 1.0), cosine = FMA(z, c, 1.0);
    const double size = (turns & 1) != 0 ? cosine : sine;
    return (float)float64_of(bits_of_float64(size) ^ (turns & 2) << 62);
}

#define OP       sin
#define SHAPE    "approximate.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(x) JOIN(fast, TYPE)(x, 0)
#define SLOW(x)  (TYPE) sin(x)
#include "over.inc.h"
#undef SLOW
#define OP       cos
#define SHAPE    "approximate.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(x) JOIN(fast, TYPE)(x, 1)
#define SLOW(x)  (TYPE) cos(x)
#include "over.inc.h"
#undef SLOW

#define SAME(op, type, loop) ROW(#op, #type " -> " #type, op##_##loop, 0)
#define HALF(op, type, loop) HALF_ROW(#op, #type " -> " #type, op##_##loop, 1, 1, {HALF_##type, HALF_##type})

FAMILY(sines) = {FLOATS(SAME, sin) HALVES(HALF, sin) FLOATS(SAME, cos) HALVES(HALF, cos) NULL};
