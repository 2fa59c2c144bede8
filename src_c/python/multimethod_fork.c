/* The type Fork: what answers a tuple of classes where values, classes or parameters of arguments decide.
 *
 * A fork reads these facts of the arguments, as far as methods ask for them, and keeps which method is best
 * for which: by addresses that it or the methods own, by numbers, and by classes, believed as long as they
 * have the version tag they had when Python was asked. Facts of other kinds are asked of Python each time.
 */
#include "facts.h"
#include "multimethod.h"

#include <stddef.h>
#include <structmember.h>

PyTypeObject *ak_ForkType;

enum { MOST_CHOICES = 1 << 12 }; /* in one table */

typedef struct Fork {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *multimethod, *names; /* names of the arguments passed by name, the last ones */
    Py_ssize_t positional, n_slots;
    Slot *slots;
    ak_table choices[AK_TABLE_MAX_KEYS]; /* by number of facts - 1: facts -> Choice */
} Fork;

typedef struct Choice {
    PyObject *target, *method; /* owned; method NULL: none serves */
    vectorcallfunc call;
    uint32_t tags[AK_TABLE_MAX_KEYS];  /* of the facts that are classes */
    PyObject *kept[AK_TABLE_MAX_KEYS]; /* what the key needs; owned */
} Choice;

/* ---- choices ---------------------------------------------------------------------------------- */

static void free_choice(Choice *choice)
{
    if (choice != NULL) {
        Py_XDECREF(choice->target);
        Py_XDECREF(choice->method);
        for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
            Py_XDECREF(choice->kept[i]);
        }
        PyMem_Free(choice);
    }
}

static void free_visited(const void *const *key, void *value, void *arg)
{
    (void)key, (void)arg;
    free_choice(value);
}

/* A choice whose classes are as they were, or NULL. Borrowed. */
static const Choice *choice_for(const Fork *self, const Facts *facts)
{
    if (facts->unknown || facts->n == 0) {
        return NULL;
    }
    const Choice *choice = ak_table_get(&self->choices[facts->n - 1], facts->key);
    for (Py_ssize_t i = 0; choice != NULL && i < facts->n; i++) {
        if (facts->is_class[i] && choice->tags[i] != AK_LOAD_TAG((PyTypeObject *)facts->key[i])) {
            return NULL;
        }
    }
    return choice;
}

/* Whether each class among the facts has the tag it had; and has one. */
static int as_tagged(const Facts *facts, const uint32_t *tags)
{
    for (Py_ssize_t i = 0; i < facts->n; i++) {
        if (facts->is_class[i] && (tags[i] == 0 || tags[i] != AK_LOAD_TAG((PyTypeObject *)facts->key[i]))) {
            return 0;
        }
    }
    return 1;
}

/* Keeps a choice, which takes over what the facts hold; a failure to keep it is none. */
static void remember(Fork *self, Facts *facts, const Choice *chosen)
{
    Choice *choice = PyMem_Malloc(sizeof(*choice)), *old = choice;
    if (choice == NULL) {
        return;
    }
    *choice = *chosen;
    Py_XINCREF(choice->target);
    Py_XINCREF(choice->method);
    for (Py_ssize_t i = 0; i < facts->n_kept; i++) {
        choice->kept[i] = Py_NewRef(facts->kept[i]);
    }
    ak_table full = {0};
    AK_BEGIN_CRITICAL_SECTION(self);
    if (as_tagged(facts, choice->tags)) {
        ak_table *table = &self->choices[facts->n - 1];
        if (table->used >= MOST_CHOICES) {
            full = *table;
            ak_table_init(table, full.width);
        }
        old = ak_table_get(table, facts->key);
        if (ak_table_set(table, facts->key, choice) < 0) {
            old = choice;
        }
    }
    AK_END_CRITICAL_SECTION();
    free_choice(old);
    ak_table_visit(&full, free_visited, NULL);
    ak_table_free(&full);
}

/* ---- calls ------------------------------------------------------------------------------------ */

/* The argument at a place, borrowed; NULL: the call has none, so it is not the fork's. */
static PyObject *argument(const Fork *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                          Py_ssize_t place)
{
    if (place < self->positional) {
        return place < n ? args[place] : NULL;
    }
    PyObject *name = PyTuple_GET_ITEM(self->names, place - self->positional);
    const Py_ssize_t k = kwnames ? ak_place_of_name(name, kwnames) : -1;
    return k < 0 ? NULL : args[n + k];
}

/* Asks Python which method it is. Returns 0 or -1. */
static int ask_python(Fork *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames, Choice *chosen)
{
    const Py_ssize_t labels = self->positional + PyTuple_GET_SIZE(self->names);
    PyObject *values = PyTuple_New(labels), *method = NULL;
    for (Py_ssize_t i = 0; values != NULL && i < labels; i++) {
        PyObject *x = argument(self, args, n, kwnames, i);
        if (x == NULL) {
            PyErr_SetString(PyExc_TypeError, "this call is not the fork's");
            Py_CLEAR(values);
        } else {
            PyTuple_SET_ITEM(values, i, Py_NewRef(x));
        }
    }
    if (values != NULL && Py_EnterRecursiveCall(" in the resolution of a multimethod") == 0) {
        method = PyObject_CallMethodOneArg((PyObject *)self, ak_names[AK_NAME_CHOOSE], values);
        Py_LeaveRecursiveCall();
    }
    Py_XDECREF(values);
    if (method == Py_None) {
        Py_CLEAR(method);
        return 0;
    }
    chosen->method = method;
    ak_trace_missed((MultimethodObject *)self->multimethod, method);
    if (method == NULL) {
        ak_trace_refused((MultimethodObject *)self->multimethod, 0);
    }
    return method
               ? ak_target_of((MultimethodObject *)self->multimethod, method, &chosen->target, &chosen->call)
               : -1;
}

/* The method for these arguments, with references of its own. Returns 0 or -1. */
static int choose(Fork *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames, Choice *chosen)
{
    int status = 0, found = 0;
    Facts facts = {.n = 0, .n_kept = 0, .n_passing = 0, .unknown = 0};
    for (Py_ssize_t i = 0; i < self->n_slots && !facts.unknown && status == 0; i++) {
        PyObject *x = argument(self, args, n, kwnames, self->slots[i].place);
        facts.unknown |= x == NULL;
        status = x ? ak_add_fact(&facts, &self->slots[i], x) : 0;
    }
    if (status == 0) {
        AK_BEGIN_CRITICAL_SECTION(self);
        const Choice *choice = choice_for(self, &facts);
        if (choice != NULL) {
            found = 1;
            chosen->target = Py_XNewRef(choice->target);
            chosen->method = Py_XNewRef(choice->method);
            chosen->call = choice->call;
        }
        AK_END_CRITICAL_SECTION();
    }
    if (status == 0 && !found) {
        for (Py_ssize_t i = 0; i < facts.n; i++) {
            chosen->tags[i] = facts.is_class[i] ? ak_version_tag((PyTypeObject *)facts.key[i]) : 0;
        }
        status = ask_python(self, args, n, kwnames, chosen);
        if (status == 0 && !facts.unknown && facts.n > 0) {
            remember(self, &facts, chosen);
        }
    }
    ak_release_facts(&facts);
    return status;
}

PyObject *ak_fork_call(PyObject *op, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Fork *self = (Fork *)op;
    Choice chosen = {.target = NULL, .method = NULL};
    PyObject *result = NULL;
    MultimethodObject *multimethod = (MultimethodObject *)Py_XNewRef(self->multimethod);
    if (multimethod == NULL) {
        PyErr_SetString(PyExc_TypeError, "Fork.__init__ has not been called");
        return NULL;
    }
    if (choose(self, args, PyVectorcall_NARGS(nargsf), kwnames, &chosen) == 0) {
        if (chosen.method != NULL) {
            result = chosen.call(chosen.target, args, nargsf, kwnames);
        } else {
            result = multimethod->keeps ? ak_multimethod_ask(multimethod, op, args, nargsf, kwnames, 0)
                                        : Py_NewRef(Py_NotImplemented);
        }
        if (result == Py_NotImplemented && chosen.method != NULL && !multimethod->keeps) {
            Py_DECREF(result);
            result = ak_multimethod_ask(multimethod, chosen.method, args, nargsf, kwnames, AK_UNSEEN);
        }
    }
    Py_XDECREF(chosen.target);
    Py_XDECREF(chosen.method);
    Py_DECREF(multimethod);
    return result;
}

typedef struct Leads {
    ak_lead_visitor visit;
    void *arg;
} Leads;

static void visit_lead(const void *const *key, void *value, void *arg)
{
    (void)key;
    Choice *choice = value;
    const Leads *leads = arg;
    if (choice->method != NULL) {
        leads->visit(choice->method, &choice->target, &choice->call, leads->arg);
    }
}

void ak_fork_visit_leads(PyObject *op, ak_lead_visitor visit, void *arg)
{
    Fork *self = (Fork *)op;
    Leads leads = {visit, arg};
    AK_BEGIN_CRITICAL_SECTION(self);
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        ak_table_visit(&self->choices[i], visit_lead, &leads);
    }
    AK_END_CRITICAL_SECTION();
}

/* ---- the type --------------------------------------------------------------------------------- */

static PyObject *fork_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args, (void)kwargs; /* are for __init__ */
    Fork *self = (Fork *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->vectorcall = ak_fork_call;
        for (size_t i = 0; i < AK_TABLE_MAX_KEYS; i++) {
            ak_table_init(&self->choices[i], i + 1);
        }
    }
    return (PyObject *)self;
}

static int set_slots(Fork *self, PyObject *slots)
{
    const Py_ssize_t n = PyTuple_GET_SIZE(slots);
    self->slots = PyMem_Calloc((size_t)(n ? n : 1), sizeof(Slot));
    if (self->slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        Slot *slot = &self->slots[i];
        int kind;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(slots, i), "niOn", &slot->place, &kind, &slot->data,
                              &slot->count)) {
            return -1;
        }
        if ((kind == VALUE && !PyDict_Check(slot->data)) || (kind == MEMBER && !PyTuple_Check(slot->data))) {
            PyErr_SetString(PyExc_TypeError, "Fork: wrong data of a slot");
            return -1;
        }
        slot->kind = (Kind)kind;
        Py_INCREF(slot->data);
        self->n_slots = i + 1;
    }
    return 0;
}

static int fork_init(PyObject *op, PyObject *args, PyObject *kwargs)
{
    Fork *self = (Fork *)op;
    PyObject *multimethod, *names, *slots;
    Py_ssize_t positional;
    (void)kwargs;
    if (!PyArg_ParseTuple(args, "OnO!O!", &multimethod, &positional, &PyTuple_Type, &names, &PyTuple_Type,
                          &slots)) {
        return -1;
    }
    if (!PyObject_TypeCheck(multimethod, ak_MultimethodType) || self->multimethod != NULL) {
        PyErr_SetString(PyExc_TypeError, "Fork: expected a Multimethod, once");
        return -1;
    }
    self->positional = positional;
    self->names = Py_NewRef(names);
    self->multimethod = Py_NewRef(multimethod);
    return set_slots(self, slots);
}

typedef struct Visit {
    visitproc visit;
    void *arg;
    int result;
} Visit;

static void visit_choice(const void *const *key, void *value, void *arg)
{
    (void)key;
    const Choice *choice = value;
    Visit *v = arg;
    PyObject *const owned[] = {choice->target, choice->method};
    for (int i = 0; i < 2 && v->result == 0; i++) {
        v->result = owned[i] ? v->visit(owned[i], v->arg) : 0;
    }
    for (int i = 0; i < AK_TABLE_MAX_KEYS && v->result == 0; i++) {
        v->result = choice->kept[i] ? v->visit(choice->kept[i], v->arg) : 0;
    }
}

static int fork_traverse(PyObject *op, visitproc visit, void *arg)
{
    Fork *self = (Fork *)op;
    Visit v = {visit, arg, 0};
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(self->multimethod);
    for (Py_ssize_t i = 0; i < self->n_slots; i++) {
        Py_VISIT(self->slots[i].data);
    }
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        ak_table_visit(&self->choices[i], visit_choice, &v);
    }
    return v.result;
}

static int fork_clear(PyObject *op)
{
    Fork *self = (Fork *)op;
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        ak_table old = self->choices[i];
        ak_table_init(&self->choices[i], old.width);
        ak_table_visit(&old, free_visited, NULL);
        ak_table_free(&old);
    }
    for (; self->n_slots > 0; self->n_slots--) {
        Py_CLEAR(self->slots[self->n_slots - 1].data);
    }
    Py_CLEAR(self->multimethod);
    return 0;
}

static void fork_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)fork_clear(op);
    Py_XDECREF(((Fork *)op)->names);
    PyMem_Free(((Fork *)op)->slots);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyMemberDef fork_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Fork, vectorcall), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot fork_slots[] = {
    {Py_tp_doc,
     "Fork(multimethod, positional, names, slots): chooses by more than classes; asks self.choose(args)."},
    {Py_tp_new, AK_SLOT(fork_new)},
    {Py_tp_init, AK_SLOT(fork_init)},
    {Py_tp_dealloc, AK_SLOT(fork_dealloc)},
    {Py_tp_traverse, AK_SLOT(fork_traverse)},
    {Py_tp_clear, AK_SLOT(fork_clear)},
    {Py_tp_call, AK_SLOT(PyVectorcall_Call)},
    {Py_tp_members, fork_members},
    {0, NULL},
};

static PyType_Spec fork_spec = {
    .name = "arraykit.dispatch.Fork",
    .basicsize = sizeof(Fork),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_BASETYPE,
    .slots = fork_slots,
};

int ak_init_fork(PyObject *module)
{
    ak_ForkType = (PyTypeObject *)PyType_FromSpec(&fork_spec);
    if (ak_ForkType == NULL || ak_init_facts() < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "Fork", (PyObject *)ak_ForkType);
}
