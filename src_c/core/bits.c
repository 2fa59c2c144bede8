/* Runs of bits, a word at a time: the ends of a run are words of fewer bits.
 *
 * Words are put together from bytes, so that the order of bytes in memory does not matter.
 */
#include "bits.h"
#include <string.h>

static uint64_t bytes_word(const uint8_t *p, int n)
{
    uint64_t word = 0;
    for (int i = 0; i < n; i++) {
        word |= (uint64_t)p[i] << 8 * i;
    }
    return word;
}

static inline uint64_t whole_word(const uint8_t *p)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;
    memcpy(&word, p, sizeof(word));
    return word;
#else
    return bytes_word(p, 8);
#endif
}

static inline void put_whole_word(uint8_t *p, uint64_t word)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(p, &word, sizeof(word));
#else
    for (int i = 0; i < 8; i++) {
        p[i] = (uint8_t)(word >> 8 * i);
    }
#endif
}

static inline uint64_t low_bits(int w)
{
    return w >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << w) - 1;
}

static inline uint64_t word_at(const uint8_t *bits, intptr_t at, int w)
{
    const uint8_t *p = bits + (at >> 3);
    const int shift = (int)(at & 7);
    if (w == 64) {
        const uint64_t low = whole_word(p) >> shift;
        return shift ? low | (uint64_t)p[8] << (64 - shift) : low;
    }
    const int n = (shift + w + 7) >> 3;
    uint64_t word = bytes_word(p, n < 8 ? n : 8) >> shift;
    word |= n > 8 ? (uint64_t)p[8] << (64 - shift) : 0;
    return word & low_bits(w);
}

uint64_t ak_bits_word(const uint8_t *bits, intptr_t at, int w)
{
    return word_at(bits, at, w);
}

/* Writes w bits from bit `at`; a whole word only where `at` is a multiple of 8. */
static inline void put_word(uint8_t *bits, intptr_t at, int w, uint64_t word)
{
    uint8_t *p = bits + (at >> 3);
    if (w == 64) {
        put_whole_word(p, word);
        return;
    }
    for (int shift = (int)(at & 7), left = w; left > 0; p++) {
        const int here = 8 - shift < left ? 8 - shift : left;
        const uint8_t mask = (uint8_t)(low_bits(here) << shift);
        *p = (uint8_t)((*p & ~mask) | ((word << shift) & mask));
        word >>= here;
        left -= here;
        shift = 0;
    }
}

void ak_bits_put(uint8_t *bits, uint64_t word, int w)
{
    put_word(bits, 0, w, word);
}

/* The bits of the next word of a run that is written from `at`: up to a multiple of 8, then whole words. */
static inline int next_width(intptr_t at, intptr_t left)
{
    const intptr_t w = at & 7 ? 8 - (at & 7) : 64;
    return (int)(w < left ? w : left);
}

void ak_bits_fill(uint8_t *bits, intptr_t first, intptr_t n, int value)
{
    for (intptr_t i = 0; i < n;) {
        if ((first + i) % 8 == 0 && n - i >= 8) {
            const intptr_t bytes = (n - i) / 8;
            memset(bits + (first + i) / 8, value ? 0xff : 0, (size_t)bytes);
            i += 8 * bytes;
            continue;
        }
        const int w = next_width(first + i, n - i);
        put_word(bits, first + i, w, value ? ~(uint64_t)0 : 0);
        i += w;
    }
}

/* How many whole bytes two runs have in common that begin with a byte. */
static inline intptr_t whole_bytes(intptr_t to_first, intptr_t first, intptr_t n)
{
    return ((to_first | first) & 7) == 0 ? n / 8 : 0;
}

void ak_bits_copy(uint8_t *to, intptr_t to_first, const uint8_t *from, intptr_t first, intptr_t n)
{
    const intptr_t bytes = whole_bytes(to_first, first, n);
    if (bytes > 0) {
        memmove(to + to_first / 8, from + first / 8, (size_t)bytes);
    }
    for (intptr_t i = 8 * bytes, w; i < n; i += w) {
        w = next_width(to_first + i, n - i);
        put_word(to, to_first + i, (int)w, word_at(from, first + i, (int)w));
    }
}

void ak_bits_and(uint8_t *to, intptr_t to_first, const uint8_t *from, intptr_t first, intptr_t n)
{
    const intptr_t bytes = whole_bytes(to_first, first, n);
    uint8_t *const a = to + to_first / 8;
    const uint8_t *const b = from + first / 8;
    for (intptr_t k = 0; k < bytes; k++) {
        a[k] = (uint8_t)(a[k] & b[k]);
    }
    for (intptr_t i = 8 * bytes, w; i < n; i += w) {
        w = next_width(to_first + i, n - i);
        put_word(to, to_first + i, (int)w,
                 word_at(to, to_first + i, (int)w) & word_at(from, first + i, (int)w));
    }
}

void ak_bits_or(uint8_t *to, intptr_t to_first, const uint8_t *from, intptr_t first, intptr_t n)
{
    const intptr_t bytes = whole_bytes(to_first, first, n);
    uint8_t *const a = to + to_first / 8;
    const uint8_t *const b = from + first / 8;
    for (intptr_t k = 0; k < bytes; k++) {
        a[k] = (uint8_t)(a[k] | b[k]);
    }
    for (intptr_t i = 8 * bytes, w; i < n; i += w) {
        w = next_width(to_first + i, n - i);
        put_word(to, to_first + i, (int)w,
                 word_at(to, to_first + i, (int)w) | word_at(from, first + i, (int)w));
    }
}

/* How many of the bits are set: sums of neighbours, in parallel. */
static inline int ones(uint64_t word)
{
    word -= word >> 1 & 0x5555555555555555u;
    word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
    word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (int)(word * 0x0101010101010101u >> 56);
}

intptr_t ak_bits_count(const uint8_t *bits, intptr_t first, intptr_t n)
{
    intptr_t count = 0, i = 0;
    for (; i + 64 <= n; i += 64) {
        count += ones(word_at(bits, first + i, 64));
    }
    return i < n ? count + ones(word_at(bits, first + i, (int)(n - i))) : count;
}

int ak_bits_extent(const uint8_t *bits, intptr_t first, intptr_t n)
{
    uint64_t any = 0, all = ~(uint64_t)0;
    for (intptr_t i = 0; i < n; i += 64) {
        const int w = n - i < 64 ? (int)(n - i) : 64;
        const uint64_t word = word_at(bits, first + i, w);
        any |= word;
        all &= word | ~low_bits(w);
        if (any != 0 && ~all != 0) {
            return AK_BITS_SOME;
        }
    }
    return ~all == 0 ? AK_BITS_ALL : AK_BITS_NONE;
}

void ak_bits_unpack(const uint8_t *bits, intptr_t first, intptr_t n, char *to)
{
    for (intptr_t i = 0; i < n; i += 64) {
        const int w = n - i < 64 ? (int)(n - i) : 64;
        const uint64_t word = word_at(bits, first + i, w);
        int k = 0;
        for (; k + 8 <= w; k += 8) { /* bit j of a byte stays in copy j, and then becomes 1 */
            const uint64_t apart = (word >> k & 0xff) * 0x0101010101010101u & 0x8040201008040201u;
            put_whole_word((uint8_t *)to + i + k, (apart + 0x7f7f7f7f7f7f7f7fu) >> 7 & 0x0101010101010101u);
        }
        for (; k < w; k++) {
            to[i + k] = (char)(word >> k & 1);
        }
    }
}

void ak_bits_pack(uint8_t *bits, intptr_t first, intptr_t n, const char *from)
{
    for (intptr_t i = 0, w; i < n; i += w) {
        w = next_width(first + i, n - i);
        uint64_t word = 0;
        int k = 0;
        for (; k + 8 <= (int)w; k += 8) { /* nonzero bytes to 1, then gathered by one product */
            uint64_t bytes = whole_word((const uint8_t *)from + i + k);
            bytes =
                (((bytes & 0x7f7f7f7f7f7f7f7fu) + 0x7f7f7f7f7f7f7f7fu) | bytes) >> 7 & 0x0101010101010101u;
            word |= (bytes * 0x0102040810204080u >> 56) << k;
        }
        for (; k < (int)w; k++) {
            word |= (uint64_t)(from[i + k] != 0) << k;
        }
        put_word(bits, first + i, (int)w, word);
    }
}
