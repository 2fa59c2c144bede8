/* Probes: what the answers of a traced multimethod lead to, and what they count (multimethod_probe.c). */
#ifndef AK_PROBE_H
#define AK_PROBE_H

#include "multimethod.h"
#include "tally.h"

typedef struct ProbeObject {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *target; /* what an answer led to; NULL: nothing leads here, but there are tallies */
    vectorcallfunc call;
    Tally *tallies;           /* one a thread; never removed */
    struct ProbeObject *more; /* for another target of the same method; owned */
} ProbeObject;

int ak_init_probes(void);
/* Calls a probe's target, and notes what comes of it. */
PyObject *ak_probe_call(PyObject *probe, PyObject *const *args, size_t nargsf, PyObject *kwnames);
/* The probe of a method (None: of calls without one) for a target, NULL if there is none yet; borrowed.
 * An identity look-up in a dict of plain objects: runs no Python and makes nothing. */
PyObject *ak_known_probe(PyObject *probes, PyObject *method, const PyObject *target);
/* The same, made if need be; borrowed from self->probes. */
PyObject *ak_probe_of(MultimethodObject *self, PyObject *method, PyObject *target, vectorcallfunc call);
/* All that a method's probes have counted, as a tuple. */
PyObject *ak_probe_sums(ProbeObject *probe);

#endif
