/* Comparisons of an array or item with a Python int that its dtype cannot hold: exact, never an error.
 *
 * Integers answer all alike, by the int's sign; floats are compared one by one, as Python compares a
 * float with an int.  Called with the OverflowError of the failed conversion set.
 */
#include "operation.h"
#include <string.h>

/* What `item op number` is for every integer item, when the number is beyond all of them on one side. */
static int beyond(int compare, int number_is_larger)
{
    switch (compare) {
    case Py_LT:
    case Py_LE:
        return number_is_larger;
    case Py_GT:
    case Py_GE:
        return !number_is_larger;
    default:
        return compare == Py_NE;
    }
}

static const int mirrored[] = {[Py_LT] = Py_GT, [Py_LE] = Py_GE, [Py_EQ] = Py_EQ,
                               [Py_NE] = Py_NE, [Py_GT] = Py_LT, [Py_GE] = Py_LE};

/* item op number for one element; -1 with an exception. */
static int compare_item(int compare, DTypeObject *dtype, const char *data, PyObject *number)
{
    static PyObject *zero;
    if (zero == NULL && (zero = PyLong_FromLong(0)) == NULL) {
        return -1;
    }
    if (dtype->kind != 'f') {
        const int larger = PyObject_RichCompareBool(number, zero, Py_GT);
        return larger < 0 ? -1 : beyond(compare, larger);
    }
    PyObject *item = ak_item_get(dtype, data);
    PyObject *value = item != NULL ? PyFloat_FromDouble(PyFloat_AsDouble(item)) : NULL;
    const int answer = value != NULL ? PyObject_RichCompareBool(value, number, compare) : -1;
    Py_XDECREF(value);
    Py_XDECREF(item);
    return answer;
}

/* Fills the C-contiguous booleans of `result` from the elements of the C-contiguous `a`. */
static int fill(int compare, ArrayObject *a, PyObject *number, ArrayObject *result)
{
    for (intptr_t i = 0; i < a->size; i++) {
        const int answer = compare_item(compare, a->dtype, a->data + i * a->dtype->abi.itemsize, number);
        if (answer < 0) {
            return -1;
        }
        result->data[i] = (char)answer;
    }
    return 0;
}

static int is_exact_int(PyObject *o)
{
    return PyLong_CheckExact(o);
}

static PyObject *compare_array(OperationObject *op, PlanObject *plan, int compare, PyObject *operand,
                               PyObject *number, ArrayObject *out)
{
    ArrayObject *a = ak_array_from(operand, NULL);
    ArrayObject *c = a != NULL ? ak_array_copy(a, NULL, AK_CAST_EXACT) : NULL;
    ArrayObject *result = c != NULL ? ak_array_new(plan->result[0], c->ndim, c->shape) : NULL;
    int status = result != NULL ? fill(compare, c, number, result) : -1;
    if (status == 0 && out != NULL) {
        status = ak_check_out(op, out, result->ndim, result->shape) < 0 ||
                         ak_array_assign(out, result, AK_CAST_SAME_KIND) < 0
                     ? -1
                     : 0;
    }
    Py_XDECREF(a);
    Py_XDECREF(c);
    if (status < 0) {
        Py_XDECREF(result);
        return NULL;
    }
    if (out != NULL) {
        Py_DECREF(result);
        return Py_NewRef(out);
    }
    return ak_array_result(result);
}

PyObject *ak_compare_exactly(OperationObject *op, PlanObject *plan, PyObject *const *args, ArrayObject *out)
{
    const int at = is_exact_int(args[1]) ? 1 : 0; /* where the number is */
    if (!is_exact_int(args[at]) || is_exact_int(args[1 - at]) || plan->result[0]->abi.itemsize != 1) {
        return NULL; /* the OverflowError stands */
    }
    PyErr_Clear();
    return compare_array(op, plan, at == 1 ? op->compare : mirrored[op->compare], args[1 - at], args[at],
                         out);
}
