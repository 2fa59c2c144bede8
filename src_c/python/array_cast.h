/* One cast kernel over the elements of two arrays, and what is said of an element that it refuses.
 *
 * Which kernel that is, and what may be written half, is decided by whoever calls.
 */
#ifndef AK_ARRAY_CAST_H
#define AK_ARRAY_CAST_H

#include "validity.h"

/* Elements at `data` with `strides` over the target's shape; `ndim` of its last dimensions are their own. */
typedef struct ak_source {
    DTypeObject *dtype;
    char *data;
    const intptr_t *strides;
    int ndim;
} ak_source;

/* The call of one loop that turns the elements of `src` into those of dst; lacks the loop. */
ak_call ak_call_between(ArrayObject *dst, const ak_source *src);
/* dst[...] = src by the kernel. Unless max_cast is AK_CAST_UNSAFE a value that does not fit is an error; then dst may
 * be half written. */
int ak_cast_run(ArrayObject *dst, const ak_source *src, KernelObject *cast, int max_cast);
/* The same for a dst of few bytes in one piece, which is written when all is cast. */
enum { AK_CAST_LITTLE = 512 };
int ak_cast_is_little(const ArrayObject *dst);
int ak_cast_little(ArrayObject *dst, const ak_source *src, KernelObject *cast, int max_cast);
/* After a cast from `a` failed: has the exception that is set tell the first element that is refused, of those that
 * are `there` (NULL: all). Always -1. */
int ak_cast_tell(ArrayObject *a, DTypeObject *wanted, KernelObject *cast, ArrayObject *there);
/* Says of the exception that is set where it came about; always -1. */
int ak_note_field(PyObject *name);

#endif
