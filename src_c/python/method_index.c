/* MethodIndex: the methods of one multimethod whose signatures are plain classes, by their classes.
 *
 * A method stands under each tuple of classes that it was registered for (several, if it has alternatives
 * or optional arguments).  Methods are owned, and own their classes, so no key dangles.  A look-up walks
 * the product of the superclasses of the arguments' classes, nearest first, and believes the first method
 * that it meets if that is nowhere farther than any other; each class's own `__mro__` is the only authority,
 * which is right because no signature here has a class that decides by code who its subclasses are.
 */
#include "multimethod.h"

enum { MOST_STEPS = 1 << 12, MOST_ANCESTORS = 64, MOST_MET = 1 << 14 };

static PyTypeObject *method_index_type;

typedef struct MethodIndexObject {
    PyObject_HEAD
    ak_table methods[AK_TABLE_MAX_KEYS]; /* by number of arguments - 1: classes -> method */
    ak_table mentioned;                  /* the classes that stand in any key */
} MethodIndexObject;

/* ---- looking up ------------------------------------------------------------------------------- */

/* The superclasses of one argument's class that some signature mentions, nearest first. */
typedef struct Line {
    const void *ancestor[MOST_ANCESTORS + 1]; /* one more than is dealt with */
    int count;
} Line;

/* 0, or -1: there are none, or too many. */
static int draw_line(const MethodIndexObject *self, PyTypeObject *cls, Line *line)
{
    PyObject *mro = AK_MRO(cls);
    int count = 0;
    for (Py_ssize_t i = 0; mro != NULL && i < PyTuple_GET_SIZE(mro) && count <= MOST_ANCESTORS; i++) {
        const void *ancestor = PyTuple_GET_ITEM(mro, i);
        if (ak_table_find(&self->mentioned, &ancestor, 1) != NULL) {
            line->ancestor[count++] = ancestor;
        }
    }
    if (mro == NULL) {
        PyErr_Clear();
    }
    Py_XDECREF(mro);
    line->count = count;
    return count > 0 && count <= MOST_ANCESTORS ? 0 : -1;
}

/* The next place in the product of the lines, the last argument fastest; 0: there is none. */
static int step(int *place, const Line *lines, Py_ssize_t n)
{
    for (Py_ssize_t i = n - 1; i >= 0; i--) {
        if (++place[i] < lines[i].count) {
            return 1;
        }
        place[i] = 0;
    }
    return 0;
}

static int is_nowhere_farther(const int *place, const int *than, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        if (place[i] > than[i]) {
            return 0;
        }
    }
    return 1;
}

static PyObject *best(const ak_table *methods, const Line *lines, Py_ssize_t n)
{
    int place[AK_TABLE_MAX_KEYS] = {0}, first[AK_TABLE_MAX_KEYS] = {0};
    PyObject *winner = NULL;
    int steps = 0;
    do {
        const void *key[AK_TABLE_MAX_KEYS];
        for (Py_ssize_t i = 0; i < n; i++) {
            key[i] = lines[i].ancestor[place[i]];
        }
        PyObject *method = ak_table_get(methods, key);
        if (++steps > MOST_STEPS || method == Py_None) {
            return NULL;
        }
        if (method != NULL && winner == NULL) {
            winner = method;
            memcpy(first, place, sizeof(place));
        } else if (method != NULL && method != winner && !is_nowhere_farther(first, place, n)) {
            return NULL;
        }
    } while (step(place, lines, n));
    return winner;
}

/* The best method, a new reference; NULL: Python must decide. */
static PyObject *method_index_best(PyObject *index, PyTypeObject *const *classes, Py_ssize_t n)
{
    const MethodIndexObject *self = (const MethodIndexObject *)index;
    PyObject *winner = NULL;
    AK_BEGIN_CRITICAL_SECTION(index);
    Line lines[AK_TABLE_MAX_KEYS];
    Py_ssize_t drawn = n <= AK_TABLE_MAX_KEYS && self->methods[n - 1].used > 0 ? 0 : n;
    while (drawn < n && draw_line(self, classes[drawn], &lines[drawn]) == 0) {
        drawn++;
        winner = drawn == n ? Py_XNewRef(best(&self->methods[n - 1], lines, n)) : NULL;
    }
    AK_END_CRITICAL_SECTION();
    return winner;
}

/* ---- filling ---------------------------------------------------------------------------------- */

/* The key that a tuple of classes is; its length, or -1. */
static Py_ssize_t key_of(PyObject *classes, const void **key)
{
    const Py_ssize_t n = PyTuple_Check(classes) ? PyTuple_GET_SIZE(classes) : 0;
    if (n < 1 || n > AK_TABLE_MAX_KEYS) {
        PyErr_Format(PyExc_TypeError, "MethodIndex: expected a tuple of 1 to %d classes, not %R",
                     (int)AK_TABLE_MAX_KEYS, classes);
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        key[i] = PyTuple_GET_ITEM(classes, i);
    }
    return n;
}

/* Puts a method under a key. What was there (or NULL) is the caller's to free when the critical section has
 * ended. Returns 0, or -1 without memory. */
static int put(MethodIndexObject *self, const void *const *key, Py_ssize_t n, PyObject *method,
               PyObject **old)
{
    ak_table *table = &self->methods[n - 1];
    int status = 0;
    for (Py_ssize_t i = 0; status == 0 && i < n; i++) {
        status = ak_table_set(&self->mentioned, &key[i], self);
    }
    *old = ak_table_get(table, key);
    if (status < 0 || ak_table_set(table, key, method) < 0) {
        *old = NULL;
        return -1;
    }
    Py_INCREF(method);
    return 0;
}

PyDoc_STRVAR(
    setdefault_doc,
    "setdefault(classes, method, /)\n--\n\nThe Method that stands under a tuple of classes, which is "
    "`method` if there was none.");

static PyObject *index_setdefault(PyObject *op, PyObject *const *args, Py_ssize_t nargs)
{
    const void *key[AK_TABLE_MAX_KEYS];
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "MethodIndex.setdefault: expected a tuple of classes and a method");
        return NULL;
    }
    MethodIndexObject *self = (MethodIndexObject *)op;
    const Py_ssize_t n = key_of(args[0], key);
    if (n < 0) {
        return NULL;
    }
    PyObject *there = NULL, *old;
    int status = 0;
    AK_BEGIN_CRITICAL_SECTION(op);
    there = Py_XNewRef(ak_table_get(&self->methods[n - 1], key));
    status = there == NULL ? put(self, key, n, args[1], &old) : 0;
    AK_END_CRITICAL_SECTION();
    if (status < 0) {
        return PyErr_NoMemory();
    }
    return there != NULL ? there : Py_NewRef(args[1]);
}

static int index_setitem(PyObject *op, PyObject *classes, PyObject *method)
{
    const void *key[AK_TABLE_MAX_KEYS];
    const Py_ssize_t n = key_of(classes, key);
    PyObject *old = NULL;
    int status = -1;
    if (n >= 0 && method == NULL) {
        PyErr_SetString(PyExc_TypeError, "MethodIndex: methods are not taken out; make a new index");
    } else if (n >= 0) {
        AK_BEGIN_CRITICAL_SECTION(op);
        status = put((MethodIndexObject *)op, key, n, method, &old);
        AK_END_CRITICAL_SECTION();
        Py_XDECREF(old);
        if (status < 0) {
            PyErr_NoMemory();
        }
    }
    return status;
}

PyDoc_STRVAR(best_doc, "best(*classes)\n--\n\nThe best Method for arguments of these classes, or None: it "
                       "takes more than this index to tell.");

static PyObject *index_best(PyObject *op, PyObject *const *args, Py_ssize_t nargs)
{
    for (Py_ssize_t i = 0; i < nargs; i++) {
        if (!PyType_Check(args[i])) {
            return PyErr_Format(PyExc_TypeError, "MethodIndex.best: expected classes, not %R", args[i]);
        }
    }
    PyObject *found = nargs ? method_index_best(op, (PyTypeObject *const *)args, nargs) : NULL;
    return found != NULL ? found : Py_NewRef(Py_None);
}

/* ---- the type --------------------------------------------------------------------------------- */

static PyObject *index_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, ":MethodIndex", keywords)) {
        return NULL;
    }
    MethodIndexObject *self = (MethodIndexObject *)type->tp_alloc(type, 0);
    for (size_t i = 0; self != NULL && i < AK_TABLE_MAX_KEYS; i++) {
        ak_table_init(&self->methods[i], i + 1);
    }
    if (self != NULL) {
        ak_table_init(&self->mentioned, 1);
    }
    return (PyObject *)self;
}

typedef struct Visit {
    visitproc visit;
    void *arg;
    int result;
} Visit;

static void visit_method(const void *const *key, void *value, void *arg)
{
    (void)key;
    Visit *v = arg;
    v->result = v->result != 0 ? v->result : v->visit(value, v->arg);
}

static int index_traverse(PyObject *op, visitproc visit, void *arg)
{
    const MethodIndexObject *self = (const MethodIndexObject *)op;
    Visit v = {visit, arg, 0};
    Py_VISIT(Py_TYPE(op));
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        ak_table_visit(&self->methods[i], visit_method, &v);
    }
    return v.result;
}

static void free_method(const void *const *key, void *value, void *arg)
{
    (void)key, (void)arg;
    Py_DECREF((PyObject *)value);
}

/* Each table is empty before any method is freed, for that may run Python. */
static int index_clear(PyObject *op)
{
    MethodIndexObject *self = (MethodIndexObject *)op;
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        ak_table old = self->methods[i];
        ak_table_init(&self->methods[i], old.width);
        ak_table_visit(&old, free_method, NULL);
        ak_table_free(&old);
    }
    return 0;
}

static void index_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)index_clear(op);
    ak_table_free(&((MethodIndexObject *)op)->mentioned);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyMethodDef index_methods[] = {
    {"setdefault", (PyCFunction)(void (*)(void))index_setdefault, METH_FASTCALL, setdefault_doc},
    {"best", (PyCFunction)(void (*)(void))index_best, METH_FASTCALL, best_doc},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot index_slots[] = {
    {Py_tp_new, AK_SLOT(index_new)},
    {Py_tp_dealloc, AK_SLOT(index_dealloc)},
    {Py_tp_traverse, AK_SLOT(index_traverse)},
    {Py_tp_clear, AK_SLOT(index_clear)},
    {Py_mp_ass_subscript, AK_SLOT(index_setitem)},
    {Py_tp_methods, index_methods},
    {Py_tp_doc, "MethodIndex()\n--\n\nMethods of plain signatures by their classes; None under classes of "
                "which Python must decide."},
    {0, NULL},
};

static PyType_Spec index_spec = {
    .name = "arraykit._core.MethodIndex",
    .basicsize = sizeof(MethodIndexObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = index_slots,
};

/* ---- arrivals --------------------------------------------------------------------------------- */

static PyObject *meet;  /* arrivals.meet, which tells those who wait for a class; NULL: nobody does */
static uint64_t awaits; /* how often somebody has begun to wait */
static ak_table met;    /* class -> its version tag when it was met, since `met_awaits` */
static uint64_t met_awaits;

static int has_met(PyTypeObject *cls, uint32_t tag)
{
    const void *key = cls;
    int known;
    AK_BEGIN_CRITICAL_SECTION(meet);
    known = met_awaits == AK_LOAD_COUNT(&awaits) && tag != 0 &&
            ak_table_find(&met, &key, 1) == (void *)(uintptr_t)tag;
    AK_END_CRITICAL_SECTION();
    return known;
}

/* The class was met when somebody had begun to wait `since` times. */
static void note(PyTypeObject *cls, uint32_t tag, uint64_t since)
{
    const void *key = cls;
    AK_BEGIN_CRITICAL_SECTION(meet);
    if (met_awaits < since || met.used > MOST_MET) {
        ak_table_clear(&met);
        met_awaits = since;
    }
    if (met_awaits == since && tag != 0) {
        (void)ak_table_set(&met, &key, (void *)(uintptr_t)tag); /* without memory it is met again */
    }
    AK_END_CRITICAL_SECTION();
}

/* Tells those who wait for such classes, once a class. Returns 0 or -1. */
static int meet_classes(PyTypeObject *const *classes, const uint32_t *tags, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; meet != NULL && i < n; i++) {
        if (!has_met(classes[i], tags[i])) {
            const uint64_t since = AK_LOAD_COUNT(&awaits);
            PyObject *done = PyObject_CallOneArg(meet, (PyObject *)classes[i]);
            if (done == NULL) {
                return -1;
            }
            Py_DECREF(done);
            note(classes[i], tags[i], since);
        }
    }
    return 0;
}

/* ---- what a multimethod asks ------------------------------------------------------------------ */

/* The index of plain signatures if there is one that may answer (new reference), None, or NULL. */
static PyObject *index_of(MultimethodObject *self)
{
    uint64_t generation;
    PyObject *index;
    AK_BEGIN_CRITICAL_SECTION(self);
    generation = self->generation;
    index = Py_XNewRef(self->index);
    AK_END_CRITICAL_SECTION();
    if (index == NULL) {
        index = PyObject_CallMethodNoArgs((PyObject *)self, ak_names[AK_NAME_PLAIN_INDEX]);
        AK_BEGIN_CRITICAL_SECTION(self);
        if (index != NULL && self->index == NULL && generation == self->generation) {
            self->index = Py_NewRef(index);
        }
        AK_END_CRITICAL_SECTION();
    }
    return index;
}

PyObject *ak_ask_index(MultimethodObject *self, PyObject *types, const uint32_t *tags)
{
    PyTypeObject *const *classes = (PyTypeObject *const *)((PyTupleObject *)types)->ob_item;
    const Py_ssize_t n = PyTuple_GET_SIZE(types);
    if (n < 1 || n > AK_TABLE_MAX_KEYS || meet_classes(classes, tags, n) < 0) {
        return NULL;
    }
    PyObject *index = index_of(self), *method = NULL;
    if (index != NULL && Py_TYPE(index) == method_index_type) {
        method = method_index_best(index, classes, n);
    }
    Py_XDECREF(index);
    return method;
}

static PyObject *await_classes(PyObject *module, PyObject *function)
{
    (void)module;
    if (meet == NULL) {
        meet = Py_NewRef(function); /* for good */
    }
    (void)AK_ADD_COUNT(&awaits);
    (void)AK_ADD_COUNT(&ak_dispatch_epoch); /* warm answers tell nobody */
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"await_classes", await_classes, METH_O,
     "await_classes(meet, /)\n--\n\nHas `meet(cls)` called before the next dispatch on each class."},
    {NULL, NULL, 0, NULL},
};

int ak_init_method_index(PyObject *module)
{
    ak_table_init(&met, 1);
    method_index_type = (PyTypeObject *)PyType_FromSpec(&index_spec);
    if (method_index_type == NULL || PyModule_AddFunctions(module, functions) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "MethodIndex", (PyObject *)method_index_type);
}
