/* Runs of bits in bytes, the lowest first, as Arrow packs validity: copied, combined, counted, spread into bytes.
 *
 * A run is `n` bits from bit `first`, which may be any. Bits outside a run are never changed, and no byte is read that
 * holds none of it.
 */
#ifndef AK_BITS_H
#define AK_BITS_H

#include <stdint.h>

void ak_bits_fill(uint8_t *bits, intptr_t first, intptr_t n, int value);
void ak_bits_copy(uint8_t *to, intptr_t to_first, const uint8_t *from, intptr_t first, intptr_t n);
/* to &= from, to |= from */
void ak_bits_and(uint8_t *to, intptr_t to_first, const uint8_t *from, intptr_t first, intptr_t n);
void ak_bits_or(uint8_t *to, intptr_t to_first, const uint8_t *from, intptr_t first, intptr_t n);
intptr_t ak_bits_count(const uint8_t *bits, intptr_t first, intptr_t n);
/* Whether none, some or all of them are set; all of none. Looks no farther than it must. */
enum { AK_BITS_NONE, AK_BITS_SOME, AK_BITS_ALL };
int ak_bits_extent(const uint8_t *bits, intptr_t first, intptr_t n);
/* Bytes of 0 and 1 from bits, and bits from bytes that are 0 or not. */
void ak_bits_unpack(const uint8_t *bits, intptr_t first, intptr_t n, char *to);
void ak_bits_pack(uint8_t *bits, intptr_t first, intptr_t n, const char *from);
/* The w <= 64 bits from bit `at`, as the lowest of a word; the others are 0. */
uint64_t ak_bits_word(const uint8_t *bits, intptr_t at, int w);
/* Writes the lowest w <= 64 bits of a word from bit 0 on. */
void ak_bits_put(uint8_t *bits, uint64_t word, int w);

#endif
