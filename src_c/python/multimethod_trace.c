/* Begins and ends traces: leads the answers of a multimethod to probes, and back.
 *
 * While a multimethod is traced, its answers lead to *probes* (multimethod_probe.c) instead of to the methods'
 * targets. So a call that is not traced costs nothing, and one that is needs no place of its own in the path
 * of a call; operators that keep an answer see another generation.
 */
#include "probe.h"

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
    if (answer->method != NULL && PyObject_TypeCheck(answer->method, ak_ForkType)) {
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
    if (leads->count < leads->room && *call != ak_probe_call) {
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
    PyObject *probe = ak_known_probe(probes, method, *target);
    if (probe != NULL) {
        lead(target, call, probe, ak_probe_call);
    }
}

static void lead_to_target(PyObject *method, PyObject **target, vectorcallfunc *call, void *arg)
{
    (void)method, (void)arg;
    if (*call == ak_probe_call) {
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
        if (status == 0 && ak_probe_of(self, method, target, leads->row[i].call) == NULL) {
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
        PyObject *row = ak_probe_sums((ProbeObject *)probe);
        if (row == NULL || PyDict_SetItem(counts, method, row) < 0) {
            Py_CLEAR(counts);
        }
        Py_XDECREF(row);
    }
    Py_XDECREF(probes);
    return counts;
}

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
    return ak_init_probes() < 0 ? -1 : PyModule_AddFunctions(module, functions);
}
