/* Elements with one value in place of those that are missing, as folds want them: from validity bits, without a branch.
 *
 * Eight elements at a time, since a byte of bits says of eight; the compiler makes of it what the level has, down to
 * one masked load. Only sizes of elements are known here.
 */
#include <string.h>
#include "kernels.h"
#include "types.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

static void blend_any(const char *from, const uint8_t *bits, intptr_t n, const char *fill, char *to,
                      size_t size)
{
    for (intptr_t i = 0; i < n; i++, from += size, to += size) {
        memcpy(to, bits[i / 8] >> i % 8 & 1 ? from : fill, size);
    }
}

#define WORD uint8
#include "blend.inc.h"
#define WORD uint16
#include "blend.inc.h"
#define WORD uint32
#include "blend.inc.h"
#if defined(__AVX512F__)
#define MASKED _mm512_mask_loadu_epi64
#define SPREAD(value) _mm512_set1_epi64((long long)(value))
#endif
#define WORD uint64
#include "blend.inc.h"

void LEVEL_NAME(ak_blend)(const char *from, const uint8_t *bits, intptr_t n, intptr_t itemsize,
                          const char *fill, char *to)
{
    const intptr_t eights = n / 8 * 8;
    switch (itemsize) {
    case 1:
        blend_uint8(from, bits, eights, fill, to);
        break;
    case 2:
        blend_uint16(from, bits, eights, fill, to);
        break;
    case 4:
        blend_uint32(from, bits, eights, fill, to);
        break;
    case 8:
        blend_uint64(from, bits, eights, fill, to);
        break;
    default:
        blend_any(from, bits, eights, fill, to, (size_t)itemsize);
    }
    blend_any(from + eights * itemsize, bits + eights / 8, n - eights, fill, to + eights * itemsize,
              (size_t)itemsize);
}
