/* A plug-in for the tests of version skew: a family, a constant, a kernel that resolves and binds, and one that fails.
 *
 * Built against the header as it is, an older one and a newer one; SKEW tells them apart in names, and OLD that
 * nothing since 1.1 is there.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <arraykit/ak_abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a dtype that every version has ---- */

static int compare(const ak_dtype *self, const char *a, const char *b)
{
    int32_t x, y;
    (void)self;
    memcpy(&x, a, 4);
    memcpy(&y, b, 4);
    return (x > y) - (x < y);
}

static int add(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int32_t x = *(int32_t *)(data[0] + i * strides[0]), y = *(int32_t *)(data[1] + i * strides[1]);
        if (y == 666) {
            ak_error *error = ((ak_context *)ctx)->error;
            error->code = AK_VALUE_ERROR;
            snprintf(error->text, sizeof(error->text), "666 is not to be added");
            return -1;
        }
        *(int32_t *)(data[2] + i * strides[2]) = x + y + (state ? *(int32_t *)state : 0);
    }
    return 0;
}

/* What a later version would say in fields that this host does not know: it must never follow it. */
#ifdef NEW
#define HEAD(type) AK_HEAD(type), .later = {(void *)1, (void *)2, (void *)3}, .since = 9.5
#else
#define HEAD(type) AK_HEAD(type)
#endif

static const ak_dtype plain = {
    HEAD(ak_dtype),
    .name = "skew." SKEW,
    .bases = "Real",
    .fields = "n: int32",
    .embeds = "int32",
    .compare = compare,
    .flags = AK_DTYPE_ZERO_IS_VALID,
};
static const ak_kernel plain_add = {
    HEAD(ak_kernel), .operation = "add",     .signature = "skew." SKEW ", skew." SKEW " -> skew." SKEW,
    .strided = add,  .flags = AK_MAY_REFUSE,
};

#ifndef OLD
/* ---- what came with 1.1: modular integers, mod[7] ---- */

static const ak_dtype family;
static const ak_host *host;

static int remainder_add(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                         void *state)
{
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int32_t x = *(int32_t *)(data[0] + i * strides[0]), y = *(int32_t *)(data[1] + i * strides[1]);
        *(int32_t *)(data[2] + i * strides[2]) = (x + y) % *(int32_t *)state;
    }
    return 0;
}

static void *to_py(const ak_dtype *self, const char *item)
{
    int32_t x;
    (void)self;
    memcpy(&x, item, 4);
    return x == 13 ? (PyErr_SetString(PyExc_LookupError, "13 is shown to nobody"), NULL) : PyLong_FromLong(x);
}

static int from_py(const ak_dtype *self, void *object, char *item, ak_heap *heap, ak_error *error)
{
    (void)heap, (void)error;
    if (!PyLong_Check((PyObject *)object)) {
        return 1;
    }
    const int32_t x = (int32_t)(PyLong_AsLong(object) % (long)(intptr_t)self->priv);
    memcpy(item, &x, 4);
    return PyErr_Occurred() ? -1 : 0;
}

static int constant(const ak_dtype *self, int which, char *item)
{
    const int32_t x = which == AK_CONSTANT_MAX ? (int32_t)(intptr_t)self->priv - 1 : 0;
    memcpy(item, &x, 4);
    return which == AK_CONSTANT_MAX || which == AK_CONSTANT_MIN ? 0 : -1;
}

static int member(long modulus, const ak_dtype **found)
{
    static ak_dtype members[64];
    static char params[64][8];
    const long at = modulus - 1;
    members[at] = family;
    members[at].parse = NULL;
    members[at].common = NULL;
    members[at].itemsize = 4;
    members[at].align = 4;
    members[at].flags = AK_DTYPE_ZERO_IS_VALID;
    members[at].priv = (void *)(intptr_t)modulus;
    members[at].params = params[at];
    snprintf(params[at], sizeof(params[at]), "%ld", modulus);
    *found = &members[at];
    return 0;
}

static int parse(const ak_dtype *self, const char *text, size_t n, const ak_dtype **found, ak_error *error)
{
    char copy[8] = "";
    (void)self;
    memcpy(copy, text, n < 7 ? n : 7);
    const long modulus = strtol(copy, NULL, 10);
    if (modulus < 1 || modulus > 64) {
        error->code = AK_VALUE_ERROR;
        snprintf(error->text, sizeof(error->text), "a modulus is from 1 to 64, not %s", copy);
        return -1;
    }
    return member(modulus, found);
}

static int bind(const ak_kernel *self, const ak_dtype *const *dtypes, ak_bound *bound, ak_error *error)
{
    int32_t *modulus = malloc(sizeof(*modulus));
    (void)self, (void)error;
    *modulus = (int32_t)(intptr_t)dtypes[2]->priv;
    bound->state = modulus;
    bound->free = free;
    return 0;
}

/* The sum of two moduli has the lesser one; equal ones are left to the signature. */
static int resolve(const ak_kernel *self, const ak_dtype *const *in, const ak_dtype **out, ak_error *error)
{
    (void)self, (void)error;
    const long a = (long)(intptr_t)in[0]->priv, b = (long)(intptr_t)in[1]->priv;
    if (a + b == 13) {
        return 1;
    }
    return a == b ? 0 : member(a < b ? a : b, &out[0]);
}

static const ak_dtype family = {
    HEAD(ak_dtype),     .name = "skew.mod_" SKEW, .bases = "Integral",  .flags = AK_DTYPE_ABSTRACT,
    .to_py = to_py,     .from_py = from_py,       .constant = constant, .parse = parse,
    .compare = compare,
};
static const ak_kernel family_add = {
    HEAD(ak_kernel),
    .operation = "add",
    .signature = "A, B -> A where A: skew.mod_" SKEW ", B: skew.mod_" SKEW,
    .strided = remainder_add,
    .resolve = resolve,
    .bind = bind,
};

static int init(const ak_host *given, ak_error *error)
{
    (void)error;
    host = AK_HAS(given, find_kernel) ? given : NULL;
    return 0;
}

/* What init finds in a host of before 1.1, which knows nothing behind find_dtype. */
static PyObject *meet_older_host(PyObject *module, PyObject *unused)
{
    const ak_host *known = host;
    ak_host older = *known;
    (void)module, (void)unused;
    older.size = offsetof(ak_host, intern);
    older.abi_minor = 0;
    memset((char *)&older + older.size, 0xff, sizeof(older) - older.size);
    init(&older, NULL);
    PyObject *found = PyBool_FromLong(host != NULL);
    host = known;
    return found;
}

/* What the host finds for the plug-in, as a text. */
static PyObject *ask_host(PyObject *module, PyObject *name)
{
    ak_error error = {.size = sizeof(error)};
    (void)module;
    const ak_dtype *found = host->find_dtype(PyUnicode_AsUTF8(name));
    const ak_dtype *pair[] = {found, found};
    const ak_kernel *kernel = found ? host->find_kernel("add", pair, 2, &error) : NULL;
    return PyUnicode_FromFormat("%s %s", found ? found->name : "-", kernel ? kernel->signature : error.text);
}

static PyObject *intern_one(PyObject *module, PyObject *name)
{
    ak_error error = {.size = sizeof(error)};
    (void)module;
    ak_dtype *made = calloc(1, sizeof(*made));
    *made = plain;
    made->name = strdup(PyUnicode_AsUTF8(name));
    const ak_dtype *known = host->intern(made, &error);
    return PyUnicode_FromString(known ? known->name : error.text);
}

static PyMethodDef methods[] = {{"ask_host", ask_host, METH_O, NULL},
                                {"intern", intern_one, METH_O, NULL},
                                {"meets_older_host", meet_older_host, METH_NOARGS, NULL},
                                {0}};
static const ak_dtype *const dtypes[] = {&plain, &family};
static const ak_kernel *const kernels[] = {&plain_add, &family_add};
#else
static PyMethodDef methods[] = {{0}};
static const ak_dtype *const dtypes[] = {&plain};
static const ak_kernel *const kernels[] = {&plain_add};
#endif

static const ak_plugin plugin = {
    HEAD(ak_plugin),    .name = "skew-" SKEW,
    .dtypes = dtypes,   .ndtypes = sizeof(dtypes) / sizeof(dtypes[0]),
    .kernels = kernels, .nkernels = sizeof(kernels) / sizeof(kernels[0]),
#ifndef OLD
    .init = init,
#endif
};

static struct PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = MODULE, .m_size = 0,
                                        .m_methods = methods};

PyMODINIT_FUNC ENTRY(void)
{
    PyObject *module = PyModule_Create(&module_def);
    PyObject *capsule = module ? PyCapsule_New((void *)&plugin, AK_PLUGIN_CAPSULE, NULL) : NULL;
    if (capsule == NULL || PyModule_AddObjectRef(module, "plugin", capsule) < 0) {
        Py_CLEAR(module);
    }
    Py_XDECREF(capsule);
    return module;
}
