/* Items: the root class of all dtypes, with what every element has as a 0-d array and as an operand.
 *
 * The slots live on a plain C base class, whose operators call the generic functions; comparison, hash and
 * text of native items are done here, directly on the Python numbers that they are.
 */
#include "ak_python.h"
#include <string.h>

PyTypeObject *ak_ItemBase;

/* ---- number slots ---- */

#define BINARY(slot, op)                                                                                     \
    static PyObject *item_##slot(PyObject *a, PyObject *b)                                                   \
    {                                                                                                        \
        return ak_operator_binary(AK_OP_##op, a, b);                                                         \
    }
#define UNARY(slot, op)                                                                                      \
    static PyObject *item_##slot(PyObject *a)                                                                \
    {                                                                                                        \
        return ak_operator_unary(AK_OP_##op, a);                                                             \
    }

BINARY(add, add)
BINARY(subtract, subtract)
BINARY(multiply, multiply)
BINARY(true_divide, divide)
BINARY(floor_divide, floor_divide)
BINARY(remainder, remainder)
BINARY(divmod, divmod)
BINARY(matrix_multiply, matmul)
BINARY(and, bitwise_and)
BINARY(or, bitwise_or)
BINARY(xor, bitwise_xor)
BINARY(lshift, bitwise_left_shift)
BINARY(rshift, bitwise_right_shift)
UNARY(negative, negative)
UNARY(positive, positive)
UNARY(absolute, abs)
UNARY(invert, bitwise_invert)

static PyObject *item_power(PyObject *a, PyObject *b, PyObject *modulus)
{
    if (modulus == Py_None) {
        return ak_operator_binary(AK_OP_pow, a, b);
    }
    if (PyLong_Check(a) && PyLong_Check(b) && PyLong_Check(modulus)) {
        return PyLong_Type.tp_as_number->nb_power(a, b, modulus);
    }
    Py_RETURN_NOTIMPLEMENTED;
}

/* ---- comparison, hash, text ---- */

/* Which Python number `o` is, AK_ITEM_RAW for none; items know it without a walk along their bases. */
static int number_layout(PyObject *o)
{
    if (ak_is_item(o)) {
        const ak_native *native = ((DTypeObject *)Py_TYPE(o))->native;
        return native ? native->layout : AK_ITEM_RAW;
    }
    if (PyLong_Check(o)) {
        return AK_ITEM_INT;
    }
    return PyFloat_Check(o)     ? AK_ITEM_FLOAT
           : PyComplex_Check(o) ? AK_ITEM_COMPLEX
           : PyUnicode_Check(o) ? AK_ITEM_TEXT
           : PyBytes_Check(o)   ? AK_ITEM_BYTES
                                : AK_ITEM_RAW;
}

static const int swapped[] = {[Py_LT] = Py_GT, [Py_LE] = Py_GE, [Py_EQ] = Py_EQ,
                              [Py_NE] = Py_NE, [Py_GT] = Py_LT, [Py_GE] = Py_LE};

/* Two Python numbers, exactly by value: settled by the class of the one with the wider layout. */
static PyObject *compare_numbers(PyObject *a, int a_layout, PyObject *b, int b_layout, int op)
{
    static PyTypeObject *const classes[] = {[AK_ITEM_BOOL] = &PyLong_Type,
                                            [AK_ITEM_INT] = &PyLong_Type,
                                            [AK_ITEM_FLOAT] = &PyFloat_Type,
                                            [AK_ITEM_COMPLEX] = &PyComplex_Type};
    if (a_layout == AK_ITEM_FLOAT && b_layout == AK_ITEM_FLOAT) {
        Py_RETURN_RICHCOMPARE(ak_item_double(a), ak_item_double(b), op);
    }
    if (a_layout >= b_layout) {
        return classes[a_layout]->tp_richcompare(a, b, op);
    }
    return classes[b_layout]->tp_richcompare(b, a, swapped[op]);
}

static int is_numpy_scalar(PyObject *o)
{
    PyObject *mro = Py_TYPE(o)->tp_mro;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); i++) {
        if (strcmp(((PyTypeObject *)PyTuple_GET_ITEM(mro, i))->tp_name, "numpy.generic") == 0) {
            return 1;
        }
    }
    return 0;
}

/* A NumPy scalar counts as the Python number that it holds. */
static PyObject *compare_numpy_scalar(PyObject *a, PyObject *scalar, int op)
{
    PyObject *number = PyObject_CallMethod(scalar, "item", NULL);
    const int layout = number ? number_layout(number) : AK_ITEM_RAW;
    PyObject *result = number ? Py_NewRef(Py_NotImplemented) : NULL;
    if (layout != AK_ITEM_RAW) {
        Py_SETREF(result, compare_numbers(a, number_layout(a), number, layout, op));
    }
    Py_XDECREF(number);
    return result;
}

static PyObject *item_richcompare(PyObject *a, PyObject *b, int op)
{
    static const int operators[] = {[Py_LT] = AK_OP_less,    [Py_LE] = AK_OP_less_equal,
                                    [Py_EQ] = AK_OP_equal,   [Py_NE] = AK_OP_not_equal,
                                    [Py_GT] = AK_OP_greater, [Py_GE] = AK_OP_greater_equal};
    const int a_layout = number_layout(a), b_layout = number_layout(b);
    if (ak_layout_is_text(a_layout) && a_layout == b_layout) {
        return ak_text_compare(a, b, op);
    }
    if (ak_layout_is_text(b_layout) || (ak_layout_is_text(a_layout) && b_layout != AK_ITEM_RAW)) {
        Py_RETURN_NOTIMPLEMENTED; /* text is no number */
    }
    if (a_layout != AK_ITEM_RAW && b_layout != AK_ITEM_RAW) {
        return compare_numbers(a, a_layout, b, b_layout, op);
    }
    if (a_layout == AK_ITEM_RAW && Py_TYPE(a) == Py_TYPE(b)) {
        return ak_declared_compare(a, b, op);
    }
    if (b == Py_None) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    if (a_layout != AK_ITEM_RAW && is_numpy_scalar(b)) {
        return compare_numpy_scalar(a, b, op);
    }
    PyObject *result = ak_operator_binary(operators[op], a, b);
    if (result == NULL && a_layout == AK_ITEM_RAW && (op == Py_EQ || op == Py_NE) &&
        PyErr_ExceptionMatches(PyExc_TypeError)) { /* what has nothing in common is different */
        PyErr_Clear();
        Py_RETURN_NOTIMPLEMENTED;
    }
    return result;
}

static Py_hash_t item_hash(PyObject *item)
{
    const ak_native *native = ((DTypeObject *)Py_TYPE(item))->native;
    if (native == NULL) {
        return ak_declared_hash(item);
    }
    switch (native->layout) {
    case AK_ITEM_FLOAT:
        return PyFloat_Type.tp_hash(item);
    case AK_ITEM_COMPLEX:
        return PyComplex_Type.tp_hash(item);
    case AK_ITEM_TEXT:
        return PyUnicode_Type.tp_hash(item);
    case AK_ITEM_BYTES:
        return PyBytes_Type.tp_hash(item);
    default:
        return PyLong_Type.tp_hash(item);
    }
}

static PyObject *item_repr(PyObject *item)
{
    return ((DTypeObject *)Py_TYPE(item))->native ? ak_item_text(item) : ak_declared_text(item);
}

/* ---- construction ---- */

static PyTypeObject *const number_classes[] = {
    [AK_ITEM_BOOL] = &PyBool_Type,       [AK_ITEM_INT] = &PyLong_Type,     [AK_ITEM_FLOAT] = &PyFloat_Type,
    [AK_ITEM_COMPLEX] = &PyComplex_Type, [AK_ITEM_TEXT] = &PyUnicode_Type, [AK_ITEM_BYTES] = &PyBytes_Type};

PyObject *ak_item_plain(PyObject *item)
{
    const ak_native *native = item ? ((DTypeObject *)Py_TYPE(item))->native : NULL;
    if (native == NULL) {
        return item;
    }
    PyObject *number = PyObject_CallOneArg((PyObject *)number_classes[native->layout], item);
    Py_DECREF(item);
    return number;
}

/* What Python reads from text as a number of this layout; anything else as it is. New reference. */
static PyObject *number_of_text(const ak_native *native, PyObject *value)
{
    if (!PyUnicode_Check(value) || native->layout == AK_ITEM_BOOL) {
        return Py_NewRef(value);
    }
    return PyObject_CallOneArg((PyObject *)number_classes[native->layout], value);
}

/* The item of a native dtype that `value` stands for. */
static PyObject *native_from(DTypeObject *d, PyObject *value)
{
    if (ak_layout_is_text(d->native->layout)) {
        return ak_text_from(d, value);
    }
    if (Py_TYPE(value) == (PyTypeObject *)d) {
        return Py_NewRef(value);
    }
    char storage[16];
    PyObject *number = number_of_text(d->native, value);
    PyObject *item = number && d->set(d, number, storage) == 0 ? d->get(d, storage) : NULL;
    Py_XDECREF(number);
    return item;
}

PyObject *ak_item_call(PyObject *type, PyObject *const *args, size_t nargsf, PyObject *keywords)
{
    DTypeObject *d = (DTypeObject *)type;
    const Py_ssize_t count = PyVectorcall_NARGS(nargsf);
    if (keywords != NULL && PyTuple_GET_SIZE(keywords) != 0) {
        return PyErr_Format(PyExc_TypeError, "%s() takes no keyword arguments", d->abi.name);
    }
    if (count > 1) {
        return PyErr_Format(PyExc_TypeError, "%s() takes one value, not %zd", d->abi.name, count);
    }
    return native_from(d, count ? args[0] : Py_False);
}

static PyObject *item_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    DTypeObject *d = (DTypeObject *)type;
    if (!ak_is_dtype((PyObject *)type) || !d->is_concrete) {
        return PyErr_Format(PyExc_TypeError,
                            "%s is an abstract dtype: it has no items, only its concrete subclasses do",
                            type->tp_name);
    }
    if (d->native == NULL) {
        return ak_declared_new(d, args, kwargs);
    }
    PyObject *value = Py_False;
    if ((kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) ||
        !PyArg_UnpackTuple(args, d->abi.name, 0, 1, &value)) {
        return PyErr_Occurred()
                   ? NULL
                   : PyErr_Format(PyExc_TypeError, "%s() takes no keyword arguments", d->abi.name);
    }
    return native_from(d, value);
}

static int item_setattro(PyObject *item, PyObject *name, PyObject *value)
{
    (void)value;
    PyErr_Format(PyExc_AttributeError, "%s items are immutable: attribute %R cannot be set",
                 Py_TYPE(item)->tp_name, name);
    return -1;
}

static PyObject *item_subscript(PyObject *item, PyObject *index)
{
    const ak_native *native = ((DTypeObject *)Py_TYPE(item))->native;
    if (PyTuple_Check(index) && PyTuple_GET_SIZE(index) == 0) {
        return Py_NewRef(item);
    }
    if (native != NULL && ak_layout_is_text(native->layout)) {
        return ak_text_subscript(item, index);
    }
    PyErr_Format(PyExc_IndexError, "%s items are 0-d: only () indexes them", Py_TYPE(item)->tp_name);
    return NULL;
}

PyDoc_STRVAR(reduce_doc, "__reduce__()\n--\n\nPickles as the class and what it is called with.");

static PyObject *item_reduce(PyObject *item, PyObject *unused)
{
    (void)unused;
    if (((DTypeObject *)Py_TYPE(item))->native == NULL) {
        PyObject *values = ak_declared_values(item);
        return values ? Py_BuildValue("O(ON)", ak_declared_maker, Py_TYPE(item), values) : NULL;
    }
    PyObject *value = ak_item_plain(Py_NewRef(item));
    return value ? Py_BuildValue("O(N)", Py_TYPE(item), value) : NULL;
}

/* ---- a 0-d array's attributes ---- */

static PyObject *get_dtype(PyObject *item, void *unused)
{
    (void)unused;
    return Py_NewRef(Py_TYPE(item));
}

static PyObject *get_shape(PyObject *item, void *unused)
{
    (void)item, (void)unused;
    return PyTuple_New(0);
}

static PyObject *get_number(PyObject *item, void *number)
{
    (void)item;
    return PyLong_FromVoidPtr(number);
}

static PyObject *get_itemsize(PyObject *item, void *unused)
{
    (void)unused;
    return PyLong_FromSsize_t(((DTypeObject *)Py_TYPE(item))->abi.itemsize);
}

static PyObject *get_self(PyObject *item, void *unused)
{
    (void)unused;
    return Py_NewRef(item);
}

/* The real (which = NULL) or imaginary part, an item of the dtype of the parts. */
static PyObject *get_part(PyObject *item, void *which)
{
    DTypeObject *d = (DTypeObject *)Py_TYPE(item);
    if (d->native == NULL || ak_layout_is_text(d->native->layout)) {
        return PyErr_Format(PyExc_AttributeError, "%s items have no real and imaginary part", d->abi.name);
    }
    if (d->native->part != NULL) {
        DTypeObject *part = ak_dtype_named(d->native->part);
        if (part == NULL) {
            return PyErr_Format(PyExc_SystemError, "%s: its parts' dtype %s is not declared", d->abi.name,
                                d->native->part);
        }
        const Py_complex value = ((PyComplexObject *)item)->cval;
        return ak_item_from_double(part, which ? value.imag : value.real);
    }
    static const char zero[16];
    return which ? d->get(d, zero) : Py_NewRef(item);
}

static PyGetSetDef getset[] = {
    {"dtype", get_dtype, NULL, "The dtype: the item's own class.", NULL},
    {"shape", get_shape, NULL, "(): an item is 0-d.", NULL},
    {"ndim", get_number, NULL, "0", NULL},
    {"size", get_number, NULL, "1", (void *)1},
    {"itemsize", get_itemsize, NULL, "Bytes of one element.", NULL},
    {"nbytes", get_itemsize, NULL, "Bytes of one element.", NULL},
    {"T", get_self, NULL, "The item itself.", NULL},
    {"real", get_part, NULL, "The real part.", NULL},
    {"imag", get_part, NULL, "The imaginary part.", (void *)1},
    {NULL, NULL, NULL, NULL, NULL},
};

PyDoc_STRVAR(tobytes_doc,
             "tobytes()\n--\n\nThe bytes of the element in memory, as NumPy's scalars give them.");

static PyObject *item_tobytes(PyObject *item, PyObject *unused)
{
    (void)unused;
    DTypeObject *d = (DTypeObject *)Py_TYPE(item);
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, d->abi.itemsize);
    if (bytes != NULL && ak_item_set(d, item, PyBytes_AS_STRING(bytes)) < 0) {
        Py_CLEAR(bytes);
    }
    return bytes;
}

static PyMethodDef methods[] = {
    {"__reduce__", item_reduce, METH_NOARGS, reduce_doc},
    {"tobytes", item_tobytes, METH_NOARGS, tobytes_doc},
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(item_doc,
             "What every element of an array has: a 0-d array's attributes, and operators that stay in "
             "its dtype.");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)item_doc},
    {Py_tp_new, AK_SLOT(item_new)},
    {Py_tp_repr, AK_SLOT(item_repr)},
    {Py_tp_hash, AK_SLOT(item_hash)},
    {Py_tp_richcompare, AK_SLOT(item_richcompare)},
    {Py_tp_setattro, AK_SLOT(item_setattro)},
    {Py_tp_getset, getset},
    {Py_tp_methods, methods},
    {Py_mp_subscript, AK_SLOT(item_subscript)},
    {Py_nb_add, AK_SLOT(item_add)},
    {Py_nb_subtract, AK_SLOT(item_subtract)},
    {Py_nb_multiply, AK_SLOT(item_multiply)},
    {Py_nb_true_divide, AK_SLOT(item_true_divide)},
    {Py_nb_floor_divide, AK_SLOT(item_floor_divide)},
    {Py_nb_remainder, AK_SLOT(item_remainder)},
    {Py_nb_divmod, AK_SLOT(item_divmod)},
    {Py_nb_power, AK_SLOT(item_power)},
    {Py_nb_matrix_multiply, AK_SLOT(item_matrix_multiply)},
    {Py_nb_and, AK_SLOT(item_and)},
    {Py_nb_or, AK_SLOT(item_or)},
    {Py_nb_xor, AK_SLOT(item_xor)},
    {Py_nb_lshift, AK_SLOT(item_lshift)},
    {Py_nb_rshift, AK_SLOT(item_rshift)},
    {Py_nb_negative, AK_SLOT(item_negative)},
    {Py_nb_positive, AK_SLOT(item_positive)},
    {Py_nb_absolute, AK_SLOT(item_absolute)},
    {Py_nb_invert, AK_SLOT(item_invert)},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "arraykit._core.ItemOperators",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

static PyMethodDef functions[] = {
    {NULL, NULL, 0, NULL},
};

int ak_init_items(PyObject *module)
{
    PyObject *operators = PyType_FromSpec(&spec);
    if (operators == NULL) {
        return -1;
    }
    ak_ItemBase = (PyTypeObject *)PyObject_CallFunction((PyObject *)ak_DTypeMeta, "s(O){ss}", "Item",
                                                        operators, "__module__", "arraykit._core");
    Py_DECREF(operators);
    if (ak_ItemBase == NULL || PyModule_AddFunctions(module, functions) < 0 || ak_init_declared(module) < 0 ||
        ak_init_item_cast(module) < 0 || ak_init_array_cast(module) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "Item", (PyObject *)ak_ItemBase);
}
