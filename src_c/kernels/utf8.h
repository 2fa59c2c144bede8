/* UTF-8: validity, the number of code points, and where they begin.
 *
 * Bytes are taken eight at a time while they are ASCII.
 */
#ifndef AK_UTF8_H
#define AK_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t ak_word_at(const char *p)
{
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

static const uint64_t AK_HIGH_BITS = 0x8080808080808080u;

static inline int ak_is_ascii(const char *p, size_t n)
{
    uint64_t bits = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        bits |= ak_word_at(p + i);
    }
    for (; i < n; i++) {
        bits |= (uint64_t)(unsigned char)p[i];
    }
    return (bits & AK_HIGH_BITS) == 0;
}

static inline int ak_utf8_continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* The bytes of the code point that begins with this byte. */
static inline int ak_utf8_width(char c)
{
    const unsigned char lead = (unsigned char)c;
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Source: The Unicode Standard, table 3-7: well-formed UTF-8 byte sequences. */
static inline int ak_utf8_is_valid(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n) {
        if (i + 8 <= n && (ak_word_at(p + i) & AK_HIGH_BITS) == 0) {
            i += 8;
            continue;
        }
        const unsigned char lead = (unsigned char)p[i];
        if (lead < 0x80) {
            i++;
            continue;
        }
        const size_t width = (size_t)ak_utf8_width((char)lead);
        if (lead < 0xc2 || lead > 0xf4 || width > n - i) {
            return 0;
        }
        const unsigned char next = (unsigned char)p[i + 1];
        const unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        const unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (next < low || next > high) {
            return 0;
        }
        for (size_t k = 2; k < width; k++) {
            if (!ak_utf8_continues(p[i + k])) {
                return 0;
            }
        }
        i += width;
    }
    return 1;
}

/* How many code points there are. */
static inline size_t ak_utf8_length(const char *p, size_t n)
{
    size_t count = n, i = 0;
    for (; i + 8 <= n; i += 8) { /* bytes 10xxxxxx: the high bit, and not the next */
        const uint64_t word = ak_word_at(p + i), more = word & ~(word << 1) & AK_HIGH_BITS;
        count -= (size_t)__builtin_popcountll(more);
    }
    for (; i < n; i++) {
        count -= (size_t)ak_utf8_continues(p[i]);
    }
    return count;
}

/* The byte at which code point k begins; n if there are fewer. */
static inline size_t ak_utf8_place(const char *p, size_t n, size_t k)
{
    size_t i = 0;
    while (k > 0 && i + 8 <= n) {
        const uint64_t word = ak_word_at(p + i), more = word & ~(word << 1) & AK_HIGH_BITS;
        const size_t begun = 8 - (size_t)__builtin_popcountll(more);
        if (begun > k) {
            break;
        }
        k -= begun;
        i += 8;
    }
    while (i < n && ak_utf8_continues(p[i])) {
        i++;
    }
    for (; k > 0 && i < n; k--) {
        i++;
        while (i < n && ak_utf8_continues(p[i])) {
            i++;
        }
    }
    return i;
}

#endif
