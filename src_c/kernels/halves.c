/* Conversions of the halves, and the adaptor through float32.
 *
 * A block at a time goes through buffers that stay in the first-level cache; the loops of the
 * conversions are branch-free, so that they vectorise.
 */
#include "bits.h"
#include "halves.h"
#if defined(__F16C__)
#include <immintrin.h>
#endif

enum { BLOCK = 512 };

/* ---- one item ---- */

INLINE float from_bfloat16(uint16_t item)
{
    return float32_of((uint32_t)item << 16);
}

INLINE uint16_t to_bfloat16(float x)
{
    const uint32_t bits = bits_of_float32(x);
    const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    const uint32_t nan = (bits >> 16) | 0x40u;
    return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? nan : rounded);
}

/* Scaling by 2^112 moves the exponent and makes subnormals right at once. */
INLINE float from_float16(uint16_t item)
{
    const uint32_t sign = (uint32_t)(item & 0x8000u) << 16;
    const float scaled = float32_of((uint32_t)(item & 0x7fffu) << 13) * float32_of(0x77800000u);
    const uint32_t special = scaled >= 65536.0f ? 0x7f800000u : 0u;
    return float32_of(bits_of_float32(scaled) | special | sign);
}

/* Adding a number whose last place is that of the result rounds to nearest even. */
INLINE uint16_t to_float16(float x)
{
    const uint32_t bits = bits_of_float32(x), size = bits & 0x7fffffffu, sign = (bits >> 16) & 0x8000u;
    const uint32_t normal = (size - 0x38000000u + 0xfffu + ((size >> 13) & 1u)) >> 13;
    const uint32_t subnormal = bits_of_float32(float32_of(size) + 0.5f) - 0x3f000000u;
    const uint32_t nan = 0x7e00u | ((size >> 13) & 0x3ffu);
    uint32_t half = size < 0x38800000u ? subnormal : normal;
    half = size >= 0x47800000u ? 0x7c00u : half;
    half = size > 0x7f800000u ? nan : half;
    return (uint16_t)(half | sign);
}

/* The float32 that rounds to the same bfloat16 or float16 as x does: cut, with the rest as a last odd
 * bit; below float32's normal numbers x is rounded to bfloat16's last place, 2^-133, right here. */
INLINE float cut(double x)
{
    const uint64_t bits = bits_of_float64(x), sign = bits & 0x8000000000000000u, size = bits ^ sign;
    const uint64_t odd = (size & ~(uint64_t)0x1fffffff) | ((size & 0x1fffffff) != 0 ? 0x20000000 : 0);
    const uint64_t tiny = bits_of_float64((float64_of(size) + 0x1p-81) - 0x1p-81);
    return (float)float64_of((size < 0x3810000000000000u ? tiny : odd) | sign);
}

/* ---- many items ---- */

void widen_bfloat16(float *to, const char *from, intptr_t stride, intptr_t n)
{
    if (stride == 2) {
        for (intptr_t i = 0; i < n; i++) {
            to[i] = from_bfloat16(((const uint16_t *)from)[i]);
        }
        return;
    }
    for (intptr_t i = 0; i < n; i++) {
        to[i] = from_bfloat16(*(const uint16_t *)(from + i * stride));
    }
}

void narrow_bfloat16(char *to, intptr_t stride, const float *from, intptr_t n)
{
    if (stride == 2) {
        for (intptr_t i = 0; i < n; i++) {
            ((uint16_t *)to)[i] = to_bfloat16(from[i]);
        }
        return;
    }
    for (intptr_t i = 0; i < n; i++) {
        *(uint16_t *)(to + i * stride) = to_bfloat16(from[i]);
    }
}

#if defined(__F16C__)
#if defined(__AVX512F__)
enum { STEP = 16 };
INLINE void widen_step(float *to, const uint16_t *from)
{
    _mm512_storeu_ps(to, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)from)));
}
INLINE void narrow_step(uint16_t *to, const float *from)
{
    _mm256_storeu_si256((__m256i *)to, _mm512_cvtps_ph(_mm512_loadu_ps(from), _MM_FROUND_TO_NEAREST_INT));
}
#else
enum { STEP = 8 };
INLINE void widen_step(float *to, const uint16_t *from)
{
    _mm256_storeu_ps(to, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)from)));
}
INLINE void narrow_step(uint16_t *to, const float *from)
{
    _mm_storeu_si128((__m128i *)to, _mm256_cvtps_ph(_mm256_loadu_ps(from), _MM_FROUND_TO_NEAREST_INT));
}
#endif
#else
enum { STEP = 16 };
INLINE void widen_step(float *to, const uint16_t *from)
{
    for (int i = 0; i < STEP; i++) {
        to[i] = from_float16(from[i]);
    }
}
INLINE void narrow_step(uint16_t *to, const float *from)
{
    for (int i = 0; i < STEP; i++) {
        to[i] = to_float16(from[i]);
    }
}
#endif

void widen_float16(float *to, const char *from, intptr_t stride, intptr_t n)
{
    intptr_t i = 0;
    for (; stride == 2 && i + STEP <= n; i += STEP) {
        widen_step(to + i, (const uint16_t *)from + i);
    }
    for (; i < n; i++) {
        to[i] = from_float16(*(const uint16_t *)(from + i * stride));
    }
}

void narrow_float16(char *to, intptr_t stride, const float *from, intptr_t n)
{
    intptr_t i = 0;
    for (; stride == 2 && i + STEP <= n; i += STEP) {
        narrow_step((uint16_t *)to + i, from + i);
    }
    for (; i < n; i++) {
        *(uint16_t *)(to + i * stride) = to_float16(from[i]);
    }
}

/* ---- the adaptor ---- */

typedef union buffer {
    float single[BLOCK];
    double full[BLOCK];
} buffer;

static void read_block(buffer *to, int seen, const char *from, intptr_t stride, intptr_t n)
{
    if (seen == HALF_float16) {
        widen_float16(to->single, from, stride, n);
    } else {
        widen_bfloat16(to->single, from, stride, n);
    }
}

static void write_block(char *to, intptr_t stride, int seen, buffer *from, intptr_t n)
{
    float cuts[BLOCK];
    const float *values = from->single;
    if (seen == DOUBLE_float16 || seen == DOUBLE_bfloat16) {
        for (intptr_t i = 0; i < n; i++) {
            cuts[i] = cut(from->full[i]);
        }
        values = cuts;
    }
    if (seen == HALF_float16 || seen == DOUBLE_float16) {
        narrow_float16(to, stride, values, n);
    } else {
        narrow_bfloat16(to, stride, values, n);
    }
}

int through_float32(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const half_plan *plan = state;
    const int noperands = plan->ninputs + plan->noutputs;
    buffer buffers[4];
    char *at[4];
    intptr_t steps[4];
    int failed = 0;
    for (intptr_t start = 0; start < dims[0] && !failed; start += BLOCK) {
        const intptr_t n = dims[0] - start < BLOCK ? dims[0] - start : BLOCK;
        for (int i = 0; i < noperands; i++) {
            const int seen = plan->seen[i];
            char *here = data[i] + start * strides[i];
            const int repeated = i < plan->ninputs && strides[i] == 0;
            at[i] = seen == AS_IS ? here : (char *)&buffers[i];
            steps[i] = seen == AS_IS ? strides[i] : repeated ? 0 : seen <= HALF_bfloat16 ? 4 : 8;
            if (i < plan->ninputs && seen != AS_IS) {
                read_block(&buffers[i], seen, here, strides[i], repeated ? 1 : n);
            }
        }
        failed = plan->loop(ctx, at, &n, steps, NULL);
        for (int i = plan->ninputs; i < noperands && !failed; i++) {
            if (plan->seen[i] != AS_IS) {
                write_block(data[i] + start * strides[i], strides[i], plan->seen[i], &buffers[i], n);
            }
        }
    }
    return failed;
}
