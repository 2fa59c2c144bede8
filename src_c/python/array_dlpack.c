/* DLPack 1.x both ways, with the older unversioned capsules for those who ask for or offer no more.
 *
 * Source: the DLPack specification (dlpack.h, version 1.1). Whoever consumes a capsule renames it; the deleter runs
 * exactly once, from the consumer, or from the capsule that nobody consumed.
 */
#include "array.h"
#include "validity.h"

#include <string.h>

typedef struct {
    uint32_t major, minor;
} DLPackVersion;
typedef struct {
    int32_t type, id;
} DLDevice;
typedef struct {
    uint8_t code, bits;
    uint16_t lanes;
} DLDataType;
typedef struct {
    void *data;
    DLDevice device;
    int32_t ndim;
    DLDataType dtype;
    int64_t *shape, *strides; /* strides in elements; NULL: C order */
    uint64_t byte_offset;
} DLTensor;
typedef struct DLManagedTensor {
    DLTensor tensor;
    void *manager;
    void (*deleter)(struct DLManagedTensor *);
} DLManagedTensor;
typedef struct DLManagedTensorVersioned {
    DLPackVersion version;
    void *manager;
    void (*deleter)(struct DLManagedTensorVersioned *);
    uint64_t flags;
    DLTensor tensor;
} DLManagedTensorVersioned;

enum { DL_CPU = 1, DL_READ_ONLY = 1, DL_IS_COPIED = 2 };
enum { DL_INT, DL_UINT, DL_FLOAT, DL_BFLOAT = 4, DL_COMPLEX, DL_BOOL };

static const char plain_name[] = "dltensor", versioned_name[] = "dltensor_versioned";
static const char used_plain_name[] = "used_dltensor", used_versioned_name[] = "used_dltensor_versioned";

/* ---- export ------------------------------------------------------------------------------------------- */

/* Both forms of one export, and what the array's layout is in DLPack's units. */
typedef struct export {
    union {
        DLManagedTensor plain;
        DLManagedTensorVersioned versioned;
    } managed;
    ArrayObject *array; /* owned */
    int64_t dims[];     /* shape, then strides */
} export;

static void export_free(export *e)
{
    if (Py_IsInitialized()) {
        const PyGILState_STATE state = PyGILState_Ensure();
        Py_DECREF((PyObject *)e->array);
        PyMem_RawFree(e);
        PyGILState_Release(state);
    }
}

static void delete_plain(DLManagedTensor *m)
{
    export_free(m->manager);
}
static void delete_versioned(DLManagedTensorVersioned *m)
{
    export_free(m->manager);
}

static void capsule_free(PyObject *capsule)
{
    if (PyCapsule_IsValid(capsule, plain_name)) {
        DLManagedTensor *m = PyCapsule_GetPointer(capsule, plain_name);
        m->deleter(m);
    } else if (PyCapsule_IsValid(capsule, versioned_name)) {
        DLManagedTensorVersioned *m = PyCapsule_GetPointer(capsule, versioned_name);
        m->deleter(m);
    }
}

static int check_exportable(const ArrayObject *a, int versioned)
{
    const ak_dtype *abi = &a->dtype->abi;
    if (abi->dlpack_bits == 0) {
        PyErr_Format(PyExc_BufferError, "__dlpack__: DLPack has no element type for %s", abi->name);
        return -1;
    }
    if (!versioned && !(a->flags & AK_ARRAY_WRITEABLE)) {
        PyErr_SetString(
            PyExc_BufferError,
            "__dlpack__: the array is read-only, which only max_version=(1, 0) or later can tell");
        return -1;
    }
    for (int i = 0; i < a->ndim; i++) {
        if (a->shape[i] > 1 && ak_strides(a)[i] % abi->itemsize != 0) {
            PyErr_SetString(PyExc_BufferError,
                            "__dlpack__: strides are no multiples of the itemsize; export a.copy()");
            return -1;
        }
    }
    return 0;
}

static PyObject *export_array(ArrayObject *a, int versioned, int copied)
{
    if (check_exportable(a, versioned) < 0) {
        return NULL;
    }
    export *e = PyMem_RawCalloc(1, sizeof(export) + 2 * (size_t)a->ndim * sizeof(int64_t));
    if (e == NULL) {
        return PyErr_NoMemory();
    }
    const ak_dtype *abi = &a->dtype->abi;
    for (int i = 0; i < a->ndim; i++) {
        e->dims[i] = a->shape[i];
        e->dims[a->ndim + i] = ak_strides(a)[i] / abi->itemsize;
    }
    const DLTensor tensor = {.data = a->data,
                             .device = {DL_CPU, 0},
                             .ndim = a->ndim,
                             .dtype = {abi->dlpack_code, abi->dlpack_bits, 1},
                             .shape = e->dims,
                             .strides = e->dims + a->ndim};
    if (versioned) {
        const uint64_t flags =
            (a->flags & AK_ARRAY_WRITEABLE ? 0u : DL_READ_ONLY) | (copied ? DL_IS_COPIED : 0u);
        e->managed.versioned = (DLManagedTensorVersioned){{1, 0}, e, delete_versioned, flags, tensor};
    } else {
        e->managed.plain = (DLManagedTensor){tensor, e, delete_plain};
    }
    e->array = (ArrayObject *)Py_NewRef((PyObject *)a);
    PyObject *capsule = PyCapsule_New(&e->managed, versioned ? versioned_name : plain_name, capsule_free);
    if (capsule == NULL) {
        export_free(e);
    }
    return capsule;
}

/* Whether (device type, id) is the CPU; -1 with BufferError if not. */
static int check_cpu(PyObject *device, const char *call)
{
    int type, id;
    if (device == NULL || device == Py_None) {
        return 0;
    }
    if (!PyArg_Parse(device, "(ii)", &type, &id)) {
        return -1;
    }
    if (type != DL_CPU) {
        PyErr_Format(PyExc_BufferError, "%s: device (%d, %d) is not the CPU (%d, 0)", call, type, id, DL_CPU);
        return -1;
    }
    return 0;
}

PyObject *ak_array_dlpack(PyObject *o, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    enum { STREAM, MAX_VERSION, DL_DEVICE, COPY, COUNT };
    static ak_parameters p = {"__dlpack__", 0, 0, COUNT, {"stream", "max_version", "dl_device", "copy"},
                              {NULL}};
    PyObject *v[COUNT] = {Py_None, Py_None, Py_None, Py_None};
    int major = 0, minor = 0;
    if (ak_parse(&p, args, nargs, kwnames, v) < 0 || check_cpu(v[DL_DEVICE], "__dlpack__") < 0) {
        return NULL;
    }
    if (v[STREAM] != Py_None) {
        PyErr_SetString(PyExc_BufferError, "__dlpack__: the CPU has no streams; pass stream=None");
        return NULL;
    }
    if (v[MAX_VERSION] != Py_None && !PyArg_Parse(v[MAX_VERSION], "(ii)", &major, &minor)) {
        return NULL;
    }
    const int copy = v[COPY] == Py_None ? 0 : PyObject_IsTrue(v[COPY]);
    if (copy < 0) {
        return NULL;
    }
    ArrayObject *whole = ak_whole((ArrayObject *)o, PyExc_BufferError, "__dlpack__");
    ArrayObject *a =
        copy && whole != NULL ? ak_array_copy(whole, NULL, AK_CAST_EXACT) : (ArrayObject *)Py_XNewRef(whole);
    Py_XDECREF((PyObject *)whole);
    PyObject *capsule = a != NULL ? export_array(a, major >= 1, copy) : NULL;
    Py_XDECREF((PyObject *)a);
    return capsule;
}

PyObject *ak_array_dlpack_device(PyObject *o, PyObject *unused)
{
    (void)o;
    (void)unused;
    return Py_BuildValue("(ii)", DL_CPU, 0);
}

/* ---- import ------------------------------------------------------------------------------------------- */

/* Keeps an imported tensor until no Array looks at it. */
typedef struct {
    PyObject_HEAD
    DLManagedTensor *plain; /* one of the two */
    DLManagedTensorVersioned *versioned;
} TensorObject;

static PyTypeObject *tensor_type;

static void tensor_dealloc(PyObject *o)
{
    TensorObject *t = (TensorObject *)o;
    PyTypeObject *type = Py_TYPE(o);
    if (t->plain != NULL && t->plain->deleter != NULL) {
        t->plain->deleter(t->plain);
    }
    if (t->versioned != NULL && t->versioned->deleter != NULL) {
        t->versioned->deleter(t->versioned);
    }
    PyObject_Free(o);
    Py_DECREF((PyObject *)type);
}

static TensorObject *tensor_from_capsule(PyObject *capsule)
{
    TensorObject *t = PyObject_New(TensorObject, tensor_type);
    if (t == NULL) {
        return NULL;
    }
    t->plain = NULL;
    t->versioned = NULL;
    int failed;
    if (PyCapsule_IsValid(capsule, versioned_name)) {
        DLManagedTensorVersioned *m = PyCapsule_GetPointer(capsule, versioned_name);
        failed = PyCapsule_SetName(capsule, used_versioned_name);
        t->versioned = failed ? NULL : m;
    } else {
        DLManagedTensor *m = PyCapsule_GetPointer(capsule, plain_name); /* raises for anything else */
        failed = m == NULL || PyCapsule_SetName(capsule, used_plain_name);
        t->plain = failed ? NULL : m;
    }
    if (failed) {
        Py_CLEAR(t);
    } else if (t->versioned != NULL && t->versioned->version.major != 1) {
        PyErr_Format(PyExc_BufferError,
                     "from_dlpack: the tensor is of DLPack version %u; versions 1.x are read",
                     t->versioned->version.major);
        Py_CLEAR(t);
    }
    return t;
}

/* The floats of eight bits, by DLPack's codes; their file may not be read yet. Borrowed; NULL for others. */
static DTypeObject *small_float(DLDataType type)
{
    static const char *const names[] = {[8] = "float8_e4m3", [10] = "float8_e4m3fn", [12] = "float8_e5m2"};
    const char *text = type.code < sizeof(names) / sizeof(names[0]) ? names[type.code] : NULL;
    PyObject *name = text != NULL ? PyUnicode_FromString(text) : NULL;
    DTypeObject *dtype = name != NULL ? ak_dtype_from(name) : NULL;
    Py_XDECREF(name);
    Py_XDECREF((PyObject *)dtype); /* the registry holds it */
    return dtype;
}

static DTypeObject *dtype_of_tensor(DLDataType type)
{
    static const char kinds[] = {[DL_INT] = 'i',    [DL_UINT] = 'u',    [DL_FLOAT] = 'f',
                                 [DL_BFLOAT] = 'B', [DL_COMPLEX] = 'c', [DL_BOOL] = 'b'};
    const char kind = type.code < sizeof(kinds) ? kinds[type.code] : '\0';
    DTypeObject *dtype = kind != '\0' ? ak_dtype_of_kind(kind, type.bits / 8) : small_float(type);
    if (PyErr_Occurred()) {
        return NULL;
    }
    dtype = type.lanes == 1 ? dtype : NULL;
    if (dtype == NULL || dtype->abi.dlpack_bits != type.bits) {
        PyErr_Format(PyExc_TypeError,
                     "from_dlpack: no dtype here has elements of code %d with %d bits in %d lanes",
                     (int)type.code, (int)type.bits, (int)type.lanes);
        return NULL;
    }
    return dtype;
}

static ArrayObject *array_of_tensor(TensorObject *owner)
{
    const DLTensor *t = owner->versioned != NULL ? &owner->versioned->tensor : &owner->plain->tensor;
    /* An unversioned tensor cannot say that it must not be written to; NumPy assumes so too. */
    const int writeable = owner->versioned != NULL && !(owner->versioned->flags & DL_READ_ONLY);
    intptr_t shape[AK_MAX_NDIM], strides[AK_MAX_NDIM];
    DTypeObject *dtype = dtype_of_tensor(t->dtype);
    if (dtype == NULL) {
        return NULL;
    }
    if (t->device.type != DL_CPU || t->ndim > AK_MAX_NDIM) {
        PyErr_SetString(PyExc_BufferError,
                        "from_dlpack: the tensor is not on the CPU, or has too many dimensions");
        return NULL;
    }
    for (int i = 0; i < t->ndim; i++) {
        shape[i] = (intptr_t)t->shape[i];
        strides[i] = t->strides != NULL ? (intptr_t)t->strides[i] * dtype->abi.itemsize : 0;
    }
    if (t->strides == NULL) {
        ak_layout_c_strides(t->ndim, shape, dtype->abi.itemsize, strides);
    }
    return ak_array_view((PyObject *)owner, dtype, (char *)t->data + t->byte_offset, t->ndim, shape, strides,
                         writeable);
}

/* x.__dlpack__(max_version=(1, 1)[, copy=copy]), or without arguments for exporters of the first generation. */
static PyObject *capsule_of(PyObject *x, PyObject *copy)
{
    PyObject *method = PyObject_GetAttrString(x, "__dlpack__");
    PyObject *none = PyTuple_New(0);
    PyObject *keywords = copy == Py_None ? Py_BuildValue("{s(ii)}", "max_version", 1, 1)
                                         : Py_BuildValue("{s(ii)sO}", "max_version", 1, 1, "copy", copy);
    PyObject *capsule = NULL;
    if (method != NULL && none != NULL && keywords != NULL) {
        capsule = PyObject_Call(method, none, keywords);
        if (capsule == NULL && PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_Clear();
            capsule = PyObject_CallNoArgs(method);
        }
    }
    Py_XDECREF(method);
    Py_XDECREF(none);
    Py_XDECREF(keywords);
    return capsule;
}

/* from_dlpack(x, device, copy) */
static PyObject *core_from_dlpack(PyObject *module, PyObject *args)
{
    PyObject *x, *device, *copy;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOO:from_dlpack", &x, &device, &copy)) {
        return NULL;
    }
    if (device != Py_None &&
        !(PyUnicode_Check(device) && PyUnicode_CompareWithASCIIString(device, "cpu") == 0)) {
        return PyErr_Format(PyExc_ValueError, "from_dlpack: device %R is not known; arrays live on 'cpu'",
                            device);
    }
    PyObject *place = PyObject_CallMethod(x, "__dlpack_device__", NULL);
    PyObject *capsule = place != NULL && check_cpu(place, "from_dlpack") == 0 ? capsule_of(x, copy) : NULL;
    TensorObject *tensor = capsule != NULL ? tensor_from_capsule(capsule) : NULL;
    ArrayObject *a = tensor != NULL ? array_of_tensor(tensor) : NULL;
    const int is_copy =
        tensor != NULL && tensor->versioned != NULL && (tensor->versioned->flags & DL_IS_COPIED);
    if (a != NULL && copy == Py_True && !is_copy) {
        Py_SETREF(a, ak_array_copy(a, NULL, AK_CAST_EXACT));
    }
    Py_XDECREF(place);
    Py_XDECREF(capsule);
    Py_XDECREF((PyObject *)tensor);
    return (PyObject *)a;
}

int ak_init_array_dlpack(PyObject *module)
{
    static PyType_Slot slots[] = {
        {Py_tp_dealloc, AK_SLOT(tensor_dealloc)},
        {0, NULL},
    };
    static PyType_Spec spec = {
        .name = "arraykit._core.TensorHolder",
        .basicsize = sizeof(TensorObject),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
        .slots = slots,
    };
    static PyMethodDef functions[] = {
        {"from_dlpack", core_from_dlpack, METH_VARARGS,
         "from_dlpack(x, device, copy)\n--\n\nA DLPack exporter's memory as an Array."},
        {NULL, NULL, 0, NULL},
    };
    tensor_type = (PyTypeObject *)PyType_FromSpec(&spec);
    return tensor_type != NULL ? PyModule_AddFunctions(module, functions) : -1;
}
