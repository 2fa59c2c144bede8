/* Validity read and written for whole arrays, and planes moved as elements are.
 *
 * A plane is an array of its own with the geometry of the elements, so every mover serves it as it serves them:
 * validity is spread into booleans, moved, and packed again.
 */
#include "validity.h"
#include "array_cast.h"
#include "../core/bits.h"
#include "array.h"
#include "nulls.h"

#include <string.h>

static DTypeObject *boolean(void)
{
    return ak_dtype_default(&PyBool_Type);
}

ArrayObject *ak_content_view(ArrayObject *a)
{
    if (!ak_is_nullable(a->dtype)) {
        return (ArrayObject *)Py_NewRef((PyObject *)a);
    }
    return ak_array_view((PyObject *)a, a->dtype->content, a->data, a->ndim, a->shape, ak_strides(a),
                         (a->flags & AK_ARRAY_WRITEABLE) != 0);
}

/* ---- bits and booleans ----------------------------------------------------------------------------------------- */

/* A walk over a's elements in C order, beside booleans one after another. */
typedef struct walk {
    const ArrayObject *a;
    ak_side *side;
    char *there;
    int writes;
} walk;

static void walk_row(walk *w, intptr_t bit, intptr_t n, intptr_t step)
{
    if (step == 1 && w->writes) {
        ak_bits_pack(w->side->valid, bit, n, w->there);
    } else if (step == 1) {
        ak_bits_unpack(w->side->valid, bit, n, w->there);
    } else {
        for (intptr_t i = 0; i < n; i++, bit += step) {
            uint8_t *byte = w->side->valid + (bit >> 3);
            const unsigned mask = 1u << (bit & 7);
            if (w->writes) {
                *byte = (uint8_t)(w->there[i] ? *byte | mask : *byte & ~mask);
            } else {
                w->there[i] = (*byte & mask) != 0;
            }
        }
    }
    w->there += n;
}

static void walk_rows(walk *w, intptr_t bit, int dim)
{
    const ArrayObject *a = w->a;
    const intptr_t step = ak_strides(a)[dim] / a->dtype->abi.itemsize;
    if (dim == a->ndim - 1) {
        walk_row(w, bit, a->shape[dim], step);
        return;
    }
    for (intptr_t i = 0; i < a->shape[dim]; i++) {
        walk_rows(w, bit + i * step, dim + 1);
    }
}

/* Between a's bits, which exist, and a->size booleans. */
static void walk_bits(const ArrayObject *a, char *there, int writes)
{
    walk w = {a, ak_side_of(a), there, writes};
    if (a->size == 0) {
        return;
    }
    const intptr_t first = ak_first_bit(a);
    if (a->flags & AK_ARRAY_C) {
        walk_row(&w, first, a->size, 1);
    } else {
        walk_rows(&w, first, 0);
    }
}

ArrayObject *ak_valid_get(const ArrayObject *a)
{
    ArrayObject *there = ak_array_new(boolean(), a->ndim, a->shape);
    if (there != NULL && ak_may_miss(a)) {
        walk_bits(a, there->data, 0);
    } else if (there != NULL) {
        memset(there->data, 1, (size_t)there->size);
    }
    return there;
}

int ak_valid_fill(ArrayObject *a, int there)
{
    if ((there && !ak_may_miss(a)) || a->size == 0) {
        return 0;
    }
    if (ak_side_need_valid(a) < 0) {
        return -1;
    }
    if (a->flags & AK_ARRAY_C) {
        ak_bits_fill(ak_side_of(a)->valid, ak_first_bit(a), a->size, there);
        return 0;
    }
    ArrayObject *all = ak_array_new(boolean(), a->ndim, a->shape);
    if (all == NULL) {
        return -1;
    }
    memset(all->data, there, (size_t)all->size);
    walk_bits(a, all->data, 1);
    Py_DECREF((PyObject *)all);
    return 0;
}

int ak_valid_set(ArrayObject *a, ArrayObject *there)
{
    int same = there->ndim == a->ndim && (there->flags & AK_ARRAY_C);
    for (int d = 0; same && d < a->ndim; d++) {
        same = there->shape[d] == a->shape[d];
    }
    ArrayObject *whole =
        same ? (ArrayObject *)Py_NewRef((PyObject *)there) : ak_array_new(boolean(), a->ndim, a->shape);
    int status = whole != NULL && (same || ak_array_assign(whole, there, AK_CAST_EXACT) == 0) ? 0 : -1;
    if (status == 0 && (ak_may_miss(a) || ak_count_true(whole->data, whole->size) < whole->size)) {
        status = ak_side_need_valid(a);
        if (status == 0) {
            walk_bits(a, whole->data, 1);
        }
    }
    Py_XDECREF((PyObject *)whole);
    return status;
}

static intptr_t count_bits(const uint8_t *bits, intptr_t first, intptr_t n)
{
    const intptr_t words = first % 8 == 0 ? n / 64 : 0;
    return (words > 0 ? ak_count_words(bits + first / 8, words) : 0) +
           ak_bits_count(bits, first + 64 * words, n - 64 * words);
}

intptr_t ak_valid_count(const ArrayObject *a)
{
    if (!ak_may_miss(a) || a->size == 0) {
        return a->size;
    }
    if (a->flags & AK_ARRAY_C) {
        return count_bits(ak_side_of(a)->valid, ak_first_bit(a), a->size);
    }
    ArrayObject *there = ak_valid_get(a);
    const intptr_t count = there != NULL ? ak_count_true(there->data, there->size) : -1;
    Py_XDECREF((PyObject *)there);
    return count;
}

/* ---- planes ---------------------------------------------------------------------------------------------------- */

static int pick_validity(ArrayObject *made, ArrayObject *a, ak_picker pick, const void *how)
{
    ArrayObject *there = ak_valid_get(a);
    ArrayObject *picked = there != NULL ? pick(there, how) : NULL;
    const int status = picked != NULL ? ak_valid_set(made, picked) : -1;
    Py_XDECREF((PyObject *)there);
    Py_XDECREF((PyObject *)picked);
    return status;
}

ArrayObject *ak_planes_picked(ArrayObject *made, ArrayObject *a, ak_picker pick, const void *how)
{
    if (made == NULL || ak_side_of(a) == NULL) {
        return made;
    }
    int status = ak_side_keep(made, a);
    if (status == 0 && ak_may_miss(a)) {
        status = pick_validity(made, a, pick, how);
    }
    if (status < 0) {
        Py_CLEAR(made);
    }
    return made;
}

static int write_validity(ArrayObject *a, ArrayObject *values, ak_writer write, const void *how)
{
    ArrayObject *there = ak_valid_get(a), *given = ak_valid_get(values);
    const int failed =
        there == NULL || given == NULL || write(there, given, how) < 0 || ak_valid_set(a, there) < 0;
    Py_XDECREF((PyObject *)there);
    Py_XDECREF((PyObject *)given);
    return failed ? -1 : 0;
}

int ak_planes_written(ArrayObject *a, ArrayObject *values, ak_writer write, const void *how)
{
    return ak_may_miss(a) || ak_may_miss(values) ? write_validity(a, values, write, how) : 0;
}

ArrayObject *ak_whole(ArrayObject *a, PyObject *error, const char *call)
{
    const intptr_t count = ak_valid_count(a);
    if (count == a->size) {
        return ak_content_view(a);
    }
    if (count >= 0) {
        PyErr_Format(error,
                     "%s: some elements are missing, which only %s knows; give them a value by "
                     "arraykit.fill_missing(x, value), leave them out by arraykit.drop_missing(x), or take "
                     "arraykit.isna(x) with it",
                     call, a->dtype->abi.name);
    }
    return NULL;
}

/* ---- assignment -------------------------------------------------------------------------------------------------- */

static int raise_missing(ArrayObject *dst, ArrayObject *src)
{
    PyErr_Format(
        PyExc_ValueError,
        "cannot write elements of %s to %s: some are missing; arraykit.fill_missing(x, value) gives them "
        "a value, arraykit.drop_missing(x) leaves them out",
        src->dtype->abi.name, dst->dtype->abi.name);
    return -1;
}

/* Casts only what is there; where nothing is, zero bytes are written. */
static int assign_present(ArrayObject *to, ArrayObject *from, ArrayObject *there, KernelObject *cast_kernel,
                          int max_cast)
{
    ArrayObject *values = ak_array_compress(from, there);
    ArrayObject *cast = values != NULL ? ak_array_copy(values, to->dtype, max_cast) : NULL;
    if (values != NULL && cast == NULL) {
        ak_cast_tell(from, to->dtype, cast_kernel, there);
    }
    ArrayObject *whole = cast != NULL ? ak_array_zeros(to->dtype, from->ndim, from->shape) : NULL;
    const int failed = whole == NULL || ak_array_expand(whole, there, cast) < 0 ||
                       ak_array_assign(to, whole, AK_CAST_EXACT) < 0;
    Py_XDECREF((PyObject *)values);
    Py_XDECREF((PyObject *)cast);
    Py_XDECREF((PyObject *)whole);
    return failed ? -1 : 0;
}

int ak_cast_complains(const KernelObject *cast)
{
    const uint32_t flags = cast->abi->flags;
    return (flags & (AK_MAY_REFUSE | AK_NEEDS_PYTHON)) != 0 ||
           ((flags & AK_CHECKS_STATUS) && cast->abi->cast_level != AK_CAST_EXACT &&
            cast->abi->cast_level != AK_CAST_SAFE);
}

/* Casts everything if what is not there does no harm, which zeros never do; else what is there. */
static int assign_some(ArrayObject *to, ArrayObject *from, ArrayObject *there, KernelObject *cast,
                       int max_cast)
{
    if (!(cast->abi->flags & (AK_MAY_REFUSE | AK_NEEDS_PYTHON))) {
        if (ak_array_assign(to, from, max_cast) == 0) {
            return 0;
        }
        if (!PyErr_ExceptionMatches(PyExc_OverflowError) && !PyErr_ExceptionMatches(PyExc_ValueError)) {
            return -1;
        }
        PyErr_Clear();
    }
    return assign_present(to, from, there, cast, max_cast);
}

/* The bits of dst from those of src, both of one C-contiguous shape; else through booleans. */
static int assign_validity(ArrayObject *dst, ArrayObject *src, ArrayObject *there)
{
    const uint32_t both = dst->flags & src->flags;
    if (!(both & AK_ARRAY_C) || dst->size != src->size) {
        return ak_valid_set(dst, there);
    }
    if (ak_side_need_valid(dst) < 0) {
        return -1;
    }
    ak_bits_copy(ak_side_of(dst)->valid, ak_first_bit(dst), ak_side_of(src)->valid, ak_first_bit(src),
                 dst->size);
    return 0;
}

int ak_assign_nullable(ArrayObject *dst, ArrayObject *src, int max_cast)
{
    KernelObject *cast = NULL;
    ArrayObject *to = NULL, *from = NULL, *there = NULL;
    int status = -1;
    const int missing = ak_may_miss(src);
    if (src->dtype != dst->dtype && (cast = ak_cast_find(src->dtype, dst->dtype, max_cast)) == NULL) {
        return -1;
    }
    if (missing && !ak_is_nullable(dst->dtype)) {
        const intptr_t count = ak_valid_count(src);
        if (count != src->size) {
            return count < 0 ? -1 : raise_missing(dst, src);
        }
    }
    if ((to = ak_content_view(dst)) == NULL || (from = ak_content_view(src)) == NULL) {
        goto done;
    }
    if (missing && (there = ak_valid_get(src)) == NULL) {
        goto done;
    }
    status = missing && to->dtype != from->dtype && ak_cast_complains(cast)
                 ? assign_some(to, from, there, cast, max_cast)
                 : ak_array_assign(to, from, max_cast == AK_CAST_UNSAFE ? max_cast : AK_CAST_CHECKED);
    if (status == 0 && ak_is_nullable(dst->dtype)) {
        status = missing ? assign_validity(dst, src, there) : ak_valid_fill(dst, 1);
    }
done:
    Py_XDECREF((PyObject *)to);
    Py_XDECREF((PyObject *)from);
    Py_XDECREF((PyObject *)there);
    return status;
}

/* ---- for arraykit's Python files ------------------------------------------------------------------------------ */

static ArrayObject *only_array(PyObject *a, const char *call)
{
    if (!ak_is_array(a)) {
        PyErr_Format(PyExc_TypeError, "%s() takes an Array, not a %s", call, Py_TYPE(a)->tp_name);
        return NULL;
    }
    return (ArrayObject *)a;
}

static PyObject *content(PyObject *module, PyObject *a)
{
    (void)module;
    return only_array(a, "content") != NULL ? (PyObject *)ak_content_view((ArrayObject *)a) : NULL;
}

static PyObject *valid(PyObject *module, PyObject *a)
{
    (void)module;
    return only_array(a, "valid") != NULL ? (PyObject *)ak_valid_get((ArrayObject *)a) : NULL;
}

static PyObject *whole(PyObject *module, PyObject *args)
{
    PyObject *a;
    const char *call;
    (void)module;
    return PyArg_ParseTuple(args, "O!s:whole", ak_ArrayType, &a, &call)
               ? (PyObject *)ak_whole((ArrayObject *)a, PyExc_ValueError, call)
               : NULL;
}

static PyObject *count_valid(PyObject *module, PyObject *a)
{
    (void)module;
    const intptr_t n = only_array(a, "count_valid") != NULL ? ak_valid_count((ArrayObject *)a) : -1;
    return n < 0 ? NULL : PyLong_FromSsize_t(n);
}

static PyObject *may_miss(PyObject *module, PyObject *a)
{
    (void)module;
    return only_array(a, "may_miss") != NULL ? PyBool_FromLong(ak_may_miss((ArrayObject *)a)) : NULL;
}

static PyObject *set_valid(PyObject *module, PyObject *args)
{
    PyObject *a, *there;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!:set_valid", ak_ArrayType, &a, ak_ArrayType, &there)) {
        return NULL;
    }
    if (!ak_is_nullable(((ArrayObject *)a)->dtype) || ((ArrayObject *)there)->dtype != boolean()) {
        PyErr_SetString(PyExc_TypeError,
                        "set_valid() takes an Array whose elements may be missing, and booleans");
        return NULL;
    }
    return ak_valid_set((ArrayObject *)a, (ArrayObject *)there) == 0 ? Py_NewRef(Py_None) : NULL;
}

static PyObject *fill(PyObject *module, PyObject *args)
{
    PyObject *a, *value;
    (void)module;
    return PyArg_ParseTuple(args, "O!O:fill", ak_ArrayType, &a, &value)
               ? (PyObject *)ak_nulls_fill((ArrayObject *)a, value)
               : NULL;
}

PyMethodDef ak_validity_functions[] = {
    {"fill", fill, METH_VARARGS, "fill(a, value)\n--\n\nThe contents, with a value where one is missing."},
    {"content", content, METH_O, "content(a)\n--\n\nThe elements as if all were there: a view."},
    {"valid", valid, METH_O, "valid(a)\n--\n\nWhether each element is there, as booleans."},
    {"whole", whole, METH_VARARGS, "whole(a, call)\n--\n\nThe contents; ValueError if one is missing."},
    {"count_valid", count_valid, METH_O, "count_valid(a)\n--\n\nHow many elements are there."},
    {"may_miss", may_miss, METH_O, "may_miss(a)\n--\n\nWhether the allocation has validity bits at all."},
    {"set_valid", set_valid, METH_VARARGS, "set_valid(a, there)\n--\n\nSays which elements are there."},
    {NULL, NULL, 0, NULL},
};
