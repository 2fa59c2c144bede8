/* What a multimethod remembers: filling and emptying its tables of answers.
 *
 * Answers own methods and never classes; a table that has met very many tuples of classes (say, of
 * classes that died since) is emptied and begins anew, so its size is bounded.
 */
#include "c_target.h"
#include "multimethod.h"

#include <string.h>

enum { MOST_ANSWERS = 1 << 14 }; /* in one table */

uint64_t ak_dispatch_epoch = 1;
uint64_t ak_generations;

static PyObject *any_name; /* of an attribute; the interpreter gives a class a tag when it looks one up */
static PyObject *get_cache_token; /* abc's; changes with each registration of a virtual subclass */

/* Every multimethod looks anew: the subclasses of an announced class have changed. */
static PyObject *announce(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    (void)AK_ADD_COUNT(&ak_dispatch_epoch);
    Py_RETURN_NONE;
}

/* The interpreter specialises the look-up of a method only if the descriptor's type cannot change. */
static PyObject *seal_multimethod(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    PyType_Modified(ak_MultimethodType);
    ak_MultimethodType->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"announce", announce, METH_NOARGS,
     "announce()\n--\n\nTells all multimethods that an announced abstract class has new subclasses."},
    {"seal_multimethod", seal_multimethod, METH_NOARGS,
     "seal_multimethod()\n--\n\nLets no more attributes be set on Multimethod: o.m(x) is then a faster "
     "call."},
    {NULL, NULL, 0, NULL},
};

PyObject *ak_names[AK_NAME_COUNT];

static int intern_names(void)
{
    static const char *const texts[] = {[AK_NAME_FIND] = "_find",
                                        [AK_NAME_REFUSE] = "_refuse",
                                        [AK_NAME_PLAIN_INDEX] = "_plain_index",
                                        [AK_NAME_CHOOSE] = "choose",
                                        [AK_NAME_TARGET] = "target"};
    for (int i = 0; i < AK_NAME_COUNT; i++) {
        if ((ak_names[i] = PyUnicode_InternFromString(texts[i])) == NULL) {
            return -1;
        }
    }
    any_name = ak_names[0];
    return 0;
}

int ak_init_answers(PyObject *module)
{
    PyObject *abc = intern_names() == 0 ? PyImport_ImportModule("abc") : NULL;
    get_cache_token = abc != NULL ? PyObject_GetAttrString(abc, "get_cache_token") : NULL;
    Py_XDECREF(abc);
    if (get_cache_token == NULL) {
        return -1;
    }
    return PyModule_AddFunctions(module, functions);
}

uint32_t ak_version_tag(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030C0000
    if (!PyUnstable_Type_AssignVersionTag(type)) {
        return 0;
    }
#else
    (void)_PyType_Lookup(type, any_name);
#endif
    return AK_LOAD_TAG(type);
}

/* ---- how a target is called ------------------------------------------------------------------- */

/* Targets that do not count the depth of the C stack themselves might recurse through us for ever. (An
 * Operation gets there only through Python functions, which do.) */
static PyObject *call_guarded(PyObject *target, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    if (Py_EnterRecursiveCall(" in a method of a multimethod")) {
        return NULL;
    }
    PyObject *result = PyObject_Vectorcall(target, args, nargsf, kwnames);
    Py_LeaveRecursiveCall();
    return result;
}

static PyObject *call_none(PyObject *target, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    (void)target, (void)args, (void)nargsf, (void)kwnames;
    return Py_NewRef(Py_NotImplemented);
}

static vectorcallfunc entry_of(PyObject *target)
{
    PyTypeObject *const counted[] = {ak_OperationType, &PyFunction_Type, &PyCFunction_Type,
                                     &PyMethodDescr_Type};
    for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
        vectorcallfunc call = Py_TYPE(target) == counted[i] ? PyVectorcall_Function(target) : NULL;
        if (call != NULL) {
            return call;
        }
    }
    return call_guarded;
}

/* ---- answers ---------------------------------------------------------------------------------- */

static void free_answer(Answer *answer)
{
    if (answer != NULL) {
        Py_XDECREF(answer->target);
        Py_XDECREF(answer->method);
        Py_XDECREF(answer->lineage);
        PyMem_Free(answer);
    }
}

int ak_target_of(MultimethodObject *self, PyObject *method, PyObject **target, vectorcallfunc *call)
{
    *target = PyObject_GetAttr(method, ak_names[AK_NAME_TARGET]);
    if (*target == NULL) {
        return -1;
    }
    if (PyObject_TypeCheck(*target, ak_ForkType)) {
        *call = ak_fork_call;
        return 0;
    }
    *call = entry_of(*target);
    if (Py_TYPE(*target) == ak_CTargetType) {
        const CTargetObject *code = (const CTargetObject *)*target;
        *call = code->code;
        Py_SETREF(*target, Py_NewRef(code->capsule));
    }
    ak_trace_lead(self, method, target, call);
    return 0;
}

static Answer *new_answer(MultimethodObject *self, PyObject *method, const uint32_t *tags, Py_ssize_t n)
{
    Answer *answer = PyMem_Calloc(1, sizeof(Answer));
    if (answer == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        answer->tags[i] = ak_tag_to_keep(tags[i]);
    }
    if (method == NULL) {
        answer->target = Py_NewRef(Py_NotImplemented);
        answer->call = call_none;
        return answer;
    }
    if (ak_target_of(self, method, &answer->target, &answer->call) < 0) {
        free_answer(answer);
        return NULL;
    }
    answer->method = Py_NewRef(method);
    return answer;
}

static void free_visited(const void *const *key, void *value, void *arg)
{
    (void)key, (void)arg;
    free_answer(value);
}

/* Answers that were taken out of the tables. They are freed when the tables are whole again and nothing is
 * left to be done, for that may run Python. */
typedef struct Forgotten {
    PyObject *index;
    ak_table best[AK_TABLE_MAX_KEYS], next[AK_TABLE_MAX_KEYS];
} Forgotten;

static void take_out(ak_table *table, ak_table *forgotten)
{
    *forgotten = *table;
    ak_table_init(table, table->width);
}

static void free_table(ak_table *table)
{
    ak_table_visit(table, free_visited, NULL);
    ak_table_free(table);
}

static void take_all_out(MultimethodObject *self, Forgotten *forgotten)
{
    self->generation = AK_ADD_COUNT(&ak_generations);
    forgotten->index = self->index;
    self->index = NULL;
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        take_out(&self->best[i], &forgotten->best[i]);
        take_out(&self->next[i], &forgotten->next[i]);
    }
}

static void free_forgotten(Forgotten *forgotten)
{
    Py_XDECREF(forgotten->index);
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        free_table(&forgotten->best[i]);
        free_table(&forgotten->next[i]);
    }
}

static int all_tagged(PyTypeObject *const *types, const uint32_t *tags, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        if (tags[i] == 0 || AK_LOAD_TAG(types[i]) != tags[i]) {
            return 0;
        }
    }
    return 1;
}

/* Puts an answer into its table, and what must be freed instead into `*unused` and `*full`. */
static int put(ak_table *table, const void *const *key, Answer *answer, Answer **unused, ak_table *full)
{
    if (table->used >= MOST_ANSWERS) {
        take_out(table, full);
    }
    Answer *old = ak_table_get(table, key);
    const int status = ak_table_set(table, key, answer);
    *unused = status < 0 ? answer : old;
    return status;
}

int ak_multimethod_remember(MultimethodObject *self, const Prefix *prefix, PyTypeObject *const *types,
                            const uint32_t *tags, Py_ssize_t n, PyObject *method, PyObject *lineage,
                            uint64_t generation)
{
    if (n < 1 || n + prefix->n > AK_TABLE_MAX_KEYS) {
        return 0;
    }
    Answer *answer = new_answer(self, method, tags, n), *unused = answer;
    if (answer == NULL) {
        return -1;
    }
    answer->lineage = Py_XNewRef(lineage);
    const void *key[AK_TABLE_MAX_KEYS] = {prefix->part[0], prefix->part[1]};
    memcpy(key + prefix->n, types, (size_t)n * sizeof(*types));
    int status = 0;
    ak_table full = {0};
    AK_BEGIN_CRITICAL_SECTION(self);
    ak_multimethod_refresh(self);
    const int right = lineage != NULL ? ak_lineage_holds(lineage, types, n) : all_tagged(types, tags, n);
    if (right && generation == self->generation) {
        ak_table *table = prefix->n ? &self->next[n + prefix->n - 2] : &self->best[n - 1];
        status = put(table, key, answer, &unused, &full);
    }
    AK_END_CRITICAL_SECTION();
    free_answer(unused);
    free_table(&full);
    if (status < 0) {
        PyErr_NoMemory();
    }
    return status;
}

void ak_multimethod_forget(MultimethodObject *self, int watches_abcs)
{
    Forgotten forgotten;
    AK_BEGIN_CRITICAL_SECTION(self);
    self->watches_abcs = watches_abcs;
    self->epoch = 0;
    take_all_out(self, &forgotten);
    AK_END_CRITICAL_SECTION();
    free_forgotten(&forgotten);
}

/* abc.get_cache_token(). */
static int abc_token(uint64_t *token)
{
    PyObject *number = PyObject_CallNoArgs(get_cache_token);
    *token = number ? PyLong_AsUnsignedLongLong(number) : 0;
    Py_XDECREF(number);
    return PyErr_Occurred() ? -1 : 0;
}

/* What changes when the classes that are watched have changed; -1: nobody can tell. */
static int watched_token(const MultimethodObject *self, uint64_t *token)
{
    *token = 0;
    if (self->watches_abcs && abc_token(token) < 0) {
        return -1;
    }
    if (self->watched != NULL) {
        const uint32_t tag = ak_version_tag((PyTypeObject *)self->watched);
        *token ^= (uint64_t)tag << 32;
        return tag == 0 ? -1 : 0;
    }
    return 0;
}

/* Forgets what was right before the epoch and the token; they are noted before anything is freed, since
 * both may change meanwhile. */
static AK_NOINLINE void renew(MultimethodObject *self, uint64_t epoch, uint64_t token)
{
    Forgotten forgotten;
    self->seen_epoch = epoch;
    self->seen_token = token;
    take_all_out(self, &forgotten);
    free_forgotten(&forgotten);
}

void ak_multimethod_refresh(MultimethodObject *self)
{
    const uint64_t epoch = AK_LOAD_COUNT(&ak_dispatch_epoch);
    uint64_t token = self->seen_token;
    const int watches = ak_multimethod_watches(self);
    const int unknown = watches && watched_token(self, &token) < 0;
    self->epoch = watches ? 0 : epoch; /* 0: look at the token each time */
    if (unknown || self->seen_epoch != epoch || self->seen_token != token) {
        PyErr_Clear();
        renew(self, epoch, token);
    }
}

PyObject *ak_multimethod_forget_all(PyObject *self, PyObject *watches_abcs)
{
    const int watches = PyObject_IsTrue(watches_abcs);
    if (watches < 0) {
        return NULL;
    }
    ak_multimethod_forget((MultimethodObject *)self, watches);
    Py_RETURN_NONE;
}

PyObject *ak_multimethod_watch(PyObject *op, PyObject *cls)
{
    MultimethodObject *self = (MultimethodObject *)op;
    if (!PyType_Check(cls)) {
        PyErr_Format(PyExc_TypeError, "_watch: expected a class, not %R", cls);
        return NULL;
    }
    Py_XSETREF(self->watched, Py_NewRef(cls));
    ak_multimethod_forget(self, self->watches_abcs);
    Py_RETURN_NONE;
}

typedef struct Visit {
    visitproc visit;
    void *arg;
    int result;
    Py_ssize_t count;
} Visit;

static void visit_answer(const void *const *key, void *value, void *arg)
{
    (void)key;
    const Answer *answer = value;
    Visit *v = arg;
    v->count++;
    if (v->visit != NULL && v->result == 0) {
        v->result = v->visit(answer->target, v->arg);
    }
    if (v->visit != NULL && v->result == 0 && answer->method != NULL) {
        v->result = v->visit(answer->method, v->arg);
    }
}

static void visit_all(const MultimethodObject *self, Visit *v)
{
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        ak_table_visit(&self->best[i], visit_answer, v);
        ak_table_visit(&self->next[i], visit_answer, v);
    }
}

int ak_multimethod_visit(MultimethodObject *self, visitproc visit, void *arg)
{
    Visit v = {visit, arg, 0, 0};
    visit_all(self, &v);
    return v.result;
}

Py_ssize_t ak_multimethod_count(const MultimethodObject *self)
{
    Visit v = {NULL, NULL, 0, 0};
    visit_all(self, &v);
    return v.count;
}
