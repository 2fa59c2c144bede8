/* The type Probe: calls the target of a method of a traced multimethod, and counts and times the calls.
 *
 * Tallies are kept by thread (tally.c), so what is counted needs no lock.
 */
#include "probe.h"

#include <stddef.h>
#include <structmember.h>
#include <time.h>

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

PyObject *ak_probe_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
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
        probe->vectorcall = ak_probe_call;
        probe->target = Py_XNewRef(target);
        probe->call = call;
    }
    return (PyObject *)probe;
}

PyObject *ak_known_probe(PyObject *probes, PyObject *method, const PyObject *target)
{
    ProbeObject *probe = (ProbeObject *)PyDict_GetItemWithError(probes, method);
    while (probe != NULL && probe->target != target) {
        probe = probe->more;
    }
    return (PyObject *)probe;
}

PyObject *ak_probe_of(MultimethodObject *self, PyObject *method, PyObject *target, vectorcallfunc call)
{
    PyObject *probe = ak_known_probe(self->probes, method, target);
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

/* The probe of a method for a target, owned; NULL without an exception: it is not traced, or there is no memory. */
static PyObject *owned_probe_of(MultimethodObject *self, PyObject *method, PyObject *target,
                                vectorcallfunc call)
{
    PyObject *probe = NULL;
    if (AK_LOAD_POINTER(&self->probes) != NULL) {
        AK_BEGIN_CRITICAL_SECTION(self);
        probe = self->probes != NULL ? Py_XNewRef(ak_probe_of(self, method, target, call)) : NULL;
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
        *call = ak_probe_call;
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
        probe = Py_XNewRef(known != NULL ? known : ak_probe_of(self, method, NULL, NULL));
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

PyObject *ak_probe_sums(ProbeObject *probe)
{
    Tally sum = {0};
    for (; probe != NULL; probe = probe->more) {
        ak_tally_add(&sum, (PyObject *)probe, &probe->tallies);
    }
    return Py_BuildValue("(KKKKKKK)", sum.calls, sum.nested, sum.misses, sum.declined, sum.errors, sum.total,
                         sum.own);
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

int ak_init_probes(void)
{
    probe_type = (PyTypeObject *)PyType_FromSpec(&probe_spec);
    return probe_type == NULL ? -1 : 0;
}
