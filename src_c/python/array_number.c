/* The operators of Array: each calls the generic function of its name.
 *
 * Nothing is computed here; an in-place operator is the function with the left operand as its output.
 */
#include "array.h"

#define BINARY(name) static PyObject *binary_##name(PyObject *a, PyObject *b) { return ak_operator_binary(AK_OP_##name, a, b); }
#define UNARY(name) static PyObject *unary_##name(PyObject *a) { return ak_operator_unary(AK_OP_##name, a); }
#define INPLACE(name) static PyObject *inplace_##name(PyObject *a, PyObject *b) { return ak_operator_inplace(AK_OP_##name, a, b); }

BINARY(add)
BINARY(subtract)
BINARY(multiply)
BINARY(divide)
BINARY(floor_divide)
BINARY(remainder)
BINARY(divmod)
BINARY(matmul)
BINARY(bitwise_and)
BINARY(bitwise_or)
BINARY(bitwise_xor)
BINARY(bitwise_left_shift)
BINARY(bitwise_right_shift)
UNARY(negative)
UNARY(positive)
UNARY(abs)
UNARY(bitwise_invert)
INPLACE(add)
INPLACE(subtract)
INPLACE(multiply)
INPLACE(divide)
INPLACE(floor_divide)
INPLACE(remainder)
INPLACE(matmul)
INPLACE(bitwise_and)
INPLACE(bitwise_or)
INPLACE(bitwise_xor)
INPLACE(bitwise_left_shift)
INPLACE(bitwise_right_shift)

static PyObject *power(PyObject *a, PyObject *b, PyObject *modulus, int inplace)
{
    if (modulus != Py_None) {
        PyErr_SetString(PyExc_TypeError, "pow() of arrays takes no modulus; use (a ** b) % m");
        return NULL;
    }
    return inplace ? ak_operator_inplace(AK_OP_pow, a, b) : ak_operator_binary(AK_OP_pow, a, b);
}

static PyObject *binary_pow(PyObject *a, PyObject *b, PyObject *modulus)
{
    return power(a, b, modulus, 0);
}
static PyObject *inplace_pow(PyObject *a, PyObject *b, PyObject *modulus)
{
    return power(a, b, modulus, 1);
}

PyObject *ak_array_compare(PyObject *a, PyObject *b, int op)
{
    static const int function[] = {
        [Py_LT] = AK_OP_less,      [Py_LE] = AK_OP_less_equal, [Py_EQ] = AK_OP_equal,
        [Py_NE] = AK_OP_not_equal, [Py_GT] = AK_OP_greater,    [Py_GE] = AK_OP_greater_equal,
    };
    return ak_operator_binary(function[op], a, b);
}

int ak_array_number_slots(PyType_Slot *slots)
{
    static const PyType_Slot rows[] = {
        {Py_nb_add, AK_SLOT(binary_add)},
        {Py_nb_subtract, AK_SLOT(binary_subtract)},
        {Py_nb_multiply, AK_SLOT(binary_multiply)},
        {Py_nb_true_divide, AK_SLOT(binary_divide)},
        {Py_nb_floor_divide, AK_SLOT(binary_floor_divide)},
        {Py_nb_remainder, AK_SLOT(binary_remainder)},
        {Py_nb_divmod, AK_SLOT(binary_divmod)},
        {Py_nb_power, AK_SLOT(binary_pow)},
        {Py_nb_matrix_multiply, AK_SLOT(binary_matmul)},
        {Py_nb_and, AK_SLOT(binary_bitwise_and)},
        {Py_nb_or, AK_SLOT(binary_bitwise_or)},
        {Py_nb_xor, AK_SLOT(binary_bitwise_xor)},
        {Py_nb_lshift, AK_SLOT(binary_bitwise_left_shift)},
        {Py_nb_rshift, AK_SLOT(binary_bitwise_right_shift)},
        {Py_nb_negative, AK_SLOT(unary_negative)},
        {Py_nb_positive, AK_SLOT(unary_positive)},
        {Py_nb_absolute, AK_SLOT(unary_abs)},
        {Py_nb_invert, AK_SLOT(unary_bitwise_invert)},
        {Py_nb_inplace_add, AK_SLOT(inplace_add)},
        {Py_nb_inplace_subtract, AK_SLOT(inplace_subtract)},
        {Py_nb_inplace_multiply, AK_SLOT(inplace_multiply)},
        {Py_nb_inplace_true_divide, AK_SLOT(inplace_divide)},
        {Py_nb_inplace_floor_divide, AK_SLOT(inplace_floor_divide)},
        {Py_nb_inplace_remainder, AK_SLOT(inplace_remainder)},
        {Py_nb_inplace_power, AK_SLOT(inplace_pow)},
        {Py_nb_inplace_matrix_multiply, AK_SLOT(inplace_matmul)},
        {Py_nb_inplace_and, AK_SLOT(inplace_bitwise_and)},
        {Py_nb_inplace_or, AK_SLOT(inplace_bitwise_or)},
        {Py_nb_inplace_xor, AK_SLOT(inplace_bitwise_xor)},
        {Py_nb_inplace_lshift, AK_SLOT(inplace_bitwise_left_shift)},
        {Py_nb_inplace_rshift, AK_SLOT(inplace_bitwise_right_shift)},
    };
    const int count = (int)(sizeof(rows) / sizeof(rows[0]));
    for (int i = 0; i < count; i++) {
        slots[i] = rows[i];
    }
    return count;
}
