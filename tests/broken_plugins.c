/* Plug-ins that must be refused, one capsule a mistake, each with a good dtype before it that must not stay. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <arraykit/ak_abi.h>
#include <stdio.h>

static int copy(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx, (void)data, (void)dims, (void)strides, (void)state;
    return 0;
}

static int fail(const ak_host *host, ak_error *error)
{
    (void)host;
    error->code = AK_OVERFLOW_ERROR;
    snprintf(error->text, sizeof(error->text), "it cannot begin");
    return -1;
}

static int fail_wordless(const ak_host *host, ak_error *error)
{
    (void)host, (void)error;
    return -1;
}

#define DTYPE(...) &(const ak_dtype){AK_HEAD(ak_dtype), __VA_ARGS__}
#define GOOD DTYPE(.name = "broken.good", .bases = "Real", .fields = "n: int32")
#define KERNEL(op, sig, ...) &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, __VA_ARGS__}
#define SUM "broken.good, broken.good -> broken.good"

#define DTYPES(key, ...)                                                                  \
    static const ak_dtype *const dtypes_of_##key[] = {GOOD, __VA_ARGS__};                 \
    static const ak_plugin key = {AK_HEAD(ak_plugin), .name = #key, .ndtypes = 2, .dtypes = dtypes_of_##key};
#define KERNELS(key, ...)                                                                 \
    static const ak_dtype *const dtypes_of_##key[] = {GOOD};                              \
    static const ak_kernel *const kernels_of_##key[] = {                                  \
        KERNEL("add", SUM, .strided = copy), __VA_ARGS__};                                \
    static const ak_plugin key = {AK_HEAD(ak_plugin), .name = #key, .ndtypes = 1, .dtypes = dtypes_of_##key, \
                                  .nkernels = 2, .kernels = kernels_of_##key};
#define INIT(key, function)                                                               \
    static const ak_dtype *const dtypes_of_##key[] = {GOOD};                              \
    static const ak_plugin key = {AK_HEAD(ak_plugin), .name = #key, .ndtypes = 1, .dtypes = dtypes_of_##key, \
                                  .init = function};

DTYPES(no_dtype, NULL)
DTYPES(no_name, DTYPE(.bases = "Real", .fields = "n: int32"))
DTYPES(other_major, &(const ak_dtype){sizeof(ak_dtype), 7, 0, .name = "broken.major", .itemsize = 4})
DTYPES(tiny, &(const ak_dtype){8, AK_ABI_MAJOR, AK_ABI_MINOR, .name = "broken.tiny", .itemsize = 4})
DTYPES(taken, DTYPE(.name = "float64", .itemsize = 8))
DTYPES(twice, DTYPE(.name = "broken.good", .itemsize = 8))
DTYPES(unknown_base, DTYPE(.name = "broken.base", .bases = "Reel", .itemsize = 4))
DTYPES(concrete_base, DTYPE(.name = "broken.base", .bases = "float64", .itemsize = 4))
DTYPES(fields, DTYPE(.name = "broken.fields", .fields = "x float64"))
DTYPES(field_dtype, DTYPE(.name = "broken.fields", .fields = "x: flout64"))
DTYPES(align, DTYPE(.name = "broken.align", .itemsize = 12, .align = 8))
DTYPES(negative, DTYPE(.name = "broken.negative", .itemsize = -4))
DTYPES(pep3118, DTYPE(.name = "broken.format", .itemsize = 4, .pep3118 = "d"))
DTYPES(dlpack, DTYPE(.name = "broken.dlpack", .itemsize = 4, .dlpack_code = 2, .dlpack_bits = 64))
KERNELS(no_kernel, NULL)
KERNELS(no_operation, KERNEL(NULL, SUM, .strided = copy))
KERNELS(no_loop, KERNEL("subtract", SUM, .flags = 0))
KERNELS(kernel_major,
        &(const ak_kernel){sizeof(ak_kernel), 7, 0, .operation = "add", .signature = SUM, .strided = copy})
KERNELS(signature, KERNEL("subtract", "broken.good, -> broken.good", .strided = copy))
KERNELS(operands, KERNEL("subtract", "broken.good -> broken.good", .strided = copy))
KERNELS(nulls, KERNEL("subtract", SUM, .strided = copy, .nulls = 1))
KERNELS(cast_level, KERNEL("cast", "broken.good -> int64", .strided = copy, .cast_level = 9))
INIT(init, fail)
INIT(wordless, fail_wordless)

/* Refused before anything is made: another major version, and a name that another plug-in has by then. */
static const ak_plugin major = {sizeof(ak_plugin), 7, 0, .name = "major"};
static const ak_dtype *const dtypes_of_clash[] = {DTYPE(.name = "odd.level", .itemsize = 4)};
static const ak_plugin clash = {AK_HEAD(ak_plugin), .name = "clash", .ndtypes = 1, .dtypes = dtypes_of_clash};

static const struct row {
    const char *name;
    const ak_plugin *plugin;
} rows[] = {
#define ROW(key) {#key, &key}
    ROW(no_dtype),     ROW(no_name),      ROW(other_major),   ROW(tiny),      ROW(taken),
    ROW(twice),        ROW(unknown_base), ROW(concrete_base), ROW(fields),    ROW(field_dtype),
    ROW(align),        ROW(negative),     ROW(pep3118),       ROW(dlpack),    ROW(no_kernel),
    ROW(no_operation), ROW(no_loop),      ROW(kernel_major),  ROW(signature), ROW(operands),
    ROW(nulls),        ROW(cast_level),   ROW(init),          ROW(wordless),  ROW(major),
    ROW(clash),
};

static struct PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = MODULE, .m_size = 0};

PyMODINIT_FUNC ENTRY(void)
{
    PyObject *module = PyModule_Create(&module_def);
    for (size_t i = 0; module != NULL && i < sizeof(rows) / sizeof(rows[0]); i++) {
        PyObject *capsule = PyCapsule_New((void *)rows[i].plugin, AK_PLUGIN_CAPSULE, NULL);
        if (capsule == NULL || PyModule_AddObjectRef(module, rows[i].name, capsule) < 0) {
            Py_CLEAR(module);
        }
        Py_XDECREF(capsule);
    }
    return module;
}
