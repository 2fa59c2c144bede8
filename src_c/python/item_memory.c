/* Where items come from and go: small free lists for native items, plain blocks for raw ones.
 *
 * Items hold no references but to their class, so they are no objects of the cycle collector.  A class made
 * by calling a metaclass always starts as a collected type; adopting it here takes that back before it has
 * items.
 */
#include "ak_python.h"

enum { AK_POOL_SIZE = 128, AK_LONG_DIGITS = (64 + PyLong_SHIFT - 1) / PyLong_SHIFT };

/* Freed blocks of one size. */
typedef struct pool {
    size_t block;
    int count;
    PyObject *blocks[AK_POOL_SIZE];
} pool;

static pool integers = {.block = offsetof(PyLongObject, AK_FIRST_DIGIT) + AK_LONG_DIGITS * sizeof(digit)};
static pool floats = {.block = sizeof(PyFloatObject)};
static pool complexes = {.block = sizeof(PyComplexObject)};

static inline PyObject *take(pool *from, PyTypeObject *type)
{
    if (from->count == 0) {
        PyObject *fresh = PyObject_Malloc(from->block);
        return fresh ? PyObject_Init(fresh, type) : PyErr_NoMemory();
    }
    PyObject *item = from->blocks[--from->count];
#ifdef Py_REF_DEBUG
    return PyObject_Init(item, type);
#else
    Py_INCREF(type);
    Py_SET_TYPE(item, type);
    Py_SET_REFCNT(item, 1);
    return item;
#endif
}

static inline void give_back(pool *to, PyObject *item)
{
    PyTypeObject *type = Py_TYPE(item);
    if (to->count < AK_POOL_SIZE) {
        to->blocks[to->count++] = item;
    } else {
        PyObject_Free(item);
    }
    Py_DECREF(type);
}

static void free_integer(PyObject *item)
{
    give_back(&integers, item);
}

static void free_float(PyObject *item)
{
    give_back(&floats, item);
}

static void free_complex(PyObject *item)
{
    give_back(&complexes, item);
}

static void free_raw(PyObject *item)
{
    PyTypeObject *type = Py_TYPE(item);
    PyObject_Free(item);
    Py_DECREF(type);
}

void ak_item_free_object(PyObject *item)
{
    Py_XDECREF(ak_loose_values(item));
    free_raw(item);
}

/* ---- items from C numbers ---- */

static inline PyObject *integer_item(DTypeObject *d, uint64_t magnitude, int negative)
{
    PyObject *item = take(&integers, (PyTypeObject *)d);
    if (item == NULL) {
        return NULL;
    }
    digit *digits = ((PyLongObject *)item)->AK_FIRST_DIGIT;
    Py_ssize_t count = 0;
    digits[0] = 0;
    for (; magnitude != 0; magnitude >>= PyLong_SHIFT) {
        digits[count++] = (digit)(magnitude & PyLong_MASK);
    }
#if PY_VERSION_HEX >= 0x030C0000
    const uintptr_t sign = count == 0 ? 1 : negative ? 2 : 0;
    ((PyLongObject *)item)->long_value.lv_tag = (uintptr_t)count << 3 | sign;
#else
    Py_SET_SIZE((PyVarObject *)item, negative ? -count : count);
#endif
    return item;
}

PyObject *ak_item_from_int64(DTypeObject *d, int64_t value)
{
    return integer_item(d, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0);
}

PyObject *ak_item_from_uint64(DTypeObject *d, uint64_t value)
{
    return integer_item(d, value, 0);
}

PyObject *ak_item_from_double(DTypeObject *d, double value)
{
    PyObject *item = take(&floats, (PyTypeObject *)d);
    if (item != NULL) {
        ((PyFloatObject *)item)->ob_fval = value;
    }
    return item;
}

PyObject *ak_item_from_complex(DTypeObject *d, double real, double imag)
{
    PyObject *item = take(&complexes, (PyTypeObject *)d);
    if (item != NULL) {
        ((PyComplexObject *)item)->cval = (Py_complex){real, imag};
    }
    return item;
}

/* ---- adoption of a concrete class ---- */

/* Items are as long as their storage: bases must not give them room for attributes, as classes without __slots__ do. */
static int check_room(const DTypeObject *d)
{
    PyObject *mro = ((const PyTypeObject *)d)->tp_mro;
    for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(mro); i++) {
        const PyTypeObject *base = (const PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        if (!ak_is_dtype((PyObject *)(uintptr_t)base) && base != (const PyTypeObject *)ak_ItemBase &&
            (base->tp_dictoffset != 0 || base->tp_weaklistoffset != 0)) {
            PyErr_Format(
                PyExc_TypeError,
                "%s: its base %s has room for attributes in every instance, and items have none: write "
                "__slots__ = () in %s",
                d->abi.name, base->tp_name, base->tp_name);
            return -1;
        }
    }
    return 0;
}

int ak_item_memory_adopt(DTypeObject *d)
{
    if (check_room(d) < 0) {
        return -1;
    }
    static const destructor deallocs[] = {
        [AK_ITEM_RAW] = free_raw,       [AK_ITEM_BOOL] = free_integer,    [AK_ITEM_INT] = free_integer,
        [AK_ITEM_FLOAT] = free_float,   [AK_ITEM_COMPLEX] = free_complex, [AK_ITEM_TEXT] = ak_text_free,
        [AK_ITEM_BYTES] = ak_text_free,
    };
    PyTypeObject *type = (PyTypeObject *)d;
    const int layout = d->native ? d->native->layout : AK_ITEM_RAW;
    type->tp_flags &= ~Py_TPFLAGS_HAVE_GC;
    type->tp_traverse = NULL;
    type->tp_clear = NULL;
    type->tp_free = PyObject_Free;
    type->tp_alloc = PyType_GenericAlloc;
    type->tp_dealloc = deallocs[layout];
    if (layout == AK_ITEM_RAW) {
        const int loose = d->beside & AK_BESIDE_LOOSE;
        type->tp_basicsize =
            (Py_ssize_t)sizeof(RawItem) + (loose ? (Py_ssize_t)sizeof(PyObject *) : d->abi.itemsize);
        type->tp_dealloc = loose ? ak_item_free_object : free_raw;
        if (type->tp_new ==
            PyBaseObject_Type.tp_new) { /* a mixin, as of families, stands first among the bases */
            type->tp_new = ak_ItemBase->tp_new;
        }
    } else { /* the class inherited new from Python's number, which checks no range */
        type->tp_new = ak_ItemBase->tp_new;
        type->tp_vectorcall = ak_item_call;
    }
    return 0;
}
