/* upper and lower of texts: ASCII eight bytes at a time, the rest as Python's str does.
 *
 * What Python makes of a character alone is remembered for those of two bytes; where the neighbours count, or one
 * character becomes several, and beyond, Python is asked, for which the loop takes the GIL.
 */
#include "ak_python.h"
#include "../kernels/strings.h"
#include "../kernels/utf8.h"

enum { KNOWN = 0x800 }; /* code points of at most two bytes */

typedef struct casing {
    const char *method;        /* of str and bytes */
    unsigned char first, last; /* the ASCII letters that change */
    uint16_t *known;           /* code point -> code point; 0: Python must be asked; NULL: not made yet */
} casing;

static casing upper = {"upper", 'a', 'z', NULL}, lower = {"lower", 'A', 'Z', NULL};

/* ---- ASCII ---- */

static inline uint64_t changed_word(uint64_t word, const casing *c)
{
    const uint64_t ones = 0x0101010101010101u, low = word & ~AK_HIGH_BITS;
    const uint64_t above = low + ones * (uint64_t)(0x80 - c->first),
                   beyond = low + ones * (uint64_t)(0x7f - c->last);
    return word ^ (((above & ~beyond & ~word) & AK_HIGH_BITS) >> 2);
}

static inline void change_ascii(char *to, const char *from, size_t n, const casing *c)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const uint64_t word = changed_word(ak_word_at(from + i), c);
        memcpy(to + i, &word, 8);
    }
    for (; i < n; i++) {
        const unsigned char b = (unsigned char)from[i];
        to[i] = (char)(b >= c->first && b <= c->last ? b ^ 0x20 : b);
    }
}

static inline int change_inline(ak_text *t, const casing *c)
{
    uint32_t prefix;
    memcpy(&prefix, t->prefix, 4);
    const uint64_t rest = ak_word_at(t->rest);
    if ((rest | prefix) & AK_HIGH_BITS) {
        return 0;
    }
    const uint32_t head = (uint32_t)changed_word(prefix, c);
    const uint64_t tail = changed_word(rest, c);
    memcpy(t->prefix, &head, 4);
    memcpy(t->rest, &tail, 8);
    return 1;
}

/* ---- beyond ---- */

/* With the GIL. */
static PyObject *asked(PyObject *text, const casing *c)
{
    return text != NULL ? PyObject_CallMethod(text, c->method, NULL) : NULL;
}

static int learn(casing *c)
{
    uint16_t *known = PyMem_RawCalloc(KNOWN, sizeof(*known));
    if (known == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int i = 0; i < KNOWN; i++) {
        PyObject *text = PyUnicode_FromOrdinal(i), *made = asked(text, c);
        if (made == NULL) {
            Py_XDECREF(text);
            PyMem_RawFree(known);
            return -1;
        }
        const Py_UCS4 alone = PyUnicode_GET_LENGTH(made) == 1 ? PyUnicode_READ_CHAR(made, 0) : 0;
        known[i] =
            alone < 0x10000 && i != 0x3a3 ? (uint16_t)alone : 0; /* sigma's form depends on its place */
        Py_DECREF(text);
        Py_DECREF(made);
    }
    c->known = known;
    return 0;
}

static int ask_python(const ak_text *t, ak_text *made, ak_text_writer *w, casing *c)
{
    if (c->known == NULL && learn(c) < 0) {
        return -1;
    }
    PyObject *text = PyUnicode_DecodeUTF8(ak_text_bytes(t), (Py_ssize_t)t->size, "strict");
    PyObject *changed = asked(text, c);
    PyObject *bytes = changed != NULL ? PyUnicode_AsUTF8String(changed) : NULL;
    int status = bytes != NULL ? 0 : -1;
    if (status == 0) {
        char *to = (size_t)PyBytes_GET_SIZE(bytes) <= AK_TEXT_LONGEST
                       ? ak_text_begin(made, (size_t)PyBytes_GET_SIZE(bytes), w)
                       : NULL;
        status = to != NULL ? 0 : -1;
        if (to != NULL) {
            memcpy(to, PyBytes_AS_STRING(bytes), (size_t)PyBytes_GET_SIZE(bytes));
            ak_text_seal(made);
        } else {
            PyErr_NoMemory();
        }
    }
    Py_XDECREF(text);
    Py_XDECREF(changed);
    Py_XDECREF(bytes);
    return status;
}

static inline char *put_known(char *to, unsigned code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 63));
    } else {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 63));
        *to++ = (char)(0x80 | (code & 63));
    }
    return to;
}

enum { SHORT = 64 };

/* A short text of characters that are known alone; 0 if it is none. */
static int change_known(const ak_text *t, ak_text *made, ak_text_writer *w, const casing *c)
{
    char room[2 * SHORT], *to = room;
    const char *p = ak_text_bytes(t), *const end = p + t->size;
    if (c->known == NULL || t->size > SHORT) {
        return 0;
    }
    while (p < end) {
        unsigned code = (unsigned char)*p++;
        if (code >= 0xe0) {
            return 0;
        }
        if (code >= 0x80) {
            code = (code & 31) << 6 | (unsigned)(*p++ & 63);
        }
        if (code != 0 && c->known[code] == 0) {
            return 0;
        }
        to = put_known(to, c->known[code]);
    }
    char *bytes = ak_text_begin(made, (size_t)(to - room), w);
    if (bytes == NULL) {
        return 0;
    }
    memcpy(bytes, room, (size_t)(to - room));
    ak_text_seal(made);
    return 1;
}

/* ---- the loops ---- */

static int failed(void *ctx, PyGILState_STATE state)
{
    if (ctx != NULL && ((ak_context *)ctx)->error != NULL) {
        ak_error *error = ((ak_context *)ctx)->error;
        const int memory = PyErr_ExceptionMatches(PyExc_MemoryError);
        error->code = memory ? AK_MEMORY_ERROR : AK_VALUE_ERROR;
        strcpy(error->text, memory ? "no memory for the text" : "an element is no UTF-8");
    }
    PyErr_Clear();
    PyGILState_Release(state);
    return -1;
}

/* A text that is not all ASCII. */
static AK_NOINLINE int change_unicode(void *ctx, const ak_text *t, ak_text *made, ak_text_writer *w,
                                      casing *c)
{
    if (change_known(t, made, w, c)) {
        return 0;
    }
    const PyGILState_STATE state = PyGILState_Ensure();
    if (ask_python(t, made, w, c) < 0) {
        return failed(ctx, state);
    }
    PyGILState_Release(state);
    return 0;
}

static inline int change(void *ctx, const char *from, char *to, ak_text_writer *w, casing *c, int unicode)
{
    ak_text t = *(const ak_text *)(const void *)from, made = t;
    if (t.size <= AK_TEXT_INLINE && change_inline(&made, c)) {
        *(ak_text *)(void *)to = made;
        return 0;
    }
    if (unicode && !ak_is_ascii(ak_text_bytes(&t), t.size)) {
        if (change_unicode(ctx, &t, &made, w, c) < 0) {
            return -1;
        }
    } else {
        char *bytes = ak_text_begin(&made, t.size, w);
        if (bytes == NULL) {
            const PyGILState_STATE state = PyGILState_Ensure();
            PyErr_NoMemory();
            return failed(ctx, state);
        }
        change_ascii(bytes, ak_text_bytes(&t), t.size, c);
        ak_text_seal(&made);
    }
    *(ak_text *)(void *)to = made;
    return 0;
}

static inline int loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, casing *c,
                       int unicode)
{
    ak_text_writer w = {.heap = ctx != NULL ? ((ak_context *)ctx)->heap : NULL};
    for (intptr_t i = 0; i < dims[0]; i++) {
        if (change(ctx, data[0] + i * strides[0], data[1] + i * strides[1], &w, c, unicode) < 0) {
            return -1;
        }
    }
    return 0;
}

static int upper_loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    return loop(ctx, data, dims, strides, &upper, state != NULL);
}

static int lower_loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    return loop(ctx, data, dims, strides, &lower, state != NULL);
}

int ak_init_string_case(PyObject *module)
{
    const struct {
        const char *name;
        ak_loop loop;
    } loops[] = {{"upper_loop", upper_loop}, {"lower_loop", lower_loop}};
    for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
        PyObject *address = PyLong_FromVoidPtr((void *)(uintptr_t)loops[i].loop);
        const int status = address != NULL ? PyModule_AddObjectRef(module, loops[i].name, address) : -1;
        Py_XDECREF(address);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}
