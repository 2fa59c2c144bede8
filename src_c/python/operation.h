/* What the files of tier 2 share: the Operation type, and one general call in the making.
 *
 * elementwise.c, reduction.c and gufunc.c each have their own hot paths; whatever is not hot goes
 * through an ak_invocation (invocation.c), which knows operands, casts and outputs.
 */
#ifndef AK_OPERATION_H
#define AK_OPERATION_H

#include "ak_python.h"
#include "core_dims.h"
#include "side.h"

enum { AK_ELEMENTWISE, AK_REDUCTION, AK_GUFUNC };

/* Loops over at least so many elements run without the GIL. */
enum { AK_RELEASE_GIL_SIZE = 16384 };

typedef struct OperationObject {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    ak_table plans;  /* classes of the operands -> PlanObject (owned) */
    ak_table typed;  /* the same and the dtype that was asked for */
    PyObject *under; /* dict of plans under other promotion policies; NULL while there are none */
    PyObject *kept;  /* list of the keys in both tables: their addresses must stay theirs */
    PyObject *name;
    const char *text; /* = name */
    PyObject *resolve, *otherwise, *foreign;
    int kind, nin, nout;
    int compare;       /* Py_LT ... Py_GE for the six comparisons, else -1 */
    int loops;         /* gufuncs: whether operands may have more than their core dimensions */
    int asks_lengths;  /* gufuncs: whether kernels must say how long a dimension of an output is */
    ak_core_dims core; /* gufuncs */
    PyObject *core_text;
    PyObject *dict, *weakrefs;
} OperationObject;

/* The vectorcall of an elementwise operation with that many operands. */
vectorcallfunc ak_elementwise_entry(const OperationObject *op);
PyObject *ak_reduction_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames);
PyObject *ak_gufunc_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames);

/* ---- operation.c ----------------------------------------------------------------------------------- */

/* The class that an operand contributes to tier 2's key; NULL for what an Operation does not take. */
static inline const void *ak_operand_key(PyObject *o)
{
    PyTypeObject *type = Py_TYPE(o);
    if (type == ak_ArrayType) {
        return ((ArrayObject *)o)->dtype;
    }
    if (type == &PyFloat_Type || type == &PyLong_Type || type == &PyBool_Type || type == &PyComplex_Type ||
        ak_is_item(o)) {
        return type;
    }
    return o == ak_NA ? type : NULL;
}

/* The keys of all operands; -1 with a TypeError that names the first one that cannot be taken. */
int ak_operand_keys(OperationObject *op, PyObject *const *args, const void **keys);
/* The plan for these keys (and dtype, or NULL); a new reference. A miss asks `resolve` and remembers. */
PlanObject *ak_operation_plan(OperationObject *op, const void *const *keys, DTypeObject *dtype);
/* What a composed kernel computes from whole operands and keywords that have been read; takes over the plan. */
PyObject *ak_plan_compose(PlanObject *plan, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames);
/* What `resolve` answers for these classes, checked; a new reference, or NULL with an exception. */
PlanObject *ak_ask_resolve(OperationObject *op, PyObject *classes, DTypeObject *dtype);
/* All plans found so far, as a new list. */
PyObject *ak_operation_plans(OperationObject *op, PyObject *unused);
/* Forgets all plans; their destructors run when the tables are already empty. */
void ak_forget_plans(OperationObject *op);

/* Names of keywords, interned by ak_keywords_init. */
enum { AK_MAX_KEYWORDS = 8 };
typedef struct ak_keywords {
    int n;
    const char *text[AK_MAX_KEYWORDS];
    PyObject *name[AK_MAX_KEYWORDS];
} ak_keywords;
int ak_keywords_init(ak_keywords *keywords);
/* Puts the keyword arguments into `values` (borrowed; NULL if absent or None). */
int ak_keywords_read(OperationObject *op, const ak_keywords *keywords, PyObject *const *args,
                     Py_ssize_t nargs, PyObject *kwnames, PyObject **values);
/* TypeError unless nargs is the number of inputs. */
int ak_check_nargs(OperationObject *op, Py_ssize_t nargs);

/* ---- promotion.c ----------------------------------------------------------------------------------- */

/* The context variable of promotion policies; NULL while only the default has been used. */
extern PyObject *ak_promotion_var;
/* The name of the policy of this thread or task, a new reference; NULL for the default one. */
int ak_promotion(PyObject **name);
/* Whether a policy other than the default counts here; asked by hot paths only if the variable is there. */
int ak_promotes_otherwise(void);
/* As ak_operation_plan, under a policy. */
PlanObject *ak_plan_under(OperationObject *op, PyObject *policy, const void *const *keys, DTypeObject *dtype);
/* Whether promotion= is among the keywords: then the whole call is done under it, with the answer in *result. */
int ak_call_under(OperationObject *op, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                  PyObject **result);
int ak_init_promotion(PyObject *module);

static inline int ak_other_promotion(void)
{
    return AK_UNLIKELY(ak_promotion_var != NULL) && ak_promotes_otherwise();
}

int ak_init_elementwise(void);
int ak_init_reduction(void);
int ak_init_gufunc(void);

/* ---- invocation.c ---------------------------------------------------------------------------------- */

/* Where one operand's elements are; `array` is owned and NULL for an item kept in the invocation. */
typedef struct ak_place {
    ArrayObject *array;
    char *data;
    int ndim; /* loop dimensions, then core dimensions */
    const intptr_t *shape, *strides;
} ak_place;

/* One call: operands are bound, broadcast, run, and taken out as results, in this order. */
typedef struct ak_invocation {
    OperationObject *op;
    PlanObject *plan;    /* owned */
    int needs_python;    /* the loop or a cast must hold the GIL */
    ak_lazy_heap memory; /* what the outputs' elements refer to */
    ak_error error;
    ak_context ctx, cast_ctx[AK_MAX_ARGS];
    const ak_dtype *cast_dtypes[AK_MAX_ARGS][2];
    ak_call call;
    ak_place place[AK_MAX_ARGS];        /* inputs; outputs: where the loop writes */
    ArrayObject *returned[AK_MAX_ARGS]; /* outputs: what the caller gets; owned */
    ArrayObject *target[AK_MAX_ARGS];   /* outputs: a view of `returned` laid out as loop + core; owned */
    char given[AK_MAX_ARGS];            /* whether `returned` came from out= */
    intptr_t shape[AK_MAX_NDIM];        /* of the loop */
    intptr_t core_lengths[AK_CALL_MAX_CORE];
    intptr_t strides[AK_MAX_ARGS][AK_MAX_NDIM], mask_strides[AK_MAX_NDIM];
    _Alignas(16) char item[AK_MAX_ARGS][AK_STACK_ITEM];
} ak_invocation;

/* Takes over the plan's reference. */
void ak_invocation_init(ak_invocation *v, OperationObject *op, PlanObject *plan);
void ak_invocation_release(ak_invocation *v);
/* Binds input k to an Array, item or Python scalar; arrays with core dimensions come in the kernel's dtype. */
int ak_invocation_bind(ak_invocation *v, int k, PyObject *operand);
/* Joins the loop dimensions of the bound inputs. */
int ak_invocation_broadcast(ak_invocation *v);
/* Makes output k (0 is the first) write into `returned`, seen as `target`; both are taken over. */
int ak_invocation_write(ak_invocation *v, int k, ArrayObject *returned, ArrayObject *target, int given);
/* Runs the loop, without the GIL if it is long; errors and warnings raised. */
int ak_invocation_run(ak_invocation *v);
/* The result, or a tuple of them; 0-d ones that were not given by out= as items. */
PyObject *ak_invocation_result(ak_invocation *v);

/* Whether an out= or where= of another array type hands the call to `foreign`, whose answer is *result. */
int ak_call_foreign(OperationObject *op, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                    PyObject **result);
/* Reads out= into `outs` (borrowed; NULL where there is none). */
int ak_read_out(OperationObject *op, PyObject *out, ArrayObject **outs);
/* TypeError or ValueError unless `out` is writeable and has this shape. */
int ak_check_out(OperationObject *op, ArrayObject *out, int ndim, const intptr_t *shape);
/* Takes the core lengths that no input has from the outs, whose shapes are checked later. */
void ak_lengths_of_outs(ak_invocation *v, ArrayObject *const *outs);

/* The cast from a result to an out of another dtype (borrowed); a TypeError that names both if it loses too much. */
KernelObject *ak_out_cast(OperationObject *op, DTypeObject *result, DTypeObject *out);

/* Fills a context for one run of a plan's loop. */
static inline void ak_context_init(ak_context *ctx, ak_error *error, const ak_dtype *const *dtypes)
{
    error->size = sizeof(*error);
    error->code = 0;
    error->text[0] = 0;
    ctx->size = sizeof(*ctx);
    ctx->status = 0;
    ctx->error = error;
    ctx->dtypes = dtypes;
    ctx->heap = NULL;
    ctx->valid = NULL;
}

/* What the status of a cast is to the call around it: a value that does not fit is no warning there. */
enum { AK_STATUS_LOST = 1u << 30 };
static inline uint32_t ak_cast_status(uint32_t status)
{
    return status & AK_STATUS_INVALID ? (status & ~(uint32_t)AK_STATUS_INVALID) | AK_STATUS_LOST : status;
}
/* The same of a result's cast: integers wrap there as they do in any arithmetic of their dtype. */
static inline uint32_t ak_result_status(uint32_t status, const DTypeObject *from, const DTypeObject *to)
{
    const int wraps = (from->kind == 'i' || from->kind == 'u') && (to->kind == 'i' || to->kind == 'u');
    return wraps ? status & ~(uint32_t)AK_STATUS_INVALID : ak_cast_status(status);
}
/* operation.c: the error then; -1. */
int ak_raise_lost(OperationObject *op);

/* After a loop: its failure or its warnings as Python's; 0 or -1. */
static inline int ak_after_loop(OperationObject *op, int failed, const ak_context *ctx)
{
    if (failed) {
        return ak_raise(op->text, ctx->error);
    }
    if (AK_UNLIKELY(ctx->status & AK_STATUS_LOST)) {
        return ak_raise_lost(op);
    }
    return ctx->status ? ak_warn_status(op->text, ctx->status) : 0;
}

/* The same before anything keeps what a result refers to, if its elements do: warnings run any code. */
static inline int ak_after_run(OperationObject *op, int refers, int failed, const ak_context *ctx)
{
    ak_side_busy += refers;
    const int status = ak_after_loop(op, failed, ctx);
    ak_side_busy -= refers;
    return status;
}

/* stream.c: one run of a plan's loop over many elements, without the GIL. */
int ak_run_large(ak_context *ctx, PlanObject *plan, char *const *data, intptr_t n, const intptr_t *strides,
                 ak_loop loop);
/* Runs a plan without casts over n elements whose places and strides are known; `heap` may be NULL. */
static inline int ak_run_in(OperationObject *op, PlanObject *plan, char *const *data, intptr_t n,
                            const intptr_t *strides, ak_loop loop, ak_heap *heap)
{
    ak_error error;
    ak_context ctx;
    int failed;
    ak_context_init(&ctx, &error, plan->abi);
    ctx.heap = heap;
    if (n < AK_RELEASE_GIL_SIZE) {
        failed = n > 0 ? loop(&ctx, data, &n, strides, plan->state) : 0;
    } else {
        Py_INCREF(plan);
        ak_side_busy += plan->heap;
        PyThreadState *state = PyEval_SaveThread();
        failed = ak_run_large(&ctx, plan, data, n, strides, loop);
        PyEval_RestoreThread(state);
        ak_side_busy -= plan->heap;
        Py_DECREF(plan);
    }
    return failed | (ctx.status != 0) ? ak_after_run(op, plan->heap, failed, &ctx) : 0;
}

static inline int ak_run_trivial(OperationObject *op, PlanObject *plan, char *const *data, intptr_t n,
                                 const intptr_t *strides, ak_loop loop)
{
    return ak_run_in(op, plan, data, n, strides, loop, NULL);
}

/* The general call, which takes over the plan; `there` (or NULL): booleans of the loop's shape, false where the
 * loop must not run. */
PyObject *ak_elementwise_run(OperationObject *op, PlanObject *plan, PyObject *const *args,
                             ArrayObject *const *outs, ArrayObject *there);

/* ---- compare.c ------------------------------------------------------------------------------------- */

/* After an OverflowError in reading a Python int beside an array: the comparison by exact values. */
PyObject *ak_compare_exactly(OperationObject *op, PlanObject *plan, PyObject *const *args, ArrayObject *out);

#endif
