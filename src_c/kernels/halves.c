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

/* ---- eight bits ---- */

typedef struct tiny_format {
    int shift;          /* mantissa bits that float32 has more */
    uint32_t bias, top; /* what float32's exponent is larger by; the largest code */
    float scale;        /* 2 to the bias */
    float magic;        /* whose last place is the smallest number */
    uint32_t nan;
} tiny_format;

static const tiny_format tiny_formats[] = {
    [HALF_float8_e4m3] = {20, 120, 0x78, 0x1p120f, 0x1p14f, 0x7c},
    [HALF_float8_e4m3fn] = {20, 120, 0x7f, 0x1p120f, 0x1p14f, 0x7f},
    [HALF_float8_e5m2] = {21, 112, 0x7c, 0x1p112f, 0x1p7f, 0x7e},
};

/* Scaling moves the exponent and makes subnormals right at once. */
INLINE float from_float8(uint8_t item, tiny_format f)
{
    const uint32_t sign = (uint32_t)(item & 0x80u) << 24, code = item & 0x7fu;
    const float scaled = float32_of(code << f.shift) * f.scale;
    const uint32_t special = code > f.top || (f.top == 0x7f && code == 0x7f) ? 0x7fc00000u : 0x7f800000u;
    return float32_of((code >= f.top ? special : bits_of_float32(scaled)) | sign);
}

INLINE uint8_t to_float8(float x, tiny_format f)
{
    const uint32_t bits = bits_of_float32(x), size = bits & 0x7fffffffu, sign = (bits >> 24) & 0x80u;
    const uint32_t half = (1u << (f.shift - 1)) - 1 + ((size >> f.shift) & 1u);
    const uint32_t normal = (size - (f.bias << 23) + half) >> f.shift;
    const uint32_t subnormal = bits_of_float32(float32_of(size) + f.magic) - bits_of_float32(f.magic);
    uint32_t tiny = size < (f.bias + 1) << 23 ? subnormal : normal;
    tiny = tiny > f.top ? f.top : tiny;
    tiny = size > 0x7f800000u ? f.nan : tiny;
    return (uint8_t)(tiny | sign);
}

void widen_float8(float *to, int format, const char *from, intptr_t stride, intptr_t n)
{
    const tiny_format f = tiny_formats[format];
    for (intptr_t i = 0; i < n; i++) {
        to[i] = from_float8(*(const uint8_t *)(from + i * stride), f);
    }
}

void narrow_float8(char *to, intptr_t stride, int format, const float *from, intptr_t n)
{
    const tiny_format f = tiny_formats[format];
    for (intptr_t i = 0; i < n; i++) {
        *(uint8_t *)(to + i * stride) = to_float8(from[i], f);
    }
}

/* ---- four bits, one number a byte: the upper four are zero in what is written, and not read ---- */

/* sign: 8 where the highest of the four bits is the sign, else 0. */
static void widen_nibbles(uint8_t *to, unsigned sign, const char *from, intptr_t stride, intptr_t n)
{
    for (intptr_t i = 0; i < n; i++) {
        const unsigned code = *(const uint8_t *)(from + i * stride) & 15u;
        to[i] = (uint8_t)((code ^ sign) - sign);
    }
}

static void narrow_nibbles(char *to, intptr_t stride, const uint8_t *from, intptr_t n)
{
    for (intptr_t i = 0; i < n; i++) {
        *(uint8_t *)(to + i * stride) = from[i] & 15u;
    }
}

/* ---- the adaptor ---- */

typedef union buffer {
    float single[BLOCK];
    double full[BLOCK];
    int8_t byte[BLOCK];
    uint8_t code[BLOCK];
} buffer;

/* The bytes of a value in the buffer of an operand that is seen so. */
static intptr_t step_of(int seen)
{
    return seen >= BYTE_int4 ? 1 : seen & DOUBLE ? 8 : 4;
}

static void read_block(buffer *to, int seen, const char *from, intptr_t stride, intptr_t n)
{
    switch (seen) {
    case HALF_float16:
        widen_float16(to->single, from, stride, n);
        break;
    case HALF_bfloat16:
        widen_bfloat16(to->single, from, stride, n);
        break;
    case BYTE_int4:
    case BYTE_uint4:
        widen_nibbles(to->code, seen == BYTE_int4 ? 8 : 0, from, stride, n);
        break;
    default:
        widen_float8(to->single, seen, from, stride, n);
    }
}

/* Whether all values are among those of CHECKED_*. */
static int fit_nibbles(const buffer *from, int seen, intptr_t n)
{
    unsigned beyond = 0;
    for (intptr_t i = 0; i < n; i++) {
        beyond |= seen == CHECKED_int4 ? (unsigned)(from->byte[i] + 8) & ~15u : from->code[i] & ~15u;
    }
    return beyond == 0;
}

/* Gives the status that the values have met. */
static unsigned write_block(char *to, intptr_t stride, int seen, buffer *from, intptr_t n)
{
    float cuts[BLOCK];
    const float *values = from->single;
    if (seen >= BYTE_int4) {
        narrow_nibbles(to, stride, from->code, n);
        return seen < CHECKED_int4 || fit_nibbles(from, seen, n) ? 0 : AK_STATUS_INVALID;
    }
    if (seen & DOUBLE) {
        for (intptr_t i = 0; i < n; i++) {
            cuts[i] = cut(from->full[i]);
        }
        values = cuts;
    }
    switch (seen & ~DOUBLE) {
    case HALF_float16:
        narrow_float16(to, stride, values, n);
        break;
    case HALF_bfloat16:
        narrow_bfloat16(to, stride, values, n);
        break;
    default:
        narrow_float8(to, stride, seen & ~DOUBLE, values, n);
    }
    return 0;
}

int through_float32(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const half_plan *plan = state;
    const int noperands = plan->ninputs + plan->noutputs;
    buffer buffers[4];
    char *at[4];
    intptr_t steps[4];
    unsigned met = 0;
    int failed = 0;
    for (intptr_t start = 0; start < dims[0] && !failed; start += BLOCK) {
        const intptr_t n = dims[0] - start < BLOCK ? dims[0] - start : BLOCK;
        for (int i = 0; i < noperands; i++) {
            const int seen = plan->seen[i];
            char *here = data[i] + start * strides[i];
            const int repeated = i < plan->ninputs && strides[i] == 0;
            at[i] = seen == AS_IS ? here : (char *)&buffers[i];
            steps[i] = seen == AS_IS ? strides[i] : repeated ? 0 : step_of(seen);
            if (i < plan->ninputs && seen != AS_IS) {
                read_block(&buffers[i], seen, here, strides[i], repeated ? 1 : n);
            }
        }
        failed = plan->loop(ctx, at, &n, steps, NULL);
        for (int i = plan->ninputs; i < noperands && !failed; i++) {
            if (plan->seen[i] != AS_IS) {
                met |= write_block(data[i] + start * strides[i], strides[i], plan->seen[i], &buffers[i], n);
            }
        }
    }
    report(ctx, met);
    return failed;
}
