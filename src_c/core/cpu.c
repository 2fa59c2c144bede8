/* Which CPU level the kernels are taken from: decided once, at import.
 *
 * Asks the CPU, never the environment; a level counts only if all that the compiler may use of it is there.
 */
#include <string.h>
#include "cpu.h"

#if defined(AK_HAVE_X86_LEVELS)

static int has_v3(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("f16c");
}

static int has_v4(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd");
}

const char *ak_cpu_level(const char *wanted)
{
    static const char *const levels[] = {"v2", "v3", "v4"};
    int best, cap = 2;
    __builtin_cpu_init();
    best = !has_v3() ? 0 : !has_v4() ? 1 : 2;
    if (wanted != NULL) {
        for (cap = 2; cap >= 0 && strcmp(wanted, levels[cap]) != 0; cap--) {
        }
    }
    if (cap < 0) {
        return NULL;
    }
    return levels[cap < best ? cap : best];
}

#else

const char *ak_cpu_level(const char *wanted)
{
    return wanted == NULL || strcmp(wanted, "base") == 0 ? "base" : NULL;
}

#endif
