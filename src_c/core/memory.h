/* Memory of array elements: 64-byte aligned, huge pages for large blocks, a few freed ones recycled.
 *
 * Blocks come zeroed only on request; the size is remembered by the caller.  Thread safe.
 */
#ifndef AK_MEMORY_H
#define AK_MEMORY_H

#include <stddef.h>

/* n bytes (n may be 0), 64-byte aligned; NULL without memory. The caller owns it: ak_memory_free(p, n). */
void *ak_memory_new(size_t n);
void *ak_memory_new_zeroed(size_t n);
void ak_memory_free(void *p, size_t n);

#endif
