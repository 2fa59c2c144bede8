/* Validity as a whole: which elements of an array are there, read and written for all of them at once.
 *
 * Nothing here looks at an element's bytes but to keep those of missing ones out of sight.
 */
#ifndef AK_VALIDITY_H
#define AK_VALIDITY_H

#include "side.h"

static inline int ak_is_nullable(const DTypeObject *d)
{
    return (d->beside & AK_BESIDE_VALID) != 0;
}
/* What the elements are when they are there. */
static inline DTypeObject *ak_stripped(DTypeObject *d)
{
    return ak_is_nullable(d) ? d->content : d;
}

/* The same elements without the question whether they are there: a view of dtype->content; or a itself. */
ArrayObject *ak_content_view(ArrayObject *a);
/* Whether each element is there, as booleans in C order. */
ArrayObject *ak_valid_get(const ArrayObject *a);
/* Writes it: `there` are booleans that broadcast to a's shape. No bits are made while all are there. */
int ak_valid_set(ArrayObject *a, ArrayObject *there);
/* From now on all (or none) of a's elements are there. */
int ak_valid_fill(ArrayObject *a, int there);
/* How many elements are there; -1 with MemoryError. */
intptr_t ak_valid_count(const ArrayObject *a);
/* The first bit of a C-contiguous array's elements. */
static inline intptr_t ak_first_bit(const ArrayObject *a)
{
    return ak_side_of(a)->first + ak_side_index(a, a->data);
}

/* A view of the contents; NULL with `error` that says what works if something is missing. */
ArrayObject *ak_whole(ArrayObject *a, PyObject *error, const char *call);
/* Whether a cast may refuse elements or warn of them, so that it must not see what is not there. */
int ak_cast_complains(const KernelObject *cast);
/* dst[...] = src for dtypes of which one at least may miss; src has a shape that broadcasts, and does not overlap. */
int ak_assign_nullable(ArrayObject *dst, ArrayObject *src, int max_cast);

/* ---- what lies beside moves as the elements do --------------------------------------------------------------- */

/* The same pick of elements from a plane of a's shape. */
typedef ArrayObject *(*ak_picker)(ArrayObject *plane, const void *how);
/* The same write into a plane of a's shape. */
typedef int (*ak_writer)(ArrayObject *plane, ArrayObject *values, const void *how);

/* Gives `made`, picked from a, what lies beside its elements; takes `made` over; NULL passes, and comes on failure. */
ArrayObject *ak_planes_picked(ArrayObject *made, ArrayObject *a, ak_picker pick, const void *how);
/* After `values` (of a's dtype) were written into a: the same for what lies beside. */
int ak_planes_written(ArrayObject *a, ArrayObject *values, ak_writer write, const void *how);

extern PyMethodDef ak_validity_functions[];
extern PyMethodDef ak_nulls_functions[]; /* nulls_handled.c */

#endif
