/* Copies that go past the caches, for results that are too large to stay in them: memory is written without being
 * read before.
 *
 * Nothing here knows what is copied. Where a processor has no such stores there is no such copy.
 */
#include "kernels.h"
#include "types.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/* n is a multiple of 64, and so are both addresses. */
static void stream(char *to, const char *from, intptr_t n)
{
    for (intptr_t i = 0; i < n; i += 64) {
#if defined(__AVX512F__)
        _mm512_stream_si512((void *)(to + i), _mm512_load_si512(from + i));
#elif defined(__AVX__)
        for (int k = 0; k < 64; k += 32) {
            _mm256_stream_si256((void *)(to + i + k), _mm256_load_si256((const void *)(from + i + k)));
        }
#else
        for (int k = 0; k < 64; k += 16) {
            _mm_stream_si128((void *)(to + i + k), _mm_load_si128((const void *)(from + i + k)));
        }
#endif
    }
}

/* What was streamed is seen by all before what is written next. */
static void settle(void)
{
    _mm_sfence();
}

const ak_streaming LEVEL_NAME(ak_streaming) = {stream, settle};
#else
const ak_streaming LEVEL_NAME(ak_streaming) = {0};
#endif
