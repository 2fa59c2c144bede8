/* What the parts of Array share among themselves; nobody else includes it.
 *
 * One file a concern: array.c life and views, array_attributes.c and array_methods.c what Python sees,
 * array_assign.c writing, array_create.c and array_nested.c making, array_subscript.c a[key],
 * array_number.c operators, array_buffer.c and array_dlpack.c other people's memory.
 */
#ifndef AK_ARRAY_H
#define AK_ARRAY_H

#include "ak_python.h"
#include "side.h"
#include <structmember.h>

static inline intptr_t ak_nbytes(const ArrayObject *a)
{
    return a->size * a->dtype->abi.itemsize;
}

/* ---- tables that array.c puts together into the type ------------------------------------------------ */

extern PyGetSetDef ak_array_attributes[]; /* array_attributes.c */
extern PyMethodDef ak_array_methods[];    /* array_methods.c */
extern PyMethodDef ak_array_functions[];  /* array_create.c: empty, zeros, asarray, ... */
extern PyMethodDef ak_array_movers[];     /* array_functions.c: gather, compress, ... */
extern PyMethodDef ak_array_strings[];    /* array_strings.c: text_pack, text_unpack */

PyObject *ak_array_subscript(PyObject *a, PyObject *key);
int ak_array_ass_subscript(PyObject *a, PyObject *key, PyObject *value);
PyObject *ak_array_item(PyObject *a, Py_ssize_t i);
int ak_array_getbuffer(PyObject *a, Py_buffer *view, int flags);
PyObject *ak_array_iter(PyObject *a);
PyObject *ak_array_compare(PyObject *a, PyObject *b, int op);
int ak_array_bool(PyObject *a);
PyObject *ak_array_float(PyObject *a);
PyObject *ak_array_int(PyObject *a);
PyObject *ak_array_index(PyObject *a);
/* Fills in the slots of the operators; `slots` has room for AK_ARRAY_NUMBER_SLOTS. */
enum { AK_ARRAY_NUMBER_SLOTS = 40 };
int ak_array_number_slots(PyType_Slot *slots);

int ak_init_array_iter(PyObject *module);
int ak_init_array_buffer(PyObject *module);
int ak_init_array_dlpack(PyObject *module);

/* ---- helpers ------------------------------------------------------------------------------------------ */

/* A view like ak_array_view, into `a`'s own memory and as writeable as `a`. */
ArrayObject *ak_array_subview(ArrayObject *a, char *data, int ndim, const intptr_t *shape,
                              const intptr_t *strides);
/* The one element of a 0-d array as an item. */
static inline PyObject *ak_array_only(ArrayObject *a)
{
    return ak_array_get(a, a->data);
}
/* 0, or -1 with ValueError: `a` may not be written to. */
int ak_array_check_writeable(ArrayObject *a);
/* Writes one element everywhere in a layout. */
int ak_array_repeat(DTypeObject *dtype, char *element, char *data, int ndim, const intptr_t *shape,
                    const intptr_t *strides);
/* "(2, 3)" for messages; at most n bytes. */
void ak_shape_text(int ndim, const intptr_t *shape, char *text, size_t n);
/* An Array of what exports a buffer; sets *unknown (and no exception) if its format is neither ours nor that of the
 * dtype that is wanted, if any. */
ArrayObject *ak_array_from_buffer(PyObject *o, DTypeObject *wanted, int *unknown);
/* What keeps a buffer's memory alive, for Array.base: the exporter; else the object itself; borrowed. */
PyObject *ak_buffer_exporter(PyObject *base);
/* The dtype of a family ('b' 'i' 'u' 'f' 'c', 'B' for bfloat) and size; borrowed; NULL without an exception. */
DTypeObject *ak_dtype_of_kind(char kind, int size);
PyObject *ak_array_dlpack(PyObject *a, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames);
PyObject *ak_array_dlpack_device(PyObject *a, PyObject *unused);
/* An Array of nested lists and tuples. */
ArrayObject *ak_array_from_nested(PyObject *o, DTypeObject *dtype);
/* array_support.c: the same, but a sequence that may be one element of the dtype (NULL: none is given) is one. */
ArrayObject *ak_array_from_element(PyObject *o, DTypeObject *dtype);
/* The dtype of a leaf object that is no Array: items, Python scalars; new reference; NULL without an
 * exception for anything else. */
DTypeObject *ak_dtype_of_scalar(PyObject *o);

/* a's elements in another shape (-1 in it is completed); copy: -1 if needed, 0 never (ValueError), 1 always. */
ArrayObject *ak_array_reshape(ArrayObject *a, int ndim, intptr_t *shape, int copy);
PyObject *ak_array_reshape_method(PyObject *a, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames);
/* Elements at a tuple of index arrays (default integer dtype, C-contiguous, one shape or one element) over the
 * dimensions first, first + 1, ...; the index shape stands in their place. */
ArrayObject *ak_array_gather(ArrayObject *a, int first, PyObject *indices);
int ak_array_scatter(ArrayObject *a, int first, PyObject *indices, ArrayObject *values);
/* Elements where a mask over the first dimensions holds. */
ArrayObject *ak_array_compress(ArrayObject *a, ArrayObject *mask);
int ak_array_expand(ArrayObject *a, ArrayObject *mask, ArrayObject *values);

/* Calls `visit` for every element, in C order, until one answers what is not 0; that answer. */
int ak_array_visit(const ArrayObject *a, int (*visit)(char *, void *), void *state);

/* How many of n booleans are true. */
intptr_t ak_count_true(const char *mask, intptr_t n);
/* A mask as C-contiguous bytes (new reference), or NULL with TypeError. */
ArrayObject *ak_plain_mask(ArrayObject *mask);

/* The parameters of a C function: the first `npos` may come by position, all by name. */
typedef struct ak_parameters {
    const char *function;
    int npos, required, count;
    const char *name[8];
    PyObject *interned[8];
} ak_parameters;
/* Puts borrowed references into values[count]; absent ones stay as they are. */
int ak_parse(ak_parameters *p, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames, PyObject **values);

/* Names of one function of arraykit's Python files, looked up once: the cold half of a hot type. */
PyObject *ak_python_function(PyObject **cache, const char *module, const char *name);

#endif
