/* One cast kernel over the elements of two arrays, and the error about the first element that it refuses.
 *
 * A loop refuses by -1, AK_STATUS_INVALID or a Python exception, and does not say where: that is found by running it once
 * more, element by element, so that what is cast without complaint pays nothing.
 */
#include "array_cast.h"
#include "array.h"

#include <string.h>

ak_call ak_call_between(ArrayObject *dst, const ak_source *src)
{
    ak_call call = {.nin = 1, .nout = 1, .ndim = dst->ndim, .shape = dst->shape};
    const intptr_t from = src->dtype->abi.itemsize, to = dst->dtype->abi.itemsize;
    call.operand[0] =
        (ak_operand){.data = src->data, .strides = src->strides, .itemsize = from, .kernel_itemsize = from};
    call.operand[1] =
        (ak_operand){.data = dst->data, .strides = ak_strides(dst), .itemsize = to, .kernel_itemsize = to};
    return call;
}

/* ---- the first element that is refused ------------------------------------------------------------------ */

/* A walk over the elements of a source, in C order. */
typedef struct probe {
    DTypeObject *from, *to;
    KernelObject *cast;
    const intptr_t *shape, *strides;
    const char *there; /* a truth value an element in C order, or NULL */
    intptr_t index[AK_MAX_NDIM];
    int ndim;
    char *given, *made; /* room for an element of each */
    ak_heap *heap;
    ak_error error;
} probe;

/* Whether the kernel refuses the element at `data`. */
static int is_refused(probe *p, const char *data)
{
    const ak_dtype *const dtypes[2] = {&p->from->abi, &p->to->abi};
    const intptr_t one = 1, still[2] = {0, 0};
    ak_context context = {.size = sizeof(context), .error = &p->error, .dtypes = dtypes, .heap = p->heap};
    p->error = (ak_error){.size = sizeof(p->error)};
    memcpy(p->given, data, (size_t)p->from->abi.itemsize);
    char *const at[2] = {p->given, p->made};
    return p->cast->abi->strided(&context, at, &one, still, p->cast->abi->state) != 0 ||
           (context.status & AK_STATUS_INVALID);
}

/* The element that is refused, its place in p->index; or NULL. */
static const char *find_refused(probe *p, const char *data, int dim)
{
    if (dim == p->ndim) {
        const int looked_at = p->there == NULL || *p->there++;
        return looked_at && is_refused(p, data) ? data : NULL;
    }
    for (intptr_t i = 0; i < p->shape[dim]; i++) {
        p->index[dim] = i;
        const char *found = find_refused(p, data + i * p->strides[dim], dim + 1);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

int ak_cast_refuse(DTypeObject *wanted, PyObject *value, PyObject *index, const ak_error *e)
{
    static PyObject *function;
    PyObject *raised =
        ak_python_function(&function, "arraykit.dtypes.refusals", "refusal") != NULL
            ? PyObject_CallFunction(function, "OOOis", wanted, value, index, (int)e->code, e->text)
            : NULL;
    if (raised != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(raised), raised);
        Py_DECREF(raised);
    }
    return -1;
}

/* Has the exception that is set tell the element at an index. */
static void place_exception(DTypeObject *wanted, PyObject *value, PyObject *index, PyObject *exception)
{
    static PyObject *function;
    PyObject *placed = ak_python_function(&function, "arraykit.dtypes.refusals", "placed") != NULL
                           ? PyObject_CallFunctionObjArgs(function, wanted, value, index, exception, NULL)
                           : NULL;
    if (placed != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(placed), placed);
        Py_DECREF(placed);
    }
}

/* Raises for the element at p->index, of whose dimensions the last `ndim` are its own. */
static void raise_at(const probe *p, const char *element, int ndim)
{
    PyObject *exception = PyErr_Occurred() ? ak_take_exception() : NULL;
    if (PyErr_Occurred()) {
        return;
    }
    PyObject *index = ak_tuple_from_intptr(ndim, p->index + p->ndim - ndim);
    PyObject *value = index != NULL ? ak_item_get(p->from, element) : NULL;
    if (value != NULL && exception != NULL) {
        place_exception(p->to, value, index, exception);
    } else if (value != NULL) {
        ak_cast_refuse(p->to, value, index, &p->error);
    }
    Py_XDECREF(index);
    Py_XDECREF(value);
    Py_XDECREF(exception);
}

/* Raises for the first element that the kernel refuses; whether there is one. */
static int tell(probe *p, const char *data, int own_ndim)
{
    char *room = PyMem_Calloc(1, (size_t)(p->from->abi.itemsize + p->to->abi.itemsize) + 32);
    ak_arena *arena = p->to->beside & AK_BESIDE_HEAP ? ak_arena_new() : NULL;
    const char *element = NULL;
    if (room != NULL) {
        p->given = room;
        p->made = room + (p->from->abi.itemsize + 15) / 16 * 16;
        p->heap = arena != NULL ? &arena->heap : NULL;
        element = find_refused(p, data, 0);
    }
    if (element != NULL) {
        raise_at(p, element, own_ndim);
    }
    ak_arena_drop(arena);
    PyMem_Free(room);
    return element != NULL;
}

/* Has the exception that is set, if one is, tell the first element that the kernel refuses; whether there is one. */
static int tell_instead(probe *p, const char *data, int own_ndim)
{
    PyObject *type, *value, *traceback;
    if (PyErr_Occurred() &&
        (!PyErr_ExceptionMatches(PyExc_Exception) || PyErr_ExceptionMatches(PyExc_MemoryError))) {
        return 0;
    }
    PyErr_Fetch(&type, &value, &traceback);
    if (!tell(p, data, own_ndim)) {
        PyErr_Clear();
        PyErr_Restore(type, value, traceback);
        return 0;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return 1;
}

static int raise_refused(ArrayObject *dst, const ak_source *src, KernelObject *cast, const ak_error *error)
{
    probe p = {.from = src->dtype,
               .to = dst->dtype,
               .cast = cast,
               .shape = dst->shape,
               .strides = src->strides,
               .ndim = dst->ndim};
    if ((error->code != AK_MEMORY_ERROR && tell_instead(&p, src->data, src->ndim)) || PyErr_Occurred()) {
        return -1;
    }
    if (error->code != AK_OK) {
        return ak_raise("cast", error);
    }
    PyErr_Format(PyExc_OverflowError, "cannot cast %s to %s: an element does not fit", src->dtype->abi.name,
                 dst->dtype->abi.name);
    return -1;
}

int ak_cast_tell(ArrayObject *a, DTypeObject *wanted, KernelObject *cast, ArrayObject *there)
{
    probe p = {.from = a->dtype,
               .to = wanted,
               .cast = cast,
               .shape = a->shape,
               .strides = ak_strides(a),
               .there = there != NULL ? there->data : NULL,
               .ndim = a->ndim};
    tell_instead(&p, a->data, a->ndim);
    return -1;
}

int ak_note_field(PyObject *name)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *note = PyUnicode_FromFormat("in the field %R", name);
    PyObject *none = note != NULL ? PyObject_CallMethod(value, "add_note", "O", note) : NULL;
    Py_XDECREF(note);
    Py_XDECREF(none);
    PyErr_Clear();
    PyErr_Restore(type, value, traceback);
    return -1;
}

/* ---- the cast --------------------------------------------------------------------------------------------- */

/* Into `data`, which has dst's layout. */
static int run(ArrayObject *dst, char *data, const ak_source *src, KernelObject *cast, int max_cast)
{
    int no_heap;
    const ak_dtype *const dtypes[2] = {&src->dtype->abi, &dst->dtype->abi};
    ak_error error = {.size = sizeof(error)};
    ak_context context = {.size = sizeof(context), .error = &error, .dtypes = dtypes};
    context.heap = ak_side_heap(dst, &no_heap);
    if (no_heap) {
        return -1;
    }
    ak_call call = ak_call_between(dst, src);
    call.operand[1].data = data;
    call.strided = cast->abi->strided;
    call.contiguous = cast->abi->contiguous;
    call.state = cast->abi->state;
    call.ctx = &context;
    ak_side_busy++;
    const int failed = ak_call_run(&call);
    ak_side_busy--;
    if (AK_UNLIKELY(failed < 0)) {
        return raise_refused(dst, src, cast, &error);
    }
    if (context.status == 0 || max_cast == AK_CAST_UNSAFE) {
        return 0;
    }
    return context.status & AK_STATUS_INVALID ? raise_refused(dst, src, cast, &error)
                                              : ak_warn_status("cast", context.status);
}

int ak_cast_run(ArrayObject *dst, const ak_source *src, KernelObject *cast, int max_cast)
{
    return run(dst, dst->data, src, cast, max_cast);
}

int ak_cast_is_little(const ArrayObject *dst)
{
    return ak_nbytes(dst) <= AK_CAST_LITTLE && (dst->flags & AK_ARRAY_C) && !dst->dtype->beside;
}

int ak_cast_little(ArrayObject *dst, const ak_source *src, KernelObject *cast, int max_cast)
{
    _Alignas(64) char made[AK_CAST_LITTLE];
    if (run(dst, made, src, cast, max_cast) < 0) {
        return -1;
    }
    memcpy(dst->data, made, (size_t)ak_nbytes(dst));
    return 0;
}

PyDoc_STRVAR(
    cast_unsafe_doc,
    "cast_unsafe(array, dtype, /)\n--\n\n"
    "A copy in another dtype, in which values that do not fit are whatever the kernel makes of them.");

static PyObject *cast_unsafe(PyObject *module, PyObject *args)
{
    PyObject *a, *dtype;
    (void)module;
    return PyArg_ParseTuple(args, "O!O!:cast_unsafe", ak_ArrayType, &a, ak_DTypeMeta, &dtype)
               ? (PyObject *)ak_array_copy((ArrayObject *)a, (DTypeObject *)dtype, AK_CAST_UNSAFE)
               : NULL;
}

static PyMethodDef functions[] = {
    {"cast_unsafe", cast_unsafe, METH_VARARGS, cast_unsafe_doc},
    {NULL, NULL, 0, NULL},
};

int ak_init_array_cast(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
