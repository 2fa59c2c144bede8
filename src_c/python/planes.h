/* Records as arrays: a field as a view, and records whose fields lie in planes, one array a field.
 *
 * The layout is the allocation's, never the dtype's: elements of a root with planes in its side have no bytes of
 * their own, only places, which are the same in every plane.
 */
#ifndef AK_PLANES_H
#define AK_PLANES_H

#include "array.h"
#include "validity.h"

/* The record that a's elements are (those of a missing one are too); NULL if they are none. */
static inline const DTypeObject *ak_record_of(const ArrayObject *a)
{
    const DTypeObject *d = a->dtype->content != NULL ? a->dtype->content : a->dtype;
    return d->beside & AK_BESIDE_PLANES ? d : NULL;
}
/* Whether elements have a packed form, one after the other in memory. */
static inline int ak_can_pack(const DTypeObject *record)
{
    return !(record->beside & AK_BESIDE_LOOSE);
}
/* 1: a's elements lie in planes (which are made if the dtype has no other form); 0: packed; -1: no memory. */
int ak_in_planes(ArrayObject *a);

/* Field k of a's elements: a view that writes through. */
ArrayObject *ak_array_field(ArrayObject *a, Py_ssize_t k);
/* a[name] and a[name] = value. */
PyObject *ak_array_field_named(PyObject *a, PyObject *name);
int ak_array_set_field(PyObject *a, PyObject *name, PyObject *value);

/* A new array of zeros whose fields lie in planes. */
ArrayObject *ak_planes_new(DTypeObject *record, int ndim, const intptr_t *shape);
/* Records whose fields are these arrays, all of that shape; planes view them where that is possible. */
ArrayObject *ak_planes_from(DTypeObject *record, int ndim, const intptr_t *shape, ArrayObject *const *fields);

PyObject *ak_planes_get(ArrayObject *a, const char *element);
int ak_planes_put(ArrayObject *a, PyObject *value, char *element);

/* The same elements in packed form (a new reference; `a` itself if they are); TypeError if they have none. */
ArrayObject *ak_packed(ArrayObject *a);

/* What the movers of arrays do, field by field. */
int ak_planes_assign(ArrayObject *dst, ArrayObject *src, int max_cast);
/* Records in planes whose fields are what `pick` gives of a's. */
ArrayObject *ak_planes_pick(ArrayObject *a, ak_picker pick, const void *how);
/* Has `write` put the fields of `values` into a's. */
int ak_planes_write(ArrayObject *a, ArrayObject *values, ak_writer write, const void *how);

/* Whether these elements are records that lie in planes, or are to be moved into such. */
static inline int ak_moves_planes(ArrayObject *a)
{
    return AK_UNLIKELY(a->dtype->beside & AK_BESIDE_PLANES) && ak_in_planes(a) != 0;
}

/* Whether dst[...] = src goes field by field: to or from planes, or between two dtypes of records. */
static inline int ak_goes_by_fields(ArrayObject *dst, ArrayObject *src)
{
    const unsigned beside = dst->dtype->beside | src->dtype->beside;
    return AK_UNLIKELY(beside & AK_BESIDE_PLANES) && !(beside & AK_BESIDE_VALID) &&
           (ak_moves_planes(dst) || ak_moves_planes(src) ||
            (dst->dtype != src->dtype && ak_record_of(dst) != NULL && ak_record_of(src) != NULL));
}

int ak_init_planes(PyObject *module);
int ak_init_lists(PyObject *module);

#endif
