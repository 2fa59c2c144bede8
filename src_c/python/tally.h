/* What tracing counts of one method, a tally for each thread.
 *
 * Only its own thread writes a tally, and others may read it meanwhile; knows nothing of methods and probes.
 */
#ifndef AK_TALLY_H
#define AK_TALLY_H

#include "ak_python.h"

typedef struct Tally {
    struct Tally *next;
    unsigned long thread;
    uint64_t calls, nested, misses, declined, errors; /* errors are among the calls, declined too */
    uint64_t total, own;                              /* ns with and without the traced calls inside */
    uint64_t active;                                  /* calls that run now */
} Tally;

/* This thread's in a list that belongs to `owner`, new if need be; NULL without memory. */
Tally *ak_tally_of(PyObject *owner, Tally **list);
void ak_tally_count(uint64_t *number, uint64_t more);
void ak_tally_add(Tally *sum, PyObject *owner, Tally *const *list);
void ak_tally_free(Tally *list);

#endif
