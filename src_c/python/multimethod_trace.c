/* Counts and times the methods of traced multimethods.
 *
 * While a multimethod is traced, its answers lead to *probes* instead of to the methods' targets: a probe
 * calls the target and notes what came of it.  So a call that is not traced costs nothing, and one that is
 * needs no place of its own in the path of a call; operators that keep an answer see another generation.
 */
#include "multimethod.h"
#include "tally.h"

#include <stddef.h>
#include <structmember.h>
#include <time.h>

typedef struct ProbeObject {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *target; /* what an answer led to; NULL: nothing leads here, but there are tallies */
    vectorcallfunc call;
    Tally *tallies;           /* one a thread; never removed */
    struct ProbeObject *more; /* for another target of the same method; owned */
} ProbeObject;

static PyTypeObject *probe_type;

/* Of this thread: the time of the traced calls that ended inside the one that runs, and how many run. */
static _Thread_local uint64_t inside;
static _Thread_local uint64_t depth;

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- probes ----------------------------------------------------------------------------------- */

static void note(Tally *tally, const PyObject *result, uint64_t elapsed)
{
    ak_tally_count(&tally->calls, 1);
    ak_tally_count(&tally->nested, depth > 0);
    ak_tally_count(&tally->errors, result == NULL);
    ak_tally_count(&tally->declined, result == Py_NotImplemented);
    ak_tally_count(&tally->own, elapsed > inside ? elapsed - inside : 0);
    ak_tally_count(&tally->total,
                   tally->active == 0 ? elapsed : 0); /* a recursion is inside its outermost call */
}

static PyObject *probe_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    ProbeObject *probe = (ProbeObject *)self;
    Tally *tally = ak_tally_of(self, &probe->tallies);
    if (tally == NULL) {
        return probe->call(probe->target, args, nargsf, kwnames);
    }
    const uint64_t before = inside;
    inside = 0;
    depth++;
    tally->active++;
    const uint64_t start = now();
    PyObject *result = probe->call(probe->target, args, nargsf, kwnames);
    const uint64_t elapsed = now() - start;
    tally->active--;
    depth--;
    note(tally, result, elapsed);
    inside = before + elapsed;
    return result;
}

static PyObject *new_probe(PyObject *target, vectorcallfunc call)
{
    ProbeObject *probe = (ProbeObject *)probe_type->tp_alloc(probe_type, 0);
    if (probe != NULL) {
        probe->vectorcall = probe_call;
        probe->target = Py_XNewRef(target);
        probe->call = call;
    }
    return (PyObject *)probe;
}

/* The probe of a method (None: of calls without one) for a target, NULL if there is none yet; borrowed.
 * An identity look-up in a dict of plain objects: runs no Python and makes nothing. */
static PyObject *known_probe(PyObject *probes, PyObject *method, const PyObject *target)
{
    ProbeObject *probe = (ProbeObject *)PyDict_GetItemWithError(probes, method);
    while (probe != NULL && probe->target != target) {
        probe = probe->more;
    }
    return (PyObject *)probe;
}

/* The same, made if need be; borrowed from self->probes. */
static PyObject *probe_of(MultimethodObject *self, PyObject *method, PyObject *target, vectorcallfunc call)
{
    PyObject *probe = known_probe(self->probes, method, target);
    if (probe != NULL || PyErr_Occurred() || (probe = new_probe(target, call)) == NULL) {
        return probe;
    }
    ProbeObject *first = (ProbeObject *)PyDict_GetItemWithError(self->probes, method);
    if (first != NULL) {
        ((ProbeObject *)probe)->more = first->more;
        first->more = (ProbeObject *)probe;
        return probe;
    }
    const int failed = PyDict_SetItem(self->probes, method, probe);
    Py_DECREF(probe);
    return failed ? NULL : probe;
}

/* The same, owned; NULL without an exception: it is not traced, or there is no memory. */
static PyObject *owned_probe_of(MultimethodObject *self, PyObject *method, PyObject *target,
                                vectorcallfunc call)
{
    PyObject *probe = NULL;
    if (AK_LOAD_POINTER(&self->probes) != NULL) {
        AK_BEGIN_CRITICAL_SECTION(self);
        probe = self->probes != NULL ? Py_XNewRef(probe_of(self, method, target, call)) : NULL;
        AK_END_CRITICAL_SECTION();
        if (probe == NULL) {
            PyErr_Clear();
        }
    }
    return probe;
}

/* A fork is no method: those it chooses are traced instead. */
static int is_fork(PyObject *method)
{
    return PyObject_TypeCheck(method, ak_ForkType);
}

void ak_trace_lead(MultimethodObject *self, PyObject *method, PyObject **target, vectorcallfunc *call)
{
    PyObject *probe = is_fork(method) ? NULL : owned_probe_of(self, method, *target, *call);
    if (probe != NULL) {
        *call = probe_call;
        Py_SETREF(*target, probe);
    }
}

PyObject *ak_trace_untraced(PyObject *target)
{
    return Py_TYPE(target) == probe_type ? ((ProbeObject *)target)->target : target;
}

static void add_miss(Tally *tally, int quiet)
{
    (void)quiet;
    ak_tally_count(&tally->misses, 1);
}

static void add_refusal(Tally *tally, int quiet)
{
    ak_tally_count(&tally->calls, 1);
    ak_tally_count(&tally->nested, depth > 0);
    ak_tally_count(&tally->declined, quiet != 0);
    ak_tally_count(&tally->errors, quiet == 0);
}

/* Adds to the tally of `method` in this thread, while an exception may be set. */
static void tell(MultimethodObject *self, PyObject *method, void (*add)(Tally *tally, int quiet), int quiet)
{
    PyObject *type, *value, *traceback, *probe = NULL;
    if (AK_LOAD_POINTER(&self->probes) == NULL) {
        return;
    }
    PyErr_Fetch(&type, &value, &traceback);
    AK_BEGIN_CRITICAL_SECTION(self);
    if (self->probes != NULL) {
        PyObject *known = PyDict_GetItemWithError(self->probes, method);
        probe = Py_XNewRef(known != NULL ? known : probe_of(self, method, NULL, NULL));
    }
    AK_END_CRITICAL_SECTION();
    Tally *tally = probe != NULL ? ak_tally_of(probe, &((ProbeObject *)probe)->tallies) : NULL;
    if (tally != NULL) {
        add(tally, quiet);
    }
    Py_XDECREF(probe);
    PyErr_Restore(type, value, traceback);
}

void ak_trace_missed(MultimethodObject *self, PyObject *method)
{
    if (method == NULL || !is_fork(method)) {
        tell(self, method != NULL ? method : Py_None, add_miss, 0);
    }
}

void ak_trace_refused(MultimethodObject *self, int quiet)
{
    tell(self, Py_None, add_refusal, quiet);
}

/* ---- beginning and ending --------------------------------------------------------------------- */

typedef struct Visit {
    ak_lead_visitor visit;
    void *arg;
} Visit;

static void visit_answer(const void *const *key, void *value, void *arg)
{
    (void)key;
    Answer *answer = value;
    const Visit *v = arg;
    if (answer->method != NULL && is_fork(answer->method)) {
        ak_fork_visit_leads(answer->method, v->visit, v->arg);
    } else if (answer->method != NULL) {
        v->visit(answer->method, &answer->target, &answer->call, v->arg);
    }
}

/* All that answers lead to. The visitor must not run Python, lest the tables change. */
static void visit_leads(MultimethodObject *self, ak_lead_visitor visit, void *arg)
{
    Visit v = {visit, arg};
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        ak_table_visit(&self->best[i], visit_answer, &v);
        ak_table_visit(&self->next[i], visit_answer, &v);
    }
}

/* What the answers lead to; references are owned, since making probes may run Python. */
typedef struct Leads {
    struct {
        PyObject *method, *target;
        vectorcallfunc call;
    } *row;
    Py_ssize_t count, room;
} Leads;

static void count(PyObject *method, PyObject **target, vectorcallfunc *call, void *arg)
{
    (void)method, (void)target, (void)call;
    ++*(Py_ssize_t *)arg;
}

static void gather(PyObject *method, PyObject **target, vectorcallfunc *call, void *arg)
{
    Leads *leads = arg;
    if (leads->count < leads->room && *call != probe_call) {
        leads->row[leads->count].method = Py_NewRef(method);
        leads->row[leads->count].target = Py_NewRef(*target);
        leads->row[leads->count++].call = *call;
    }
}

static void lead(PyObject **target, vectorcallfunc *call, PyObject *new_target, vectorcallfunc new_call)
{
    PyObject *old = *target;
    *target = Py_NewRef(new_target);
    *call = new_call;
    Py_DECREF(old); /* somebody else has it: the probe, or the probes' dict */
}

static void lead_to_probe(PyObject *method, PyObject **target, vectorcallfunc *call, void *probes)
{
    PyObject *probe = known_probe(probes, method, *target);
    if (probe != NULL) {
        lead(target, call, probe, probe_call);
    }
}

static void lead_to_target(PyObject *method, PyObject **target, vectorcallfunc *call, void *arg)
{
    (void)method, (void)arg;
    if (*call == probe_call) {
        const ProbeObject *probe = (const ProbeObject *)*target;
        lead(target, call, probe->target, probe->call);
    }
}

static int make_probes(MultimethodObject *self, Leads *leads)
{
    int status = 0;
    visit_leads(self, gather, leads);
    for (Py_ssize_t i = 0; i < leads->count; i++) {
        PyObject *method = leads->row[i].method, *target = leads->row[i].target;
        if (status == 0 && probe_of(self, method, target, leads->row[i].call) == NULL) {
            status = -1;
        }
        Py_DECREF(method);
        Py_DECREF(target);
    }
    return status;
}

static int begin(MultimethodObject *self)
{
    int status = -1;
    PyObject *probes = PyDict_New(); /* before the answers are counted, for it may run Python */
    Leads leads = {NULL, 0, 0};
    visit_leads(self, count, &leads.room);
    leads.row = PyMem_Calloc((size_t)leads.room + 1, sizeof(*leads.row));
    if (leads.row == NULL) {
        PyErr_NoMemory();
    } else if (probes != NULL) {
        AK_STORE_POINTER(&self->probes, probes);
        status = make_probes(self, &leads);
    }
    PyMem_Free(leads.row);
    if (status < 0) {
        AK_STORE_POINTER(&self->probes, NULL);
        Py_XDECREF(probes);
        return -1;
    }
    visit_leads(self, lead_to_probe, self->probes);
    self->generation = AK_ADD_COUNT(&ak_generations);
    return 0;
}

/* Gives back the probes, which the caller frees. */
static PyObject *end(MultimethodObject *self)
{
    PyObject *probes = self->probes;
    visit_leads(self, lead_to_target, NULL);
    self->generation = AK_ADD_COUNT(&ak_generations);
    AK_STORE_POINTER(&self->probes, NULL);
    return probes;
}

static MultimethodObject *multimethod_of(PyObject *op)
{
    if (!PyObject_TypeCheck(op, ak_MultimethodType)) {
        PyErr_Format(PyExc_TypeError, "trace: expected a multimethod, not %R", op);
        return NULL;
    }
    return (MultimethodObject *)op;
}

static PyObject *trace_begin(PyObject *module, PyObject *op)
{
    (void)module;
    MultimethodObject *self = multimethod_of(op);
    int status = 0;
    if (self == NULL) {
        return NULL;
    }
    AK_BEGIN_CRITICAL_SECTION(self);
    status = self->probes == NULL ? begin(self) : 0;
    self->traces += status == 0;
    AK_END_CRITICAL_SECTION();
    return status == 0 ? Py_NewRef(Py_None) : NULL;
}

static PyObject *trace_end(PyObject *module, PyObject *op)
{
    (void)module;
    MultimethodObject *self = multimethod_of(op);
    PyObject *probes = NULL;
    if (self == NULL) {
        return NULL;
    }
    AK_BEGIN_CRITICAL_SECTION(self);
    if (self->traces > 0 && --self->traces == 0) {
        probes = end(self);
    }
    AK_END_CRITICAL_SECTION();
    Py_XDECREF(probes);
    Py_RETURN_NONE;
}

static PyObject *sums(ProbeObject *probe)
{
    Tally sum = {0};
    for (; probe != NULL; probe = probe->more) {
        ak_tally_add(&sum, (PyObject *)probe, &probe->tallies);
    }
    return Py_BuildValue("(KKKKKKK)", sum.calls, sum.nested, sum.misses, sum.declined, sum.errors, sum.total,
                         sum.own);
}

static PyObject *trace_counts(PyObject *module, PyObject *op)
{
    (void)module;
    MultimethodObject *self = multimethod_of(op);
    PyObject *counts = self != NULL ? PyDict_New() : NULL;
    PyObject *method, *probe, *probes = NULL;
    if (counts != NULL) {
        AK_BEGIN_CRITICAL_SECTION(self);
        probes = self->probes != NULL ? PyDict_Copy(self->probes) : NULL;
        AK_END_CRITICAL_SECTION();
    }
    if (probes == NULL && PyErr_Occurred()) {
        Py_CLEAR(counts);
    }
    Py_ssize_t at = 0;
    while (probes != NULL && counts != NULL && PyDict_Next(probes, &at, &method, &probe)) {
        PyObject *row = sums((ProbeObject *)probe);
        if (row == NULL || PyDict_SetItem(counts, method, row) < 0) {
            Py_CLEAR(counts);
        }
        Py_XDECREF(row);
    }
    Py_XDECREF(probes);
    return counts;
}

/* ---- the type --------------------------------------------------------------------------------- */

static int probe_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(((ProbeObject *)op)->target);
    Py_VISIT(((ProbeObject *)op)->more);
    return 0;
}

static int probe_clear(PyObject *op)
{
    Py_CLEAR(((ProbeObject *)op)->more);
    return 0; /* the target stays: whoever calls this probe holds it, and it needs one */
}

static void probe_dealloc(PyObject *op)
{
    ProbeObject *self = (ProbeObject *)op;
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    ak_tally_free(self->tallies);
    Py_XDECREF(self->target);
    Py_XDECREF(self->more);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyMemberDef probe_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(ProbeObject, vectorcall), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot probe_slots[] = {
    {Py_tp_dealloc, AK_SLOT(probe_dealloc)}, {Py_tp_traverse, AK_SLOT(probe_traverse)},
    {Py_tp_clear, AK_SLOT(probe_clear)},     {Py_tp_call, AK_SLOT(PyVectorcall_Call)},
    {Py_tp_members, probe_members},          {0, NULL},
};

static PyType_Spec probe_spec = {
    .name = "arraykit._core.Probe",
    .basicsize = sizeof(ProbeObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = probe_slots,
};

static PyMethodDef functions[] = {
    {"trace_begin", trace_begin, METH_O,
     "trace_begin(f, /)\n--\n\nCounts the calls of a multimethod's methods till as many calls of trace_end."},
    {"trace_end", trace_end, METH_O, "trace_end(f, /)\n--\n\nEnds what trace_begin began."},
    {"trace_counts", trace_counts, METH_O,
     "trace_counts(f, /)\n--\n\n{method or None: (calls, nested, misses, declined, errors, ns, own ns)} so "
     "far."},
    {NULL, NULL, 0, NULL},
};

int ak_init_trace(PyObject *module)
{
    probe_type = (PyTypeObject *)PyType_FromSpec(&probe_spec);
    return probe_type == NULL ? -1 : PyModule_AddFunctions(module, functions);
}
