/* bigint as bits: shifts, and the bitwise operations on numbers in two's complement that never ends. */
#include "big.h"

int ak_shift_left(const big *a, const big *b, big *out, place at)
{
    uint64_t one;
    integer z;
    if (b->size != 0 || b->value < 0 || IS_TOO_LONG((double)b->value)) {
        return big_sign(b) < 0 ? refuse(at, AK_VALUE_ERROR, "a shift by a negative number of bits")
                               : refuse(at, AK_OVERFLOW_ERROR, "the shift is longer than there is memory");
    }
    z_init(&z);
    return keep_and_free(out, &z, z_shift_up(&z, look(a, &one), (uint64_t)b->value), at);
}

int ak_shift_right(const big *a, const big *b, big *out, place at)
{
    uint64_t one;
    integer z;
    if (big_sign(b) < 0) {
        return refuse(at, AK_VALUE_ERROR, "a shift by a negative number of bits");
    }
    z_init(&z);
    const uint64_t bits = b->size != 0 ? UINT64_MAX : (uint64_t)b->value;
    return keep_and_free(out, &z, z_shift_down(&z, look(a, &one), bits), at);
}

/* Limb i of the number in two's complement, which never ends. */
static uint64_t complement_limb(view a, intptr_t i, uint64_t *borrow)
{
    const uint64_t limb = i < a.n ? a.limb[i] : 0;
    if (!a.negative) {
        return limb;
    }
    const uint64_t less = limb - *borrow;
    *borrow = limb < *borrow;
    return ~less;
}

static int bitwise(const big *a, const big *b, big *out, place at, char which)
{
    uint64_t one, other, borrow = 1, borrow_too = 1;
    const view x = look(a, &one), y = look(b, &other);
    const intptr_t n = (x.n > y.n ? x.n : y.n) + 1;
    integer z;
    z_init(&z);
    if (z_room(&z, n) < 0) {
        return no_memory(at);
    }
    for (intptr_t i = 0; i < n; i++) {
        const uint64_t p = complement_limb(x, i, &borrow), q = complement_limb(y, i, &borrow_too);
        z.limb[i] = which == '&' ? p & q : which == '|' ? p | q : p ^ q;
    }
    const int negative = z.limb[n - 1] >> 63 != 0;
    uint64_t carry = 1;
    for (intptr_t i = 0; negative && i < n; i++) {
        z.limb[i] = ~z.limb[i] + carry;
        carry = carry && z.limb[i] == 0;
    }
    z_trim(&z, n, negative);
    return keep_and_free(out, &z, 0, at);
}

#define BITWISE(name, which)                                                                                 \
    int name(const big *a, const big *b, big *out, place at)                                          \
    {                                                                                                        \
        return bitwise(a, b, out, at, which);                                                                \
    }
BITWISE(ak_bit_and, '&')
BITWISE(ak_bit_or, '|')
BITWISE(ak_bit_xor, '^')
