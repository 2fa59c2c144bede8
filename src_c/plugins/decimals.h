/* What loops over decimals have in common: what their state says, how elements lie, and exact rounding. */
#ifndef AK_DECIMALS_H
#define AK_DECIMALS_H

#include "../include/arraykit/ak_abi.h"
#include "integer.h"
#include <stdio.h>

typedef struct facts {
    int a_wide, b_wide, out_wide; /* 128 bits, not 64 */
    int up_a, up_b, down;         /* powers of ten: operands are multiplied, the result is divided */
    int digits;                   /* that the result may have */
    int which;                    /* of several operations in a loop */
} facts;

/* Eight bits each, the first lowest; in the state itself. */
static inline facts facts_of(const void *state)
{
    const uint64_t s = (uint64_t)(uintptr_t)state;
    return (facts){s & 1,
                   s >> 1 & 1,
                   s >> 2 & 1,
                   (int)(s >> 8 & 255),
                   (int)(s >> 16 & 255),
                   (int)(s >> 24 & 255),
                   (int)(s >> 32 & 255),
                   (int)(s >> 40 & 255)};
}

static inline wide power_of_ten(int n)
{
    wide power = 1;
    for (; n > 0; n--) {
        power *= 10;
    }
    return power;
}

static inline wide load(const char *p, int is_wide)
{
    int64_t narrow;
    wide x;
    if (is_wide) {
        memcpy(&x, p, 16);
        return x;
    }
    memcpy(&narrow, p, 8);
    return narrow;
}

static inline void store(char *p, int is_wide, wide x)
{
    const int64_t narrow = (int64_t)x;
    memcpy(p, is_wide ? (const void *)&x : (const void *)&narrow, is_wide ? 16 : 8);
}

static inline int refuse(void *ctx, int code, const char *why, int digits)
{
    ak_error *error = ((ak_context *)ctx)->error;
    if (error != NULL) {
        error->code = code;
        snprintf(error->text, sizeof(error->text), why, digits);
    }
    return -1;
}

static inline int too_large(void *ctx, int digits)
{
    return refuse(ctx, AK_OVERFLOW_ERROR, "a result has more than the %d digits of its dtype", digits);
}

/* ---- sums, and sums of products ------------------------------------------------------------------------------------ */

/* A sum in one place, which may leave 128 bits on the way. */
static inline int total(void *ctx, char *const *data, intptr_t n, intptr_t step, facts f)
{
    const wide limit = power_of_ten(f.digits);
    wide sum = load(data[1], f.out_wide);
    intptr_t carries = 0;
    for (intptr_t i = 0; i < n; i++) {
        const wide a = load(data[0] + i * step, f.a_wide);
        carries += __builtin_add_overflow(sum, a, &sum) ? (a < 0 ? -1 : 1) : 0;
    }
    if (carries != 0 || sum >= limit || sum <= -limit) {
        return too_large(ctx, f.digits);
    }
    store(data[1], f.out_wide, sum);
    return 0;
}

/* 320 bits in two's complement: as many products of 38 digits as an array has elements. */
typedef struct long_sum {
    two_limbs low, high;
    int64_t top;
} long_sum;

static inline void add_product(long_sum *sum, wide x, wide y)
{
    const two_limbs u = x < 0 ? 0 - (two_limbs)x : (two_limbs)x, v = y < 0 ? 0 - (two_limbs)y : (two_limbs)y;
    const two_limbs u0 = (uint64_t)u, u1 = u >> 64, v0 = (uint64_t)v, v1 = v >> 64;
    const two_limbs first = u0 * v0, second = u0 * v1, third = u1 * v0;
    const two_limbs middle = (first >> 64) + (uint64_t)second + (uint64_t)third;
    const two_limbs low = (uint64_t)first | middle << 64;
    const two_limbs high = u1 * v1 + (second >> 64) + (third >> 64) + (middle >> 64);
    if ((x < 0) == (y < 0)) {
        sum->low += low;
        const two_limbs carry = sum->low < low, part = high + carry; /* high is below 2^127 */
        sum->high += part;
        sum->top += sum->high < part;
    } else {
        const two_limbs part = high + (sum->low < low);
        sum->low -= low;
        sum->top -= sum->high < part;
        sum->high -= part;
    }
}

/* The sum of n products; 0, or 1 if it leaves 128 bits. */
static inline int long_dot(const char *a, intptr_t step_a, int a_wide, const char *b, intptr_t step_b,
                           int b_wide, intptr_t n, wide *out)
{
    long_sum sum = {0, 0, 0};
    for (intptr_t k = 0; k < n; k++) {
        add_product(&sum, load(a + k * step_a, a_wide), load(b + k * step_b, b_wide));
    }
    *out = (wide)sum.low;
    const two_limbs sign = *out < 0 ? ~(two_limbs)0 : 0;
    return sum.high != sign || sum.top != (int64_t)sign;
}

/* ---- unbounded numbers ------------------------------------------------------------------------------------------- */

static inline int z_of(integer *z, wide x)
{
    const two_limbs size = x < 0 ? 0 - (two_limbs)x : (two_limbs)x;
    z->limb[0] = (uint64_t)size;
    z->limb[1] = (uint64_t)(size >> 64);
    z_trim(z, 2, x < 0);
    return 0;
}

static inline int z_scale(integer *z, int power)
{
    static const uint64_t ten[] = {10};
    integer tens, t;
    z_init(&tens);
    z_init(&t);
    int status =
        z_power(&tens, (view){ten, 1, 0}, (uint64_t)power) | z_multiply(&t, z_view(z), z_view(&tens));
    z_swap(&t, z);
    z_free(&tens);
    z_free(&t);
    return status;
}

/* n / d to the nearest whole number, of two the even one; 1 if it leaves 128 bits. */
static inline int z_rounded(const integer *n, const integer *d, wide *out)
{
    integer q, r, twice;
    view top = z_view(n), below = z_view(d);
    const int negative = top.negative != below.negative;
    top.negative = below.negative = 0;
    z_init(&q);
    z_init(&r);
    z_init(&twice);
    int status = z_divide(&q, &r, top, below) | z_add(&twice, z_view(&r), z_view(&r));
    if (status == 0) {
        const int half = v_compare_size(z_view(&twice), below);
        two_limbs size = q.n ? q.limb[0] | (q.n > 1 ? (two_limbs)q.limb[1] << 64 : 0) : 0;
        status = q.n > 2 || size >= ~(two_limbs)0 >> 1;
        size += half > 0 || (half == 0 && (size & 1));
        *out = negative ? -(wide)size : (wide)size;
    }
    z_free(&q);
    z_free(&r);
    z_free(&twice);
    return status;
}

#endif
