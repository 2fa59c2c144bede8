/* Calls of elementwise operations: hot paths for contiguous arrays, numbers and items; the rest by
 * invocation.
 *
 * A hot path either does the whole call or declines without a trace; it never reports a user's mistake,
 * so every error text comes from the general path.
 */
#include "nulls.h"
#include <string.h>

/* Keeps what is rarely called out of the frames of what is often called. */
#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

enum { OUT, DTYPE };
static ak_keywords keywords = {.text = {"out", "dtype", NULL}};

/* ---- hot paths: 1 if the call is done (result NULL: an exception is set), 0 to decline ----------------- */

/* The array that was just written, or NULL if that failed. */
static inline PyObject *finish(ArrayObject *out, int status)
{
    if (status < 0) {
        Py_DECREF(out);
        return NULL;
    }
    return out->ndim == 0 ? ak_array_result(out) : (PyObject *)out;
}

static inline int is_simple(uint32_t flags)
{
    return (flags & (AK_ARRAY_C | AK_ARRAY_ALIGNED)) == (AK_ARRAY_C | AK_ARRAY_ALIGNED);
}

static inline int same_shape(const ArrayObject *a, const ArrayObject *b)
{
    if (a->ndim != b->ndim) {
        return 0;
    }
    for (int d = 0; d < a->ndim; d++) {
        if (a->shape[d] != b->shape[d]) {
            return 0;
        }
    }
    return 1;
}

/* Whether a plan runs as it is; if there are gaps in an operand, then as bits. */
static inline int runs_as_is(const PlanObject *plan, int gaps)
{
    return plan->trivial || (gaps ? plan->by_bits : plan->direct && plan->row);
}

static inline int two_arrays(OperationObject *op, ArrayObject *a, ArrayObject *b, PyObject **result)
{
    const void *key[2] = {a->dtype, b->dtype};
    PlanObject *plan = ak_table_find(&op->plans, key, 2);
    const int gaps = plan != NULL && plan->nullable && (ak_may_miss(a) || ak_may_miss(b));
    const int alike = is_simple(a->flags & b->flags) && same_shape(a, b);
    if (plan == NULL || !alike || !runs_as_is(plan, gaps)) {
        PyObject *const args[2] = {(PyObject *)a, (PyObject *)b};
        if (plan != NULL && plan->row && !plan->nullable && alike) {
            *result = ak_row_pair(op, plan, a, b);
            return 1;
        }
        return plan != NULL && plan->row ? ak_row_hot(op, plan, args, result) : 0;
    }
    ArrayObject *out = ak_array_new(plan->result[0], a->ndim, a->shape);
    *result = (PyObject *)out;
    if (out != NULL) {
        char *const data[3] = {a->data, b->data, out->data};
        const intptr_t strides[3] = {a->dtype->abi.itemsize, b->dtype->abi.itemsize,
                                     out->dtype->abi.itemsize};
        const int status = ak_run_trivial(op, plan, data, a->size, strides, plan->contiguous);
        *result = finish(out, gaps && status == 0 ? ak_row_gaps(out, a, b) : status);
    }
    return 1;
}

static inline int one_array(OperationObject *op, ArrayObject *a, PyObject **result)
{
    const void *key[1] = {a->dtype};
    PlanObject *plan = ak_table_find(&op->plans, key, 1);
    const int gaps = plan != NULL && plan->nullable && ak_may_miss(a);
    if (plan == NULL || !runs_as_is(plan, gaps) || !is_simple(a->flags)) {
        PyObject *const args[1] = {(PyObject *)a};
        return plan != NULL && plan->row ? ak_row_hot(op, plan, args, result) : 0;
    }
    ArrayObject *out = ak_array_new(plan->result[0], a->ndim, a->shape);
    *result = (PyObject *)out;
    if (out != NULL) {
        char *const data[2] = {a->data, out->data};
        const intptr_t strides[2] = {a->dtype->abi.itemsize, out->dtype->abi.itemsize};
        const int status = ak_run_trivial(op, plan, data, a->size, strides, plan->contiguous);
        *result = finish(out, gaps && status == 0 ? ak_row_gaps(out, a, a) : status);
    }
    return 1;
}

/* A trivial plan for these keys whose items all fit on the stack; borrowed, or NULL. */
static inline PlanObject *small_plan(OperationObject *op, const void *const *key)
{
    PlanObject *plan = ak_table_get(&op->plans, key);
    return plan != NULL && plan->trivial && plan->small ? plan : NULL;
}

/* Reads a number or item into `item`; 0 to decline: the general path knows what an overflow means. */
static int read_item(DTypeObject *dtype, PyObject *operand, char *item, int *failed)
{
    *failed = ak_item_set(dtype, operand, item) < 0;
    if (*failed && PyErr_ExceptionMatches(PyExc_OverflowError)) {
        PyErr_Clear();
        return 0;
    }
    return 1;
}

/* Items that refer to memory. */
static NOINLINE int other_items(OperationObject *op, const void *const *key, PyObject *const *args,
                                PyObject **result)
{
    PlanObject *plan = ak_table_get(&op->plans, key);
    return plan != NULL && plan->row ? ak_row_hot(op, plan, args, result) : 0;
}

static PyObject *array_with_item(OperationObject *op, PlanObject *plan, ArrayObject *a, int at, char *item)
{
    ArrayObject *out = ak_array_new(plan->result[0], a->ndim, a->shape);
    if (out == NULL) {
        return NULL;
    }
    const intptr_t step = a->dtype->abi.itemsize;
    char *const data[3] = {at == 0 ? a->data : item, at == 1 ? a->data : item, out->data};
    const intptr_t strides[3] = {at == 0 ? step : 0, at == 1 ? step : 0, out->dtype->abi.itemsize};
    return finish(out, ak_run_trivial(op, plan, data, a->size, strides, plan->strided));
}

/* An array at operand `at`, a number or item at the other. */
static NOINLINE int array_and_item(OperationObject *op, PyObject *const *args, int at, PyObject **result)
{
    _Alignas(16) char item[AK_STACK_ITEM];
    const void *key[2] = {ak_operand_key(args[0]), ak_operand_key(args[1])};
    PlanObject *plan = key[1 - at] != NULL ? ak_table_get(&op->plans, key) : NULL;
    ArrayObject *a = (ArrayObject *)args[at];
    int failed;
    if (plan == NULL || !plan->trivial || !plan->small || !is_simple(a->flags)) {
        return plan != NULL && plan->row ? ak_row_hot(op, plan, args, result) : 0;
    }
    Py_INCREF(plan); /* reading an item may run Python code */
    const int done = read_item(plan->dtype[1 - at], args[1 - at], item, &failed);
    *result = done && !failed ? array_with_item(op, plan, a, at, item) : NULL;
    Py_DECREF(plan);
    return done;
}

/* No array at all: one element in, one element out. */
static NOINLINE int only_items(OperationObject *op, PyObject *const *args, PyObject **result)
{
    _Alignas(16) char item[3][AK_STACK_ITEM];
    char *const data[3] = {item[0], item[1], item[2]};
    static const intptr_t still[3];
    const void *key[2];
    for (int k = 0; k < op->nin; k++) {
        key[k] = ak_operand_key(args[k]);
        if (key[k] == NULL) {
            return 0;
        }
    }
    PlanObject *plan = small_plan(op, key);
    if (plan == NULL) {
        return other_items(op, key, args, result);
    }
    Py_INCREF(plan);
    int done = 1, failed = 0;
    for (int k = 0; k < op->nin && done && !failed; k++) {
        done = read_item(plan->dtype[k], args[k], item[k], &failed);
    }
    *result = NULL;
    if (done && !failed && ak_run_trivial(op, plan, data, 1, still, plan->strided) == 0) {
        *result = ak_item_get(plan->result[0], item[op->nin]);
    }
    Py_DECREF(plan);
    return done;
}

/* ---- the general path -----------------------------------------------------------------------------------
 */

/* Whether all inputs of the loop's shape are laid out in Fortran's order, so that the output should be too.
 */
static int prefers_f(const ak_invocation *v)
{
    int votes = 0;
    for (int k = 0; k < v->plan->nin; k++) {
        const ArrayObject *a = v->place[k].array;
        if (a != NULL && a->ndim == v->call.ndim) {
            if (!(a->flags & AK_ARRAY_F) || (a->flags & AK_ARRAY_C)) {
                return 0;
            }
            votes++;
        }
    }
    return votes > 0;
}

/* A new array of the loop's shape whose first dimension moves fastest. */
static ArrayObject *new_f_array(DTypeObject *dtype, int ndim, const intptr_t *shape)
{
    intptr_t reversed[AK_MAX_NDIM], strides[AK_MAX_NDIM];
    for (int d = 0; d < ndim; d++) {
        reversed[d] = shape[ndim - 1 - d];
    }
    ArrayObject *memory = ak_array_new(dtype, ndim, reversed);
    if (memory == NULL) {
        return NULL;
    }
    for (int d = 0; d < ndim; d++) {
        strides[d] = ak_strides(memory)[ndim - 1 - d];
    }
    ArrayObject *a = ak_array_view((PyObject *)memory, dtype, memory->data, ndim, shape, strides, 1);
    Py_DECREF(memory);
    return a;
}

static int write_outputs(ak_invocation *v, ArrayObject *const *outs)
{
    for (int k = 0; k < v->plan->nout; k++) {
        if (outs[k] != NULL && ak_check_out(v->op, outs[k], v->call.ndim, v->shape) < 0) {
            return -1;
        }
    }
    for (int k = 0; k < v->plan->nout; k++) {
        ArrayObject *out = outs[k];
        if (out != NULL) {
            Py_INCREF(out);
        } else if (prefers_f(v)) {
            out = new_f_array(v->plan->result[k], v->call.ndim, v->shape);
        } else {
            out = ak_array_new(v->plan->result[k], v->call.ndim, v->shape);
        }
        if (out == NULL ||
            ak_invocation_write(v, k, out, (ArrayObject *)Py_NewRef(out), outs[k] != NULL) < 0) {
            return -1;
        }
    }
    return 0;
}

static int bind_inputs(ak_invocation *v, PyObject *const *args)
{
    for (int k = 0; k < v->plan->nin; k++) {
        if (ak_invocation_bind(v, k, args[k]) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Has the loop run only over elements that are there; a new output is zero elsewhere. */
static void run_where(ak_invocation *v, ArrayObject *there)
{
    const int nop = v->plan->nin + v->plan->nout;
    v->call.masked = 1;
    ak_layout_broadcast_strides(v->call.ndim, v->shape, there->ndim, there->shape, ak_strides(there),
                                v->mask_strides);
    v->call.operand[nop] = (ak_operand){.data = there->data, .strides = v->mask_strides};
    for (int k = v->plan->nin; k < nop; k++) {
        const ArrayObject *out = v->place[k].array;
        if (!v->given[k - v->plan->nin] || out != v->target[k - v->plan->nin]) {
            memset(out->data, 0, (size_t)(out->size * out->dtype->abi.itemsize));
        }
    }
}

PyObject *ak_elementwise_run(OperationObject *op, PlanObject *plan, PyObject *const *args,
                             ArrayObject *const *outs, ArrayObject *there)
{
    ak_invocation v;
    PyObject *result = NULL;
    ak_invocation_init(&v, op, plan);
    if (bind_inputs(&v, args) < 0) {
        if (op->compare >= 0 && PyErr_ExceptionMatches(PyExc_OverflowError)) {
            result = ak_compare_exactly(op, plan, args, outs[0]);
        }
    } else if (ak_invocation_broadcast(&v) == 0 && write_outputs(&v, outs) == 0) {
        if (there != NULL) {
            run_where(&v, there);
        }
        result = ak_invocation_run(&v) == 0 ? ak_invocation_result(&v) : NULL;
    }
    ak_invocation_release(&v);
    return result;
}

static NOINLINE PyObject *call_general(OperationObject *op, PyObject *const *args, Py_ssize_t nargs,
                                       PyObject *kwnames)
{
    PyObject *values[2];
    ArrayObject *outs[AK_MAX_ARGS];
    const void *keys[AK_MAX_ARGS];
    DTypeObject *dtype = NULL;
    PyObject *answer;
    if ((kwnames != NULL && ak_call_under(op, args, nargs, kwnames, &answer)) ||
        ak_call_foreign(op, args, nargs, kwnames, &answer)) {
        return answer;
    }
    if (ak_check_nargs(op, nargs) < 0 || ak_keywords_read(op, &keywords, args, nargs, kwnames, values) < 0 ||
        ak_operand_keys(op, args, keys) < 0 || ak_read_out(op, values[OUT], outs) < 0) {
        return NULL;
    }
    if (values[DTYPE] != NULL) {
        dtype = ak_dtype_from(values[DTYPE]);
        if (dtype == NULL) {
            return NULL;
        }
    }
    PlanObject *plan = ak_operation_plan(op, keys, dtype);
    Py_XDECREF(dtype);
    if (plan != NULL && plan->composition != NULL && !plan->nullable) {
        return ak_plan_compose(plan, args, nargs, kwnames);
    }
    if (plan == NULL || !plan->nullable) {
        return plan != NULL ? ak_elementwise_run(op, plan, args, outs, NULL) : NULL;
    }
    if (plan->kernel->abi->nulls == AK_NULLS_HANDLES) {
        return ak_nulls_handled(op, plan, args, nargs, kwnames);
    }
    int composed = plan->composition != NULL;
    for (int k = 0; k < op->nin && plan->policy != AK_POLICY_PROPAGATE; k++) {
        composed |= ak_operand_may_miss(args[k]);
    }
    if (composed) {
        Py_DECREF(plan);
        return ak_nulls_composed("elementwise", op, args, nargs, kwnames);
    }
    return ak_nulls_elementwise(op, plan, args, outs);
}

/* ---- entries: one for each number of operands, so that a hot call asks nothing twice ------------------------- */

static PyObject *call_any(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    return call_general((OperationObject *)self, args, PyVectorcall_NARGS(nargsf), kwnames);
}

static PyObject *call_unary(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    OperationObject *op = (OperationObject *)self;
    PyObject *result;
    if (kwnames == NULL && PyVectorcall_NARGS(nargsf) == 1 &&
        (ak_is_array(args[0]) ? one_array(op, (ArrayObject *)args[0], &result)
                              : only_items(op, args, &result))) {
        return result;
    }
    return call_any(self, args, nargsf, kwnames);
}

static PyObject *call_binary(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    OperationObject *op = (OperationObject *)self;
    PyObject *result;
    if (kwnames == NULL && PyVectorcall_NARGS(nargsf) == 2 && !ak_other_promotion()) {
        const int first = ak_is_array(args[0]), second = ak_is_array(args[1]);
        const int done = first && second
                             ? two_arrays(op, (ArrayObject *)args[0], (ArrayObject *)args[1], &result)
                         : first || second ? array_and_item(op, args, second, &result)
                                           : only_items(op, args, &result);
        if (done) {
            return result;
        }
    }
    return call_any(self, args, nargsf, kwnames);
}

vectorcallfunc ak_elementwise_entry(const OperationObject *op)
{
    return op->nout != 1 ? call_any : op->nin == 1 ? call_unary : op->nin == 2 ? call_binary : call_any;
}

int ak_init_elementwise(void)
{
    return ak_keywords_init(&keywords);
}
