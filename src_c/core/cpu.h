/* Which CPU level the kernels are taken from: decided once, at import. */
#ifndef AK_CPU_H
#define AK_CPU_H

#include "../include/arraykit/ak_abi.h"

/* The name of the best level that this CPU runs, capped by `wanted` ("v2", "v3", "v4", or NULL).
 * NULL if `wanted` is no level that was built. "base" on other architectures. */
const char *ak_cpu_level(const char *wanted);

#endif
