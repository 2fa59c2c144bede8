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

uint32_t ak_version_tag(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030C0000
    if (!PyUnstable_Type_AssignVersionTag(type)) {
        return 0;
    }
#else
    static PyObject *name; /* a look-up of any name gives the class a tag */
    if (name == NULL && (name = PyUnicode_InternFromString("__mro__")) == NULL) {
        PyErr_Clear();
        return 0;
    }
    (void)_PyType_Lookup(type, name);
#endif
    return type->tp_version_tag;
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
        PyMem_Free(answer);
    }
}

int ak_target_of(MultimethodObject *self, PyObject *method, PyObject **target, vectorcallfunc *call)
{
    *target = PyObject_GetAttrString(method, "target");
    if (*target == NULL) {
        return -1;
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
    memcpy(answer->tags, tags, (size_t)n * sizeof(*tags));
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

/* The table is empty before any answer is freed, for that may run Python. */
static void empty(ak_table *table)
{
    ak_table old = *table;
    ak_table_init(table, old.width);
    ak_table_visit(&old, free_visited, NULL);
    ak_table_free(&old);
}

static int all_tagged(PyTypeObject *const *types, const uint32_t *tags, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        if (tags[i] == 0 || types[i]->tp_version_tag != tags[i]) {
            return 0;
        }
    }
    return 1;
}

int ak_multimethod_remember(MultimethodObject *self, PyObject *after, PyTypeObject *const *types,
                            const uint32_t *tags, Py_ssize_t n, PyObject *method, uint64_t generation)
{
    const Py_ssize_t first = after != NULL; /* the classes' place in the key */
    if (n < 1 || n + first > AK_TABLE_MAX_KEYS) {
        return 0;
    }
    Answer *answer = new_answer(self, method, tags, n);
    if (answer == NULL) {
        return -1;
    }
    ak_multimethod_refresh(self);
    if (generation != self->generation || !all_tagged(types, tags, n)) {
        free_answer(answer);
        return 0;
    }
    ak_table *table = after ? &self->next[n - 1] : &self->best[n - 1];
    const void *key[AK_TABLE_MAX_KEYS] = {after};
    memcpy(key + first, types, (size_t)n * sizeof(*types));
    if (table->used >= MOST_ANSWERS) {
        empty(table);
    }
    Answer *old = ak_table_get(table, key);
    if (ak_table_set(table, key, answer) < 0) {
        free_answer(answer);
        PyErr_NoMemory();
        return -1;
    }
    free_answer(old);
    return 0;
}

void ak_multimethod_forget(MultimethodObject *self)
{
    self->generation++;
    self->epoch = 0;
    for (int i = 0; i < AK_TABLE_MAX_KEYS; i++) {
        empty(&self->best[i]);
        empty(&self->next[i]);
    }
}

/* abc.get_cache_token(); changes with each registration of a virtual subclass. */
static int abc_token(uint64_t *token)
{
    static PyObject *get_cache_token;
    if (get_cache_token == NULL) {
        PyObject *abc = PyImport_ImportModule("abc");
        get_cache_token = abc ? PyObject_GetAttrString(abc, "get_cache_token") : NULL;
        Py_XDECREF(abc);
    }
    PyObject *number = get_cache_token ? PyObject_CallNoArgs(get_cache_token) : NULL;
    *token = number ? PyLong_AsUnsignedLongLong(number) : 0;
    Py_XDECREF(number);
    return PyErr_Occurred() ? -1 : 0;
}

void ak_multimethod_refresh(MultimethodObject *self)
{
    uint64_t token = self->seen_token;
    const int unknown = self->watches_abcs && abc_token(&token) < 0;
    if (unknown || self->seen_epoch != ak_dispatch_epoch || self->seen_token != token) {
        PyErr_Clear();
        ak_multimethod_forget(self);
        self->seen_epoch = ak_dispatch_epoch;
        self->seen_token = token;
    }
    self->epoch = self->watches_abcs ? 0 : ak_dispatch_epoch; /* 0: look at the token each time */
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
