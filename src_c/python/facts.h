/* Facts: what methods ask of an argument beyond its class, as a key for what was chosen by it.
 *
 * A key is made of addresses, of numbers that no address equals, and of classes. Who keeps a key keeps the
 * version tags of these classes with it, and owns what the key needs to stay alive.
 */
#ifndef AK_FACTS_H
#define AK_FACTS_H

#include "ak_python.h"

typedef enum Kind {
    VALUE,      /* which of some values it equals: data is a dict of these to themselves */
    MEMBER,     /* which of some values it is: data is a tuple of these */
    CLASS,      /* the argument is a class */
    PARAMETERS, /* what a hook says of it: data is the hook, count how much of that matters */
    GENERIC,    /* what an instance of a typing.Generic was made with */
} Kind;

typedef struct Slot {
    Py_ssize_t place; /* of the argument */
    Kind kind;
    PyObject *data; /* owned */
    Py_ssize_t count;
} Slot;

/* Facts as a key. */
typedef struct Facts {
    const void *key[AK_TABLE_MAX_KEYS];
    char is_class[AK_TABLE_MAX_KEYS];
    Py_ssize_t n;
    PyObject *kept[AK_TABLE_MAX_KEYS];    /* what must live as long as the key; owned */
    PyObject *passing[AK_TABLE_MAX_KEYS]; /* what must live until the key was looked up; owned */
    Py_ssize_t n_kept, n_passing;
    int unknown; /* they do not make a key */
} Facts;

/* Adds what is asked of an argument. Returns 0 or -1. */
int ak_add_fact(Facts *facts, const Slot *slot, PyObject *x);
void ak_release_facts(Facts *facts);
int ak_init_facts(void);

#endif
