/* Unbounded integers: sign and magnitude in limbs of 64 bits, the lowest first, without leading zeros.
 *
 * Results go to an `integer`, which owns its limbs; operands are only looked at.  Functions give 0, or -1 if there
 * is no memory.
 */
#ifndef AK_INTEGER_H
#define AK_INTEGER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 two_limbs;
__extension__ typedef __int128 wide;

/* A number that somebody else holds. */
typedef struct view {
    const uint64_t *limb;
    intptr_t n;
    int negative;
} view;

enum { FIXED_LIMBS = 12 };
typedef struct integer {
    uint64_t *limb;
    intptr_t n, room;
    int negative;
    uint64_t fixed[FIXED_LIMBS];
} integer;

static inline void z_init(integer *z)
{
    z->limb = z->fixed;
    z->n = 0;
    z->room = FIXED_LIMBS;
    z->negative = 0;
}

static inline void z_free(integer *z)
{
    if (z->limb != z->fixed) {
        free(z->limb);
    }
}

static inline view z_view(const integer *z)
{
    return (view){z->limb, z->n, z->negative};
}

/* Room for n limbs; what is there is lost. */
static inline int z_room(integer *z, intptr_t n)
{
    if (n <= z->room) {
        return 0;
    }
    uint64_t *more = (size_t)n <= SIZE_MAX / 16 ? malloc((size_t)n * sizeof(uint64_t)) : NULL;
    if (more == NULL) {
        return -1;
    }
    z_free(z);
    z->limb = more;
    z->room = n;
    return 0;
}

static inline void z_trim(integer *z, intptr_t n, int negative)
{
    while (n > 0 && z->limb[n - 1] == 0) {
        n--;
    }
    z->n = n;
    z->negative = negative && n > 0;
}

static inline int z_copy(integer *z, view a)
{
    if (z_room(z, a.n) < 0) {
        return -1;
    }
    memcpy(z->limb, a.limb, (size_t)a.n * sizeof(uint64_t));
    z_trim(z, a.n, a.negative);
    return 0;
}

static inline void z_swap(integer *a, integer *b)
{
    const integer kept = *a;
    const int a_fixed = a->limb == a->fixed, b_fixed = b->limb == b->fixed;
    *a = *b;
    *b = kept;
    a->limb = b_fixed ? a->fixed : a->limb;
    b->limb = a_fixed ? b->fixed : b->limb;
}

static inline int v_compare_size(view a, view b)
{
    if (a.n != b.n) {
        return a.n < b.n ? -1 : 1;
    }
    for (intptr_t i = a.n; i-- > 0;) {
        if (a.limb[i] != b.limb[i]) {
            return a.limb[i] < b.limb[i] ? -1 : 1;
        }
    }
    return 0;
}

static inline int v_compare(view a, view b)
{
    if (a.negative != b.negative) {
        return a.negative ? -1 : 1;
    }
    return a.negative ? v_compare_size(b, a) : v_compare_size(a, b);
}

/* r = |a| + |b|; r may be an operand's memory. */
static inline uint64_t add_limbs(uint64_t *r, view a, view b)
{
    uint64_t carry = 0;
    for (intptr_t i = 0; i < a.n; i++) {
        const two_limbs sum = (two_limbs)a.limb[i] + (i < b.n ? b.limb[i] : 0) + carry;
        r[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    return carry;
}

static inline void subtract_limbs(uint64_t *r, view a, view b)
{
    uint64_t borrow = 0;
    for (intptr_t i = 0; i < a.n; i++) {
        const two_limbs rest = (two_limbs)a.limb[i] - (i < b.n ? b.limb[i] : 0) - borrow;
        r[i] = (uint64_t)rest;
        borrow = (uint64_t)(rest >> 64) & 1;
    }
}

static inline int z_add(integer *r, view a, view b)
{
    if (v_compare_size(a, b) < 0) {
        const view kept = a;
        a = b;
        b = kept;
    }
    if (z_room(r, a.n + 1) < 0) {
        return -1;
    }
    if (a.negative == b.negative) {
        r->limb[a.n] = add_limbs(r->limb, a, b);
        z_trim(r, a.n + 1, a.negative);
    } else {
        subtract_limbs(r->limb, a, b);
        z_trim(r, a.n, a.negative);
    }
    return 0;
}

static inline view v_negated(view a)
{
    return (view){a.limb, a.n, !a.negative && a.n > 0};
}

static inline int z_subtract(integer *r, view a, view b)
{
    return z_add(r, a, v_negated(b));
}

static inline int z_multiply(integer *r, view a, view b)
{
    if (z_room(r, a.n + b.n) < 0) {
        return -1;
    }
    memset(r->limb, 0, (size_t)(a.n + b.n) * sizeof(uint64_t));
    for (intptr_t i = 0; i < a.n; i++) {
        uint64_t carry = 0;
        for (intptr_t j = 0; j < b.n; j++) {
            const two_limbs t = (two_limbs)a.limb[i] * b.limb[j] + r->limb[i + j] + carry;
            r->limb[i + j] = (uint64_t)t;
            carry = (uint64_t)(t >> 64);
        }
        r->limb[i + b.n] = carry;
    }
    z_trim(r, a.n + b.n, a.negative != b.negative);
    return 0;
}

/* a * 2^bits. */
static inline int z_shift_up(integer *r, view a, uint64_t bits)
{
    const intptr_t whole = (intptr_t)(bits / 64), part = (intptr_t)(bits % 64);
    if (z_room(r, a.n + whole + 1) < 0) {
        return -1;
    }
    memset(r->limb, 0, (size_t)whole * sizeof(uint64_t));
    uint64_t carry = 0;
    for (intptr_t i = 0; i < a.n; i++) {
        r->limb[whole + i] = a.limb[i] << part | carry;
        carry = part ? a.limb[i] >> (64 - part) : 0;
    }
    r->limb[whole + a.n] = carry;
    z_trim(r, a.n + whole + 1, a.negative);
    return 0;
}

/* a / 2^bits towards minus infinity. */
static inline int z_shift_down(integer *r, view a, uint64_t bits)
{
    const uint64_t whole = bits / 64;
    const int part = (int)(bits % 64);
    if (whole >= (uint64_t)a.n) {
        if (z_room(r, 1) < 0) {
            return -1;
        }
        r->limb[0] = 1;
        z_trim(r, a.negative, a.negative);
        return 0;
    }
    const intptr_t n = a.n - (intptr_t)whole;
    if (z_room(r, n + 1) < 0) {
        return -1;
    }
    uint64_t lost = part ? a.limb[whole] << (64 - part) : 0;
    for (uint64_t i = 0; i < whole; i++) {
        lost |= a.limb[i];
    }
    for (intptr_t i = 0; i < n; i++) {
        const uint64_t above = i + 1 < n ? a.limb[(intptr_t)whole + i + 1] : 0;
        r->limb[i] = a.limb[(intptr_t)whole + i] >> part | (part ? above << (64 - part) : 0);
    }
    r->limb[n] = 0;
    for (intptr_t i = 0; a.negative && lost && i <= n && ++r->limb[i] == 0; i++) {
    }
    z_trim(r, n + 1, a.negative);
    return 0;
}

/* Divides in place by one limb; the rest. */
static inline uint64_t divide_by_limb(uint64_t *limb, intptr_t n, uint64_t by)
{
    uint64_t rest = 0;
    for (intptr_t i = n; i-- > 0;) {
        const two_limbs t = (two_limbs)rest << 64 | limb[i];
        limb[i] = (uint64_t)(t / by);
        rest = (uint64_t)(t % by);
    }
    return rest;
}

/* One digit of the quotient: takes it times b away from u[0 .. b.n]. */
static inline uint64_t divide_step(uint64_t *u, const uint64_t *b, intptr_t n)
{
    const two_limbs top = (two_limbs)u[n] << 64 | u[n - 1];
    two_limbs digit = u[n] >= b[n - 1] ? UINT64_MAX : top / b[n - 1];
    two_limbs rest = top - digit * b[n - 1];
    while (rest >> 64 == 0 && digit * b[n - 2] > (rest << 64 | u[n - 2])) {
        digit--;
        rest += b[n - 1];
    }
    uint64_t carry = 0, borrow = 0;
    for (intptr_t i = 0; i < n; i++) {
        const two_limbs t = digit * b[i] + carry;
        const two_limbs d = (two_limbs)u[i] - (uint64_t)t - borrow;
        u[i] = (uint64_t)d;
        carry = (uint64_t)(t >> 64);
        borrow = (uint64_t)(d >> 64) & 1;
    }
    const two_limbs d = (two_limbs)u[n] - carry - borrow;
    u[n] = (uint64_t)d;
    if ((uint64_t)(d >> 64) & 1) { /* one too much */
        digit--;
        const view whole = {u, n, 0}, back = {b, n, 0};
        u[n] += add_limbs(u, whole, back);
    }
    return (uint64_t)digit;
}

/* |a| = q |b| + r, by Knuth's algorithm D; b is not zero. */
static inline int divide_sizes(integer *q, integer *r, view a, view b)
{
    a.negative = b.negative = 0;
    if (v_compare_size(a, b) < 0) {
        q->n = q->negative = 0;
        return z_copy(r, a);
    }
    if (b.n == 1) {
        if (z_copy(q, a) < 0) {
            return -1;
        }
        r->limb[0] = divide_by_limb(q->limb, q->n, b.limb[0]);
        z_trim(q, q->n, 0);
        z_trim(r, 1, 0);
        return 0;
    }
    integer divisor;
    z_init(&divisor);
    const uint64_t lift = (uint64_t)__builtin_clzll(b.limb[b.n - 1]);
    int status = -1;
    if (z_shift_up(&divisor, b, lift) == 0 && z_room(q, a.n - b.n + 1) == 0 && z_room(r, a.n + 1) == 0 &&
        z_shift_up(r, a, lift) == 0) {
        for (intptr_t i = r->n; i <= a.n; i++) {
            r->limb[i] = 0;
        }
        for (intptr_t i = a.n - b.n; i >= 0; i--) {
            q->limb[i] = divide_step(r->limb + i, divisor.limb, b.n);
        }
        z_trim(q, a.n - b.n + 1, 0);
        z_trim(r, b.n, 0);
        status = z_shift_down(&divisor, z_view(r), lift);
        z_swap(&divisor, r);
    }
    z_free(&divisor);
    return status;
}

/* Floor division: the rest has the sign of b, which is not zero. */
static inline int z_divide(integer *q, integer *r, view a, view b)
{
    static const uint64_t one[] = {1};
    int status = divide_sizes(q, r, a, b);
    q->negative = a.negative != b.negative && q->n > 0;
    r->negative = a.negative && r->n > 0;
    if (status == 0 && r->n > 0 && a.negative != b.negative) {
        integer t;
        z_init(&t);
        status = z_add(&t, z_view(r), b);
        z_swap(&t, r);
        status = status == 0 ? z_add(&t, z_view(q), (view){one, 1, 1}) : -1;
        z_swap(&t, q);
        z_free(&t);
    }
    return status;
}

static inline uint64_t gcd_of_limbs(uint64_t a, uint64_t b)
{
    if (a == 0 || b == 0) {
        return a | b;
    }
    const int twos = __builtin_ctzll(a | b);
    a >>= __builtin_ctzll(a);
    while (b != 0) {
        b >>= __builtin_ctzll(b);
        const uint64_t less = a < b ? a : b;
        b = a < b ? b - a : a - b;
        a = less;
    }
    return a << twos;
}

/* The greatest common divisor of |a| and |b|. */
static inline int z_gcd(integer *r, view a, view b)
{
    integer x, y, q, t;
    integer *const all[] = {&x, &y, &q, &t};
    for (int i = 0; i < 4; i++) {
        z_init(all[i]);
    }
    int status = z_copy(&x, a) < 0 || z_copy(&y, b) < 0 ? -1 : 0;
    x.negative = y.negative = 0;
    while (status == 0 && y.n > 0 && (x.n > 1 || y.n > 1)) {
        status = divide_sizes(&q, &t, z_view(&x), z_view(&y));
        z_swap(&x, &y);
        z_swap(&y, &t);
    }
    if (status == 0 && y.n > 0) {
        x.limb[0] = gcd_of_limbs(x.n > 0 ? x.limb[0] : 0, y.limb[0]);
        x.n = 1;
    }
    z_swap(&x, r);
    for (int i = 0; i < 4; i++) {
        z_free(all[i]);
    }
    return status;
}

static inline int z_power(integer *r, view a, uint64_t exponent)
{
    integer base, t;
    z_init(&base);
    z_init(&t);
    int status = z_copy(&base, a);
    r->limb[0] = 1;
    z_trim(r, 1, 0);
    for (; status == 0 && exponent != 0; exponent >>= 1) {
        if (exponent & 1) {
            status = z_multiply(&t, z_view(r), z_view(&base));
            z_swap(&t, r);
        }
        if (status == 0 && exponent > 1) {
            status = z_multiply(&t, z_view(&base), z_view(&base));
            z_swap(&t, &base);
        }
    }
    z_free(&base);
    z_free(&t);
    return status;
}

/* Binary digits of |a|. */
static inline int64_t v_bits(view a)
{
    return a.n ? 64 * (int64_t)a.n - __builtin_clzll(a.limb[a.n - 1]) : 0;
}

/* n / d to the nearest double, d not zero: infinite where it is too large; -1 if there is no memory.  In quotient.c. */
int ak_ratio_to_double(double *out, view n, view d);

#endif
