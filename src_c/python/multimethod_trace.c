/* Counts and times the methods of traced multimethods.
 *
 * While a multimethod is traced, its answers lead to *probes* instead of to the methods' targets: a probe
 * calls the target and notes what came of it.  So a call that is not traced costs nothing, and one that is
 * needs no place of its own in the path of a call; operators that keep an answer see another generation.
 * Tallies are kept by thread and only their own thread writes them; they are added up when they are read.
 */
#include "multimethod.h"

#include <stddef.h>
#include <structmember.h>
#include <time.h>

typedef struct Tally {
    struct Tally *next;
    unsigned long thread;
    uint64_t calls, nested, misses, declined, errors; /* errors are among the calls, declined too */
    uint64_t total, own;                              /* ns with and without the traced calls inside */
    uint64_t active;                                  /* calls that run now */
} Tally;

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

/* This thread's, or NULL without memory, when the call goes uncounted. */
static Tally *tally_of(ProbeObject *probe)
{
    const unsigned long thread = PyThread_get_thread_ident();
    for (Tally *t = probe->tallies; t != NULL; t = t->next) {
        if (t->thread == thread) {
            return t;
        }
    }
    Tally *made = PyMem_Calloc(1, sizeof(Tally));
    if (made != NULL) {
        made->thread = thread;
        made->next = probe->tallies;
        probe->tallies = made;
    }
    return made;
}

static void note(Tally *tally, const PyObject *result, uint64_t elapsed)
{
    tally->calls++;
    tally->nested += depth > 0;
    tally->errors += result == NULL;
    tally->declined += result == Py_NotImplemented;
    tally->own += elapsed > inside ? elapsed - inside : 0;
    tally->total += tally->active == 0 ? elapsed : 0; /* a recursion is inside its outermost call */
}

static PyObject *probe_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    ProbeObject *probe = (ProbeObject *)self;
    Tally *tally = tally_of(probe);
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

void ak_trace_lead(MultimethodObject *self, PyObject *method, PyObject **target, vectorcallfunc *call)
{
    if (self->probes == NULL) {
        return;
    }
    PyObject *probe = probe_of(self, method, *target, *call);
    if (probe == NULL) { /* without memory: untraced */
        PyErr_Clear();
        return;
    }
    *call = probe_call;
    Py_SETREF(*target, Py_NewRef(probe));
}

PyObject *ak_trace_untraced(PyObject *target)
{
    return Py_TYPE(target) == probe_type ? ((ProbeObject *)target)->target : target;
}

/* The tally of `method` in this thread, while an exception may be set; NULL: none. */
static Tally *tally_for(MultimethodObject *self, PyObject *method)
{
    if (self->probes == NULL) {
        return NULL;
    }
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *probe = PyDict_GetItemWithError(self->probes, method);
    if (probe == NULL) {
        probe = probe_of(self, method, NULL, NULL);
    }
    PyErr_Restore(type, value, traceback);
    return probe != NULL ? tally_of((ProbeObject *)probe) : NULL;
}

void ak_trace_missed(MultimethodObject *self, PyObject *method)
{
    Tally *tally = tally_for(self, method != NULL ? method : Py_None);
    if (tally != NULL) {
        tally->misses++;
    }
}

void ak_trace_refused(MultimethodObject *self, int quiet)
{
    Tally *tally = tally_for(self, Py_None);
    if (tally != NULL) {
        tally->calls++;
        tally->nested += depth > 0;
        tally->declined += quiet != 0;
        tally->errors += quiet == 0;
    }
}

/* ---- beginning and ending --------------------------------------------------------------------- */

static void visit_answers(MultimethodObject *self,
                          void (*visit)(const void *const *key, void *value, void *arg), void *arg)
{
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        ak_table_visit(&self->best[i], visit, arg);
        ak_table_visit(&self->next[i], visit, arg);
    }
}

/* What the answers lead to; references are owned, since making probes may run Python. */
typedef struct Leads {
    struct {
        PyObject *method, *target;
        vectorcallfunc call;
    } *row;
    Py_ssize_t count;
} Leads;

static void gather(const void *const *key, void *value, void *arg)
{
    (void)key;
    Leads *leads = arg;
    const Answer *answer = value;
    if (answer->method != NULL) {
        leads->row[leads->count].method = Py_NewRef(answer->method);
        leads->row[leads->count].target = Py_NewRef(answer->target);
        leads->row[leads->count++].call = answer->call;
    }
}

static void lead(Answer *answer, PyObject *target, vectorcallfunc call)
{
    PyObject *old = answer->target;
    answer->target = Py_NewRef(target);
    answer->call = call;
    Py_DECREF(old); /* somebody else has it: the probe, or the probes' dict */
}

static void lead_to_probe(const void *const *key, void *value, void *probes)
{
    (void)key;
    Answer *answer = value;
    PyObject *probe = answer->method != NULL ? known_probe(probes, answer->method, answer->target) : NULL;
    if (probe != NULL) {
        lead(answer, probe, probe_call);
    }
}

static void lead_to_target(const void *const *key, void *value, void *arg)
{
    (void)key, (void)arg;
    Answer *answer = value;
    if (answer->call == probe_call) {
        const ProbeObject *probe = (const ProbeObject *)answer->target;
        lead(answer, probe->target, probe->call);
    }
}

static int make_probes(MultimethodObject *self, Leads *leads)
{
    int status = 0;
    visit_answers(self, gather, leads);
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
    Leads leads = {PyMem_Calloc((size_t)ak_multimethod_count(self) + 1, sizeof(*leads.row)), 0};
    if (leads.row == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->probes = PyDict_New();
    const int status = self->probes != NULL ? make_probes(self, &leads) : -1;
    PyMem_Free(leads.row);
    if (status < 0) {
        Py_CLEAR(self->probes);
        return -1;
    }
    visit_answers(self, lead_to_probe, self->probes);
    self->generation = AK_ADD_COUNT(&ak_generations);
    return 0;
}

static void end(MultimethodObject *self)
{
    PyObject *probes = self->probes;
    visit_answers(self, lead_to_target, NULL);
    self->generation = AK_ADD_COUNT(&ak_generations);
    self->probes = NULL;
    Py_DECREF(probes);
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
    if (self == NULL || (self->probes == NULL && begin(self) < 0)) {
        return NULL;
    }
    self->traces++;
    Py_RETURN_NONE;
}

static PyObject *trace_end(PyObject *module, PyObject *op)
{
    (void)module;
    MultimethodObject *self = multimethod_of(op);
    if (self == NULL) {
        return NULL;
    }
    if (self->traces > 0 && --self->traces == 0) {
        end(self);
    }
    Py_RETURN_NONE;
}

static PyObject *sums(const ProbeObject *probe)
{
    Tally sum = {0};
    for (; probe != NULL; probe = probe->more) {
        for (const Tally *t = probe->tallies; t != NULL; t = t->next) {
            sum.calls += t->calls, sum.nested += t->nested, sum.misses += t->misses;
            sum.declined += t->declined, sum.errors += t->errors;
            sum.total += t->total, sum.own += t->own;
        }
    }
    return Py_BuildValue("(KKKKKKK)", sum.calls, sum.nested, sum.misses, sum.declined, sum.errors, sum.total,
                         sum.own);
}

static PyObject *trace_counts(PyObject *module, PyObject *op)
{
    (void)module;
    MultimethodObject *self = multimethod_of(op);
    PyObject *counts = self != NULL ? PyDict_New() : NULL;
    PyObject *method, *probe, *probes = counts != NULL ? Py_XNewRef(self->probes) : NULL;
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
    for (Tally *next, *t = self->tallies; t != NULL; t = next) {
        next = t->next;
        PyMem_Free(t);
    }
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
