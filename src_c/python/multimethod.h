/* What the two files of the type Multimethod share: the object, and how an answer is looked up.
 *
 * An *answer* says which method serves one tuple of classes.  It is found again by the addresses of the
 * classes, and believed only if each class still has the version tag it had when Python was asked.  The
 * interpreter gives a tag to one state of one class and never again, and takes it away (sets 0) from a
 * class and its subclasses whenever its bases or attributes change.  So an answer is right, or not found,
 *   - after `__bases__` was assigned: the tag is another one;
 *   - for a new class at the address of a dead one: it has another tag, and answers own no class;
 *   - for a class without a tag: no answer holds 0.
 * For classes that keep changing without other bases (say, that count their instances), an answer also knows
 * their lineage; it is believed anew, under the new tag, if that is what it was.
 * What tags do not show empties the tables: a registration at once, an Abstract.register by the epoch, a
 * registration with a foreign ABC by the token of `abc` (asked only where a signature has such a class), a
 * change of the class whose class or static method it is by that class's tag (no argument shows that class).
 */
#ifndef AK_MULTIMETHOD_H
#define AK_MULTIMETHOD_H

#include "ak_python.h"
#include "threads.h"

typedef struct Answer {
    PyObject *target; /* what to call; owned */
    vectorcallfunc call;
    PyObject *method;  /* the Method that `target` belongs to, owned; NULL: no method serves */
    PyObject *lineage; /* of the classes (lineage.c), owned; NULL: their tags alone are believed */
    uint32_t tags[AK_TABLE_MAX_KEYS];
} Answer;

typedef struct MultimethodObject {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    uint64_t epoch;                  /* ak_dispatch_epoch: the tables may be used; else refresh first */
    uint64_t seen_epoch, seen_token; /* of the last refresh */
    uint64_t generation;             /* a number no multimethod had before, since all was forgotten */
    char keeps;                      /* an answer NotImplemented is the caller's, as any other */
    int watches_abcs;  /* some signature has a class whose subclasses are registered elsewhere */
    PyObject *watched; /* a class on which answers depend though no argument shows it, or NULL */
    ak_table best[AK_TABLE_MAX_KEYS]; /* by number of arguments - 1: classes -> Answer */
    ak_table next[AK_TABLE_MAX_KEYS]; /* by the same: a Method or names, then the classes -> Answer */
    PyObject *names;    /* under which methods take positional arguments: a tuple, or NULL for none */
    PyObject *harmless; /* keywords of a call of which none is among `names`, or NULL */
    PyObject *index;    /* MethodIndex that may answer for Python; None: none may; NULL: not asked */
    PyObject *dict, *weakrefs;
    PyObject *probes;  /* Method -> Probe while it is traced, else NULL */
    Py_ssize_t traces; /* how many traces run */
} MultimethodObject;

extern uint64_t ak_dispatch_epoch; /* counts the events that concern every multimethod; from 1 */
extern uint64_t ak_generations;    /* the last generation given to any multimethod */

int ak_init_answers(PyObject *module);

/* Names of attributes, made once: the interpreter's memory of look-ups keeps each new text for a while. */
enum { AK_NAME_FIND, AK_NAME_REFUSE, AK_NAME_PLAIN_INDEX, AK_NAME_CHOOSE, AK_NAME_TARGET, AK_NAME_COUNT };
extern PyObject *ak_names[AK_NAME_COUNT];

/* The arguments that decide: the positional ones, then those passed by names that methods have for positions,
 * in the order of `names`. */
typedef struct Labels {
    PyObject *const *args; /* borrowed */
    Py_ssize_t n;
    PyObject *seen;      /* the `names` of the multimethod when this was made, owned; NULL: not needed */
    PyObject *names;     /* the same; NULL: no argument was passed by one of them */
    PyObject *kwnames;   /* of the call, borrowed */
    const void *passed;  /* which of `names` were, as a key that is no address; NULL: too many to tell */
    PyObject **gathered; /* what `args` points to then: `few`, or memory of its own */
    PyObject *few[AK_TABLE_MAX_KEYS];
} Labels;

/* Whether an argument is passed by one of the multimethod's `names`. */
int ak_passes_names(MultimethodObject *self, PyObject *kwnames);
/* The arguments of a call; Labels to be given back. Returns 0 or -1. */
int ak_labels_of(MultimethodObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                 Labels *labels);
void ak_labels_release(Labels *labels);
Py_ssize_t ak_place_of_name(PyObject *name, PyObject *kwnames); /* -1: it is not among them */
/* The names of those passed by name, as a new tuple. */
PyObject *ak_labels_names(const Labels *labels);
/* Calls the method `name` of `self` for the arguments' classes, or the arguments themselves. */
PyObject *ak_ask_python(MultimethodObject *self, PyObject *name, PyObject *tuple, PyObject *after,
                        const Labels *labels);
/* The method `_name`: tells the names, and empties the tables. */
PyObject *ak_multimethod_name(PyObject *self, PyObject *names);

/* What stands before the classes in a key: the method before, and which arguments were passed by name. */
typedef struct Prefix {
    const void *part[2];
    Py_ssize_t n;
} Prefix;

/* Keeps what Python answered for `types` (a Method, or NULL: none) unless something happened since
 * `generation`. Returns 0 or -1. */
int ak_multimethod_remember(MultimethodObject *self, const Prefix *prefix, PyTypeObject *const *types,
                            const uint32_t *tags, Py_ssize_t n, PyObject *method, PyObject *lineage,
                            uint64_t generation);
uint32_t ak_version_tag(PyTypeObject *type); /* given one if need be; 0: the class has none */
/* Forgets all if something happened to classes. The caller is in the critical section of `self`. */
void ak_multimethod_refresh(MultimethodObject *self);
/* The Python methods `_watch` and `_forget`. */
PyObject *ak_multimethod_watch(PyObject *self, PyObject *cls);
PyObject *ak_multimethod_forget_all(PyObject *self, PyObject *watches_abcs);
/* Whether there is something to look at before each use of the tables. */
static inline int ak_multimethod_watches(const MultimethodObject *self)
{
    return self->watches_abcs || self->watched != NULL;
}
/* Forgets all; watches_abcs as in the object. */
void ak_multimethod_forget(MultimethodObject *self, int watches_abcs);
int ak_multimethod_visit(MultimethodObject *self, visitproc visit, void *arg);
/* What an answer of `method` leads to (owned), and how it is called. Returns 0 or -1. */
int ak_target_of(MultimethodObject *self, PyObject *method, PyObject **target, vectorcallfunc *call);
/* What the best method calls (a new reference), and how; NULL with an exception: there is none. */
PyObject *ak_multimethod_target(PyObject *self, PyObject *const *args, Py_ssize_t n, vectorcallfunc *call);
Py_ssize_t ak_multimethod_count(const MultimethodObject *self);

enum { AK_UNSEEN = 2 }; /* quiet, and no refusal to count: whoever asked goes on */

/* Calls the methods that come after `after` (NULL: all) until one does not answer NotImplemented; if all do,
 * NotImplemented where that is `quiet`, else an error. */
PyObject *ak_multimethod_ask(MultimethodObject *self, PyObject *after, PyObject *const *args, size_t nargsf,
                             PyObject *kwnames, int quiet);

extern PyTypeObject *ak_ForkType; /* arraykit._core.Fork (multimethod_fork.c) */
PyObject *ak_fork_call(PyObject *fork, PyObject *const *args, size_t nargsf, PyObject *kwnames);
int ak_init_fork(PyObject *module);

/* ---- method_index.c --------------------------------------------------------------------------- */

/* The best method for arguments of these classes (a tuple) with these tags, a new reference. NULL without an
 * exception: Python must decide. */
PyObject *ak_ask_index(MultimethodObject *self, PyObject *types, const uint32_t *tags);

/* The method `invoke` (multimethod_invoke.c). */
PyObject *ak_multimethod_invoke(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames);

/* ---- tracing (multimethod_probe.c): none of this is asked while an answer is found in a table ------- */

typedef void (*ak_lead_visitor)(PyObject *method, PyObject **target, vectorcallfunc *call, void *arg);
/* Visits what the choices of a fork lead to, each with its method (multimethod_fork.c). */
void ak_fork_visit_leads(PyObject *fork, ak_lead_visitor visit, void *arg);
/* Replaces what an answer of `method` leads to by its probe if `self` is traced. */
void ak_trace_lead(MultimethodObject *self, PyObject *method, PyObject **target, vectorcallfunc *call);
PyObject *ak_trace_untraced(PyObject *target); /* what a probe leads to; itself if it is none. Borrowed */
void ak_trace_missed(MultimethodObject *self, PyObject *method); /* had to be looked for; NULL: and is none */
void ak_trace_refused(MultimethodObject *self, int quiet);       /* a call that no method serves */

/* The best method's answer for n arguments, 1 <= n <= AK_TABLE_MAX_KEYS, or NULL: ask Python. Borrowed, and
 * valid only until anything else runs. */
static inline const Answer *ak_answer_to(const MultimethodObject *self, PyObject *const *args, Py_ssize_t n)
{
    const void *types[AK_TABLE_MAX_KEYS];
    for (Py_ssize_t i = 0; i < n; i++) {
        types[i] = Py_TYPE(args[i]);
    }
    const Answer *answer = ak_table_find(&self->best[n - 1], types, (size_t)n);
    for (Py_ssize_t i = 0; answer != NULL && i < n; i++) {
        if (answer->tags[i] != AK_LOAD_TAG(Py_TYPE(args[i]))) {
            return NULL;
        }
    }
    return answer;
}

/* The same where something stands before the classes; n + prefix->n <= AK_TABLE_MAX_KEYS. */
static inline const Answer *ak_answer_behind(const MultimethodObject *self, const Prefix *prefix,
                                             PyObject *const *args, Py_ssize_t n)
{
    const void *key[AK_TABLE_MAX_KEYS + 2] = {prefix->part[0], prefix->part[1]};
    for (Py_ssize_t i = 0; i < n; i++) {
        key[prefix->n + i] = Py_TYPE(args[i]);
    }
    const Answer *answer = ak_table_get(&self->next[n + prefix->n - 2], key);
    for (Py_ssize_t i = 0; answer != NULL && i < n; i++) {
        if (answer->tags[i] != AK_LOAD_TAG(Py_TYPE(args[i]))) {
            return NULL;
        }
    }
    return answer;
}

/* ---- lineage.c -------------------------------------------------------------------------------- */

/* In an answer: for a class that has none, a tag that no class has, so that it is looked at anew each time. */
static inline uint32_t ak_tag_to_keep(uint32_t tag)
{
    return tag != 0 ? tag : UINT32_MAX;
}

/* The answer for these classes, whatever their tags are, or NULL. Borrowed as above. */
static inline Answer *ak_answer_untagged(const MultimethodObject *self, const Prefix *prefix,
                                         PyTypeObject *const *classes, Py_ssize_t n)
{
    const void *key[AK_TABLE_MAX_KEYS + 2] = {prefix->part[0], prefix->part[1]};
    for (Py_ssize_t i = 0; i < n; i++) {
        key[prefix->n + i] = classes[i];
    }
    return ak_table_get(prefix->n ? &self->next[n + prefix->n - 2] : &self->best[n - 1], key);
}

/* Whether answers for these classes would be believed too seldom without their lineage. */
int ak_is_changing(const MultimethodObject *self, const Prefix *prefix, PyTypeObject *const *classes,
                   const uint32_t *tags, Py_ssize_t n);
/* The answer by which a call was made, even if the method has changed a class meanwhile. */
const Answer *ak_answer_before(const MultimethodObject *self, PyObject *const *args, Py_ssize_t n);
/* Who classes and their superclasses are and have, a new reference, or NULL if that may not be enough. Returns 0
 * or -1. */
int ak_lineage_of(MultimethodObject *self, PyTypeObject *const *classes, Py_ssize_t n, PyObject **lineage);
/* Whether they are still the same. */
int ak_lineage_holds(PyObject *lineage, PyTypeObject *const *classes, Py_ssize_t n);
/* The answer whose tags are old but whose lineage holds, with new tags; or NULL. Borrowed as above. */
const Answer *ak_answer_again(const MultimethodObject *self, const Prefix *prefix, PyObject *const *args,
                              Py_ssize_t n);

#endif
