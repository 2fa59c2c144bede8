/* Lists of tallies: found, added up, freed.
 *
 * A tally is never taken out of its list, so it may be written without the lock that guards the list.
 */
#include "tally.h"
#include "threads.h"

Tally *ak_tally_of(PyObject *owner, Tally **list)
{
    const unsigned long thread = PyThread_get_thread_ident();
    Tally *tally;
    (void)owner;
    AK_BEGIN_CRITICAL_SECTION(owner);
    tally = *list;
    while (tally != NULL && tally->thread != thread) {
        tally = tally->next;
    }
    if (tally == NULL && (tally = PyMem_Calloc(1, sizeof(Tally))) != NULL) {
        tally->thread = thread;
        tally->next = *list;
        *list = tally;
    }
    AK_END_CRITICAL_SECTION();
    return tally;
}

void ak_tally_count(uint64_t *number, uint64_t more)
{
    AK_STORE_COUNT(number, *number + more);
}

void ak_tally_add(Tally *sum, PyObject *owner, Tally *const *list)
{
    (void)owner;
    AK_BEGIN_CRITICAL_SECTION(owner);
    for (const Tally *t = *list; t != NULL; t = t->next) {
        sum->calls += AK_LOAD_COUNT(&t->calls), sum->nested += AK_LOAD_COUNT(&t->nested);
        sum->misses += AK_LOAD_COUNT(&t->misses), sum->declined += AK_LOAD_COUNT(&t->declined);
        sum->errors += AK_LOAD_COUNT(&t->errors), sum->total += AK_LOAD_COUNT(&t->total);
        sum->own += AK_LOAD_COUNT(&t->own);
    }
    AK_END_CRITICAL_SECTION();
}

void ak_tally_free(Tally *list)
{
    for (Tally *next, *t = list; t != NULL; t = next) {
        next = t->next;
        PyMem_Free(t);
    }
}
