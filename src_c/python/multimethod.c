/* The type Multimethod: calls the method registered for the classes of the positional arguments.
 *
 * A warm call looks its answer up (multimethod.h says why it can be believed), and hands the arguments to
 * the method's vectorcall as they came, keywords included; it makes no tuple and knows nothing of how
 * methods are chosen.  That is Python's business (arraykit/dispatch), asked once for a tuple of classes:
 * `_find(classes, after)` gives a Method or None, `_refuse(args, after)` raises; both have a third argument,
 * names, where some of the arguments are passed by name (multimethod_named.c).
 */
#include "multimethod.h"

#include <stddef.h>
#include <structmember.h>

PyTypeObject *ak_MultimethodType;

/* A method to call; both references are owned. */
typedef struct Found {
    PyObject *target, *method; /* method NULL: there is none */
    vectorcallfunc call;
} Found;

static PyObject *types_of(const Labels *labels)
{
    PyObject *types = PyTuple_New(labels->n);
    for (Py_ssize_t i = 0; types != NULL && i < labels->n; i++) {
        PyTuple_SET_ITEM(types, i, Py_NewRef(Py_TYPE(labels->args[i])));
    }
    return types;
}

/* The best method, or the one next to `after`; None or NULL as `find` says. */
static PyObject *look_up(MultimethodObject *self, PyObject *types, const uint32_t *tags, PyObject *after,
                         const Labels *labels)
{
    PyObject *method = NULL;
    if (Py_EnterRecursiveCall(" in the resolution of a multimethod")) {
        return NULL;
    }
    if (after == NULL && labels->names == NULL) {
        method = ak_ask_index(self, types, tags);
    }
    if (method == NULL && !PyErr_Occurred()) {
        method = ak_ask_python(self, ak_names[AK_NAME_FIND], types, after, labels);
    }
    Py_LeaveRecursiveCall();
    if (method == NULL) {
        ak_trace_missed(self, NULL);
        ak_trace_refused(self, 0);
    }
    return method;
}

/* Looks for the best method, or the one next to `after`, and remembers the answer. */
static int resolve(MultimethodObject *self, PyObject *after, const Labels *labels, const Prefix *prefix,
                   Found *found)
{
    int status = -1;
    uint32_t tags[AK_TABLE_MAX_KEYS] = {0};
    PyObject *method = NULL, *lineage = NULL, *types = types_of(labels);
    if (types == NULL) {
        return -1;
    }
    PyTypeObject *const *classes = (PyTypeObject *const *)((PyTupleObject *)types)->ob_item;
    for (Py_ssize_t i = 0; i < labels->n && i < AK_TABLE_MAX_KEYS; i++) {
        tags[i] = ak_version_tag(classes[i]);
    }
    uint64_t generation;
    int changes;
    AK_BEGIN_CRITICAL_SECTION(self);
    ak_multimethod_refresh(self);
    generation = self->generation;
    changes = prefix != NULL && ak_is_changing(self, prefix, classes, tags, labels->n);
    AK_END_CRITICAL_SECTION();
    if ((changes && ak_lineage_of(self, classes, labels->n, &lineage) < 0) ||
        (method = look_up(self, types, tags, after, labels)) == NULL) {
        goto done;
    }
    if (method == Py_None) {
        Py_CLEAR(method);
    } else if (ak_target_of(self, method, &found->target, &found->call) < 0) {
        goto done;
    }
    ak_trace_missed(self, method);
    status =
        prefix ? ak_multimethod_remember(self, prefix, classes, tags, labels->n, method, lineage, generation)
               : 0;
    found->method = method;
    method = NULL;
done:
    Py_XDECREF(method);
    Py_XDECREF(lineage);
    Py_DECREF(types);
    return status;
}

/* The best method, or the one next to `after`, from memory or from Python. */
static int find(MultimethodObject *self, PyObject *after, const Labels *labels, Found *found)
{
    const Answer *answer = NULL;
    Prefix prefix = {{after, NULL}, after != NULL};
    const int named = labels->names != NULL;
    int known;
    *found = (Found){NULL, NULL, NULL};
    if (named) {
        prefix.part[prefix.n++] = labels->passed;
    }
    AK_BEGIN_CRITICAL_SECTION(self);
    known = !named || (labels->passed && labels->names == self->names);
    if (self->epoch != AK_LOAD_COUNT(&ak_dispatch_epoch)) {
        ak_multimethod_refresh(self);
    }
    if (known && labels->n >= 1 && labels->n + prefix.n <= AK_TABLE_MAX_KEYS) {
        answer = prefix.n ? ak_answer_behind(self, &prefix, labels->args, labels->n)
                          : ak_answer_to(self, labels->args, labels->n);
        answer = answer != NULL ? answer : ak_answer_again(self, &prefix, labels->args, labels->n);
    }
    if (answer != NULL) {
        *found = (Found){Py_NewRef(answer->target), Py_XNewRef(answer->method), answer->call};
    }
    AK_END_CRITICAL_SECTION();
    return found->target != NULL ? 0 : resolve(self, after, labels, known ? &prefix : NULL, found);
}

/* No method, or all have declined: NotImplemented where the caller can bear it, else the error. */
static PyObject *refuse(MultimethodObject *self, PyObject *after, const Labels *labels, int quiet)
{
    if (quiet != AK_UNSEEN) {
        ak_trace_refused(self, quiet);
    }
    if (quiet) {
        return Py_NewRef(Py_NotImplemented);
    }
    PyObject *tuple = PyTuple_New(labels->n);
    for (Py_ssize_t i = 0; tuple != NULL && i < labels->n; i++) {
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(labels->args[i]));
    }
    PyObject *result = tuple ? ak_ask_python(self, ak_names[AK_NAME_REFUSE], tuple, after, labels) : NULL;
    Py_XDECREF(tuple);
    return result;
}

AK_NOINLINE PyObject *ak_multimethod_ask(MultimethodObject *self, PyObject *after, PyObject *const *args,
                                         size_t nargsf, PyObject *kwnames, int quiet)
{
    PyObject *result = NULL;
    Found found;
    Labels labels;
    if (ak_labels_of(self, args, PyVectorcall_NARGS(nargsf), kwnames, &labels) < 0) {
        return NULL;
    }
    Py_XINCREF(after);
    for (;;) {
        if (find(self, after, &labels, &found) < 0) {
            break;
        }
        if (AK_UNLIKELY(kwnames != NULL &&
                        labels.seen != AK_LOAD_POINTER(&self->names))) { /* other arguments decide now */
            Py_CLEAR(found.target);
            Py_CLEAR(found.method);
            ak_labels_release(&labels);
            if (ak_labels_of(self, args, PyVectorcall_NARGS(nargsf), kwnames, &labels) < 0) {
                Py_XDECREF(after);
                return NULL;
            }
            continue;
        }
        if (found.method == NULL) {
            result = refuse(self, after, &labels, quiet);
            break;
        }
        result = found.call(found.target, args, nargsf, kwnames);
        if (result != Py_NotImplemented || self->keeps) {
            break;
        }
        Py_CLEAR(result);
        Py_CLEAR(found.target);
        Py_XSETREF(after, found.method);
    }
    Py_XDECREF(found.target);
    Py_XDECREF(found.method);
    Py_XDECREF(after);
    ak_labels_release(&labels);
    return result;
}

/* `target`, the best method, has answered NotImplemented. If it is not the best any more, begin anew. */
static AK_NOINLINE PyObject *declined(MultimethodObject *self, PyObject *target, PyObject *const *args,
                                      size_t nargsf, PyObject *kwnames, int quiet)
{
    const Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (self->keeps && target != Py_NotImplemented) {
        return Py_NewRef(Py_NotImplemented);
    }
    PyObject *after = NULL;
    int none;
    AK_BEGIN_CRITICAL_SECTION(self);
    const int current = self->epoch == AK_LOAD_COUNT(&ak_dispatch_epoch) || ak_multimethod_watches(self);
    const Answer *answer = current ? ak_answer_before(self, args, n) : NULL;
    none = answer != NULL && answer->method == NULL;
    if (answer != NULL && ak_trace_untraced(answer->target) == ak_trace_untraced(target)) {
        after = Py_XNewRef(answer->method);
    }
    AK_END_CRITICAL_SECTION();
    if (none) {
        const Labels labels = {.args = args, .n = n}; /* what is passed by name goes to `ask` at once */
        return refuse(self, NULL, &labels, quiet);
    }
    PyObject *result = ak_multimethod_ask(self, after, args, nargsf, kwnames, quiet);
    Py_XDECREF(after);
    return result;
}

/* A call of 1 to AK_TABLE_MAX_KEYS arguments; n is a constant where it matters. */
static inline PyObject *call_n(MultimethodObject *self, PyObject *const *args, size_t nargsf,
                               PyObject *kwnames, Py_ssize_t n, int quiet)
{
    PyObject *target = NULL;
    vectorcallfunc call = NULL;
    AK_BEGIN_CRITICAL_SECTION(self);
    if (AK_UNLIKELY(self->epoch != AK_LOAD_COUNT(&ak_dispatch_epoch))) {
        ak_multimethod_refresh(self);
    }
    const Answer *answer = ak_answer_to(self, args, n);
    if (answer != NULL) {
        target = Py_NewRef(answer->target);
        call = answer->call;
    }
    AK_END_CRITICAL_SECTION();
    if (AK_UNLIKELY(target == NULL)) {
        return ak_multimethod_ask(self, NULL, args, nargsf, kwnames, quiet);
    }
    PyObject *result = call(target, args, nargsf, kwnames);
    if (AK_UNLIKELY(result == Py_NotImplemented)) {
        Py_DECREF(result);
        result = declined(self, target, args, nargsf, kwnames, quiet);
    }
    Py_DECREF(target);
    return result;
}

/* Calls of other numbers of arguments; apart, so that the frequent ones need no stack of their own. */
static AK_NOINLINE PyObject *call_many(MultimethodObject *self, PyObject *const *args, size_t nargsf,
                                       PyObject *kwnames, int quiet)
{
    const Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    return n >= 1 && n <= AK_TABLE_MAX_KEYS ? call_n(self, args, nargsf, kwnames, n, quiet)
                                            : ak_multimethod_ask(self, NULL, args, nargsf, kwnames, quiet);
}

static inline PyObject *call_any(MultimethodObject *self, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames, int quiet)
{
    const Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    return n == 2   ? call_n(self, args, nargsf, kwnames, 2, quiet)
           : n == 1 ? call_n(self, args, nargsf, kwnames, 1, quiet)
           : n == 3 ? call_n(self, args, nargsf, kwnames, 3, quiet)
                    : call_many(self, args, nargsf, kwnames, quiet);
}

/* Apart, so that calls without keywords need not keep anything across the look at the names. */
static AK_NOINLINE PyObject *call_keywords(MultimethodObject *self, PyObject *const *args, size_t nargsf,
                                           PyObject *kwnames, int quiet)
{
    return kwnames != AK_LOAD_POINTER(&self->harmless) && AK_LOAD_POINTER(&self->names) != NULL &&
                   AK_UNLIKELY(ak_passes_names(self, kwnames))
               ? ak_multimethod_ask(self, NULL, args, nargsf, kwnames, quiet)
               : call_any(self, args, nargsf, kwnames, quiet);
}

static PyObject *multimethod_vectorcall(PyObject *self, PyObject *const *args, size_t nargsf,
                                        PyObject *kwnames)
{
    return kwnames != NULL ? call_keywords((MultimethodObject *)self, args, nargsf, kwnames, 0)
                           : call_any((MultimethodObject *)self, args, nargsf, NULL, 0);
}

PyObject *ak_multimethod_try(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    if (Py_TYPE(self) != ak_MultimethodType) {
        return PyObject_Vectorcall(self, args, (size_t)n, NULL);
    }
    return call_any((MultimethodObject *)self, args, (size_t)n, NULL, 1);
}

PyObject *ak_multimethod_target(PyObject *self, PyObject *const *args, Py_ssize_t n, vectorcallfunc *call)
{
    const Labels labels = {.args = args, .n = n};
    Found found;
    const int failed = find((MultimethodObject *)self, NULL, &labels, &found) < 0;
    if (failed || found.method == NULL) {
        Py_CLEAR(found.target);
        Py_XDECREF(failed ? NULL : refuse((MultimethodObject *)self, NULL, &labels, 0));
    }
    Py_XDECREF(found.method);
    *call = found.call;
    return found.target;
}

/* ---- the type --------------------------------------------------------------------------------- */

static PyObject *multimethod_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args, (void)kwargs; /* are for __init__, which is Python */
    MultimethodObject *self = (MultimethodObject *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->vectorcall = multimethod_vectorcall;
    for (size_t i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        ak_table_init(&self->best[i], i + 1);
        ak_table_init(&self->next[i], i + 2);
    }
    return (PyObject *)self;
}

static int multimethod_traverse(PyObject *op, visitproc visit, void *arg)
{
    MultimethodObject *self = (MultimethodObject *)op;
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(self->dict);
    Py_VISIT(self->index);
    Py_VISIT(self->probes);
    Py_VISIT(self->names);
    Py_VISIT(self->watched);
    return ak_multimethod_visit(self, visit, arg);
}

static int multimethod_clear(PyObject *op)
{
    MultimethodObject *self = (MultimethodObject *)op;
    ak_multimethod_forget(self, self->watches_abcs);
    Py_CLEAR(self->dict);
    Py_CLEAR(self->probes);
    Py_CLEAR(self->names);
    Py_CLEAR(self->harmless);
    Py_CLEAR(self->watched);
    return 0;
}

static void multimethod_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    PyObject_ClearWeakRefs(op);
    (void)multimethod_clear(op);
    type->tp_free(op);
    Py_DECREF(type);
}

/* On a class, a multimethod is a method. */
static PyObject *multimethod_get(PyObject *self, PyObject *instance, PyObject *owner)
{
    (void)owner;
    return instance == NULL || instance == Py_None ? Py_NewRef(self) : PyMethod_New(self, instance);
}

static PyObject *next_of(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames, int quiet)
{
    if (n < 1) {
        PyErr_SetString(PyExc_TypeError, "_next(after, *args, **kwargs): the method is missing");
        return NULL;
    }
    return ak_multimethod_ask((MultimethodObject *)self, args[0] == Py_None ? NULL : args[0], args + 1,
                              (size_t)(n - 1), kwnames, quiet);
}

static PyObject *multimethod_next(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    return next_of(self, args, n, kwnames, 0);
}

static PyObject *multimethod_pass_on(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    return next_of(self, args, n, kwnames, 1);
}

static PyObject *multimethod_count(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    Py_ssize_t count;
    AK_BEGIN_CRITICAL_SECTION(self);
    count = ak_multimethod_count((MultimethodObject *)self);
    AK_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(count);
}

static PyMethodDef multimethod_methods[] = {
    {"_watch", ak_multimethod_watch, METH_O,
     "_watch(cls)\n--\n\nForgets all answers, now and whenever the class or a base of it changes."},
    {"_forget", ak_multimethod_forget_all, METH_O,
     "_forget(watches_abcs)\n--\n\nForgets all answers; tells whether foreign ABCs matter from now on."},
    {"invoke", (PyCFunction)(void (*)(void))ak_multimethod_invoke, METH_FASTCALL | METH_KEYWORDS,
     "invoke($self, types, /, *args, **kwargs)\n--\n\nCall the method that arguments of the classes `types` "
     "would get, with `args`, which must be instances."},
    {"_name", ak_multimethod_name, METH_O,
     "_name(names)\n--\n\nTells under which names methods take positional arguments."},
    {"_next", (PyCFunction)(void (*)(void))multimethod_next, METH_FASTCALL | METH_KEYWORDS,
     "_next(after, /, *args, **kwargs)\n--\n\nCalls the method that comes after the Method `after` (None: "
     "the best)."},
    {"_pass_on", (PyCFunction)(void (*)(void))multimethod_pass_on, METH_FASTCALL | METH_KEYWORDS,
     "_pass_on(after, /, *args, **kwargs)\n--\n\nThe same, but NotImplemented if there is none."},
    {"_remembered", multimethod_count, METH_NOARGS, "_remembered()\n--\n\nThe number of answers kept."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef multimethod_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(MultimethodObject, vectorcall), READONLY, NULL},
    {"__dictoffset__", T_PYSSIZET, offsetof(MultimethodObject, dict), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(MultimethodObject, weakrefs), READONLY, NULL},
    {"_keeps_not_implemented", T_BOOL, offsetof(MultimethodObject, keeps), 0, "Whether that is an answer."},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef multimethod_getset[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot multimethod_slots[] = {
    {Py_tp_new, AK_SLOT(multimethod_new)},
    {Py_tp_dealloc, AK_SLOT(multimethod_dealloc)},
    {Py_tp_traverse, AK_SLOT(multimethod_traverse)},
    {Py_tp_clear, AK_SLOT(multimethod_clear)},
    {Py_tp_call, AK_SLOT(PyVectorcall_Call)},
    {Py_tp_descr_get, AK_SLOT(multimethod_get)},
    {Py_tp_methods, multimethod_methods},
    {Py_tp_members, multimethod_members},
    {Py_tp_getset, multimethod_getset},
    {0, NULL},
};

static PyType_Spec multimethod_spec = {
    .name = "arraykit.dispatch.Multimethod",
    .basicsize = sizeof(MultimethodObject),
    .flags =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .slots = multimethod_slots,
};

int ak_init_multimethod(PyObject *module)
{
    ak_MultimethodType = (PyTypeObject *)PyType_FromSpec(&multimethod_spec);
    if (ak_MultimethodType == NULL || ak_init_answers(module) < 0 || ak_init_trace(module) < 0 ||
        ak_init_fork(module) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "Multimethod", (PyObject *)ak_MultimethodType);
}
