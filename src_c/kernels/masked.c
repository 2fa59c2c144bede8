/* Folds of elements of which some are missing, told by validity bits in the loop itself; and how many are there.
 *
 * A row says which plain fold it stands for, by operation and signature; what has no row is folded in blocks in which
 * something harmless stands for what is missing.  Nothing here knows what a missing element means.
 */
#include <string.h>
#include "kernels.h"
#include "types.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

intptr_t LEVEL_NAME(ak_count_words)(const uint8_t *bits, intptr_t n)
{
    intptr_t count = 0;
    for (intptr_t i = 0; i < n; i++) {
        uint64_t word;
        memcpy(&word, bits + 8 * i, sizeof(word));
        count += __builtin_popcountll(word);
    }
    return count;
}

/* ---- sums ---- */

#define BLOCK          1024
#define START(kept)    0
#define ABSENT(kept)   (VECTOR){0}
#define STOPS(x, y)    (NAME(masked_stop)){0}
#define LANES(kept, x) (kept) + (x)
#define OP             sum
#define SHAPE          "masked.inc.h"
#define TYPES          IN_FLOATS | IN_uint64
#define VALUE(kept, x) (kept) + (x)
#include "over.inc.h"
/* Halves of the 64 bits become floats by their place in the mantissa; only their sum is rounded. */
#define HIGH_HALF(word) ((VECTOR)((word) >> 32 ^ 0x4530000080000000u) - 0x1.00000801p84)
#define LOW_HALF(word)  ((VECTOR)(((word)&0xffffffffu) | 0x4330000000000000u))
#define CONVERTED(word) HIGH_HALF(word) + LOW_HALF(word)
#if defined(__AVX512DQ__)
#define CONVERTED_PARTLY(absent, here, x)                                                                    \
    (VECTOR)_mm512_mask_cvtepi64_pd((__m512d)(absent), here, _mm512_loadu_si512(x))
#endif
#define FROM           int64
#define OP             sum_int64
#define SHAPE          "masked.inc.h"
#define TYPES          IN_float64
#define VALUE(kept, x) (kept) + (x)
#include "over.inc.h"
#undef FROM
#undef CONVERTED
#undef CONVERTED_PARTLY
#undef BLOCK
#undef START
#undef ABSENT
#undef STOPS
#undef LANES

/* ---- extremes ---- */

/* LANES: of two vectors the items that win, and what was kept where there is no order. */
#if defined(__AVX512F__)
#define max_lanes_float64(kept, x) (VECTOR)_mm512_max_pd((__m512d)(x), (__m512d)(kept))
#define max_lanes_float32(kept, x) (VECTOR)_mm512_max_ps((__m512)(x), (__m512)(kept))
#define max_lanes_int64(kept, x) (VECTOR)_mm512_max_epi64((__m512i)(x), (__m512i)(kept))
#define max_lanes_uint64(kept, x) (VECTOR)_mm512_max_epu64((__m512i)(x), (__m512i)(kept))
#define max_lanes_int32(kept, x) (VECTOR)_mm512_max_epi32((__m512i)(x), (__m512i)(kept))
#define max_lanes_uint32(kept, x) (VECTOR)_mm512_max_epu32((__m512i)(x), (__m512i)(kept))
#define min_lanes_float64(kept, x) (VECTOR)_mm512_min_pd((__m512d)(x), (__m512d)(kept))
#define min_lanes_float32(kept, x) (VECTOR)_mm512_min_ps((__m512)(x), (__m512)(kept))
#define min_lanes_int64(kept, x) (VECTOR)_mm512_min_epi64((__m512i)(x), (__m512i)(kept))
#define min_lanes_uint64(kept, x) (VECTOR)_mm512_min_epu64((__m512i)(x), (__m512i)(kept))
#define min_lanes_int32(kept, x) (VECTOR)_mm512_min_epi32((__m512i)(x), (__m512i)(kept))
#define min_lanes_uint32(kept, x) (VECTOR)_mm512_min_epu32((__m512i)(x), (__m512i)(kept))
#define LANES(kept, x) JOIN(JOIN(OP, lanes), TYPE)(kept, x)
#define UNORDERED(x, y)                                                                                      \
    (sizeof(TYPE) == 8 ? (unsigned)_mm512_cmp_pd_mask((__m512d)(x), (__m512d)(y), _CMP_UNORD_Q)              \
                       : (unsigned)_mm512_cmp_ps_mask((__m512)(x), (__m512)(y), _CMP_UNORD_Q))
#else
#define PICKED(wins, x, kept) (VECTOR)(((MASK)(x) & (wins)) | ((MASK)(kept) & ~(wins)))
#define LANES(kept, x)        PICKED((MASK)(BETTER(x, kept)), x, kept)
#define UNORDERED(x, y)       (MASK)(((x) != (x)) | ((y) != (y)))
#endif
#define BLOCK        INTPTR_MAX
#define START(kept)  (kept)
#define ABSENT(kept) (kept)

#define BETTER(x, kept) ((x) > (kept))
#define STOPS(x, y) UNORDERED(x, y)
#define OP          max
#define SHAPE       "masked.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(kept, x) BETTER(x, kept) ? (x) : (kept)
#include "over.inc.h"
#undef STOPS
#define STOPS(x, y) (NAME(masked_stop)){0}
#define OP          max
#define SHAPE       "masked.inc.h"
#define TYPES       IN_int32 | IN_int64 | IN_uint32 | IN_uint64
#define VALUE(kept, x) BETTER(x, kept) ? (x) : (kept)
#include "over.inc.h"
#undef STOPS
#undef BETTER
#define BETTER(x, kept) ((x) < (kept))
#define STOPS(x, y) UNORDERED(x, y)
#define OP          min
#define SHAPE       "masked.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(kept, x) BETTER(x, kept) ? (x) : (kept)
#include "over.inc.h"
#undef STOPS
#define STOPS(x, y) (NAME(masked_stop)){0}
#define OP          min
#define SHAPE       "masked.inc.h"
#define TYPES       IN_int32 | IN_int64 | IN_uint32 | IN_uint64
#define VALUE(kept, x) BETTER(x, kept) ? (x) : (kept)
#include "over.inc.h"
#undef STOPS
#undef BETTER

/* ---- rows ---- */

#define FOLD(op, type, loop)  {#op, #type " -> " #type, op##_##loop##_masked, NULL},
#define SUM_OF_INTEGERS       {"sum", "float64 -> float64", sum_int64_float64_masked, "int64 -> float64"},
#define WIDE_INTEGERS(X, op)  X(op, int32, int32) X(op, int64, int64) X(op, uint32, uint32) X(op, uint64, uint64)

const ak_masked_fold LEVEL_NAME(ak_masked_folds)[] = {
    FLOATS(FOLD, sum) FOLD(sum, int64, uint64) FOLD(sum, uint64, uint64) SUM_OF_INTEGERS FLOATS(FOLD, max)
        WIDE_INTEGERS(FOLD, max) FLOATS(FOLD, min) WIDE_INTEGERS(FOLD, min){NULL, NULL, NULL, NULL},
};
