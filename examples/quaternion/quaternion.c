/* A quaternion dtype and its kernels: w + x i + y j + z k, four doubles an item.
 *
 * All of it is plain C against arraykit's public header; Python appears only in the last function, which
 * hands the table over in a capsule.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <arraykit/ak_abi.h>
#include <stdio.h>
#include <string.h>

typedef struct quaternion {
    double w, x, y, z;
} quaternion;

static quaternion load(const char *p)
{
    quaternion q;
    memcpy(&q, p, sizeof(q));
    return q;
}

static void store(char *p, quaternion q)
{
    memcpy(p, &q, sizeof(q));
}

static quaternion plus(quaternion a, quaternion b)
{
    return (quaternion){a.w + b.w, a.x + b.x, a.y + b.y, a.z + b.z};
}

/* Hamilton's product; not commutative. */
static quaternion times(quaternion a, quaternion b)
{
    return (quaternion){
        a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
        a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
        a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
        a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
    };
}

/* ---- loops ---- */

static int add_loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        store(data[2] + i * strides[2], plus(load(data[0] + i * strides[0]), load(data[1] + i * strides[1])));
    }
    return 0;
}

static int multiply_loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                         void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        store(data[2] + i * strides[2],
              times(load(data[0] + i * strides[0]), load(data[1] + i * strides[1])));
    }
    return 0;
}

/* Accumulates: out is combined with in, once an element, or folds all of them where its stride is 0. */
static int sum_loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *out = data[1] + i * strides[1];
        store(out, plus(load(out), load(data[0] + i * strides[0])));
    }
    return 0;
}

/* dims: loop, m, n; strides: three operands, then matrix (m, n), vector (n), result (m). */
static int matvec_loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    (void)ctx, (void)state;
    const intptr_t *core = strides + 3;
    for (intptr_t k = 0; k < dims[0]; k++) {
        const char *matrix = data[0] + k * strides[0], *vector = data[1] + k * strides[1];
        char *out = data[2] + k * strides[2];
        for (intptr_t i = 0; i < dims[1]; i++) {
            quaternion total = {0, 0, 0, 0};
            for (intptr_t j = 0; j < dims[2]; j++) {
                total =
                    plus(total, times(load(matrix + i * core[0] + j * core[1]), load(vector + j * core[2])));
            }
            store(out + i * core[3], total);
        }
    }
    return 0;
}

static int from_float64(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        quaternion q = {0, 0, 0, 0};
        memcpy(&q.w, data[0] + i * strides[0], sizeof(double));
        store(data[1] + i * strides[1], q);
    }
    return 0;
}

/* ---- the dtype ---- */

static intptr_t to_text(const ak_dtype *self, const char *item, char *buffer, size_t n, ak_error *error)
{
    (void)self, (void)error;
    quaternion q = load(item);
    return snprintf(buffer, n, "%g%+gi%+gj%+gk", q.w, q.x, q.y, q.z);
}

static const ak_dtype quaternion_dtype = {
    AK_HEAD(ak_dtype),   .name = "quaternion",
    .bases = "Numeric",  .fields = "w: float64, x: float64, y: float64, z: float64",
    .embeds = "float64", .flags = AK_DTYPE_ZERO_IS_VALID,
    .to_text = to_text,  .pep3118 = "T{d:w:d:x:d:y:d:z:}",
};

#define KERNEL(op, sig, loop) {AK_HEAD(ak_kernel), .operation = op, .signature = sig, .strided = loop}

static const ak_kernel kernel_rows[] = {
    KERNEL("add", "quaternion, quaternion -> quaternion", add_loop),
    KERNEL("multiply", "quaternion, quaternion -> quaternion", multiply_loop),
    KERNEL("sum", "quaternion -> quaternion", sum_loop),
    KERNEL("matvec", "quaternion[m,n], quaternion[n] -> quaternion[m]", matvec_loop),
    KERNEL("cast", "float64 -> quaternion", from_float64),
};

static const ak_dtype *const dtypes[] = {&quaternion_dtype};
static const ak_kernel *const kernels[] = {&kernel_rows[0], &kernel_rows[1], &kernel_rows[2], &kernel_rows[3],
                                           &kernel_rows[4]};

static const ak_plugin plugin = {
    AK_HEAD(ak_plugin), .name = "arraykit-quaternion",
    .dtypes = dtypes,   .ndtypes = sizeof(dtypes) / sizeof(dtypes[0]),
    .kernels = kernels, .nkernels = sizeof(kernels) / sizeof(kernels[0]),
};

static struct PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "arraykit_quaternion._quaternion",
                                        .m_size = 0};

PyMODINIT_FUNC PyInit__quaternion(void)
{
    PyObject *module = PyModule_Create(&module_def);
    PyObject *capsule = module ? PyCapsule_New((void *)&plugin, AK_PLUGIN_CAPSULE, NULL) : NULL;
    if (capsule == NULL || PyModule_AddObjectRef(module, "plugin", capsule) < 0) {
        Py_CLEAR(module);
    }
    Py_XDECREF(capsule);
    return module;
}
