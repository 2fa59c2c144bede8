/* The extension module arraykit._core: calls each part's initialiser, in the order of their needs. */
#include "ak_python.h"

#if defined(__clang__)
#define AK_COMPILER __VERSION__
#elif defined(__GNUC__)
#define AK_COMPILER "gcc " __VERSION__
#else
#define AK_COMPILER "unknown"
#endif

static struct PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "arraykit._core",
    .m_doc = "The C types of arraykit: Multimethod, DType, Item, Array, Kernel, Plan and Operation.",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit__core(void)
{
    int (*const parts[])(PyObject *) = {
        ak_init_multimethod, ak_init_delegate, ak_init_c_target, ak_init_method_index, ak_init_ordinary,
        ak_init_dtype,       ak_init_items,    ak_init_array,    ak_init_kernel,       ak_init_operation,
        ak_init_door,        ak_init_plugin,   ak_init_scalars,  ak_init_string_case,
    };
    PyObject *module = PyModule_Create(&module_def);
    if (module == NULL) {
        return NULL;
    }
    int failed = PyModule_AddStringConstant(module, "__version__", AK_VERSION);
    failed = failed || PyModule_AddStringConstant(module, "compiler", AK_COMPILER);
    for (size_t i = 0; !failed && i < sizeof(parts) / sizeof(parts[0]); i++) {
        failed = parts[i](module);
    }
    if (failed) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
