/* The public ABI of arraykit: what a dtype, a kernel and a plug-in are, in plain C.
 *
 * Every struct is flat and begins with its own size and the ABI version it was compiled for.  Fields
 * are only ever appended; a zero or absent field has the default stated beside it; nothing is ever
 * identified by a number: a dtype is its namespaced name.  No Python is needed to write a kernel.
 *
 * Structs that a plug-in hands over may be of any later or earlier minor version; what lies behind `size` is
 * never read.  Structs that the host hands over may be of another minor version too: a plug-in that means to run in
 * older hosts asks AK_HAS before it reads what came later than 1.0, and leaves room behind `size` alone.
 */
#ifndef ARRAYKIT_AK_ABI_H
#define ARRAYKIT_AK_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define AK_ABI_MAJOR 1u
#define AK_ABI_MINOR 1u

/* The first three fields of ak_dtype, ak_kernel, ak_plugin and ak_host: `{AK_HEAD(ak_kernel), ...}`. */
#define AK_HEAD(type) sizeof(type), AK_ABI_MAJOR, AK_ABI_MINOR

/* Whether the struct at p, of whichever version, has a field: `if (AK_HAS(host, find_kernel)) ...`. */
#define AK_HAS(p, field) ((const char *)(&(p)->field + 1) <= (const char *)(p) + (p)->size)

/* A plug-in module exports a capsule of this name that points to an ak_plugin. */
#define AK_PLUGIN_CAPSULE "arraykit.plugin.v1"

/* ---- errors --------------------------------------------------------------------------------- */

/* Codes of failure; each becomes the Python exception of the same name. */
enum {
    AK_OK = 0,
    AK_VALUE_ERROR = 1,
    AK_TYPE_ERROR = 2,
    AK_OVERFLOW_ERROR = 3,
    AK_ZERO_DIVISION_ERROR = 4,
    AK_MEMORY_ERROR = 5,
    AK_INDEX_ERROR = 6,
    AK_NOT_IMPLEMENTED = 7,
    AK_PYTHON_ERROR = 8, /* a Python exception is already set (only with AK_NEEDS_PYTHON) */
};

/* Where a failing function leaves its reason; `text` is a sentence, NUL-terminated UTF-8. */
typedef struct ak_error {
    uint32_t size;
    int32_t code;
    char text[248];
} ak_error;

/* Conditions that a loop may meet without failing; the host turns them into one RuntimeWarning. AK_STATUS_INVALID of a
 * cast says that a value does not fit: unless the caller wanted an unsafe cast, the host refuses it with its place. */
enum {
    AK_STATUS_DIVIDE_BY_ZERO = 1u << 0,
    AK_STATUS_OVERFLOW = 1u << 1,
    AK_STATUS_INVALID = 1u << 2,
};

struct ak_dtype;

/* Memory that lives as long as the elements that a call writes: where an element puts what its own bytes do not
 * hold.  Elements may be copied and moved as bytes; whoever holds a copy keeps the memory alive, or gives it other
 * memory by ak_dtype.move, which may happen to any element between calls. */
typedef struct ak_heap {
    uint32_t size;
    /* n bytes at a multiple of 8; NULL if there is no memory. */
    void *(*allocate)(struct ak_heap *self, size_t n);
    /* Has `release` called with `resource` when the memory goes (with the GIL held); 0, or -1 if there is no
     * memory, and then the resource is still the caller's. */
    int (*adopt)(struct ak_heap *self, void *resource, void (*release)(void *));
} ak_heap;

/* Which elements of one operand are there: of element i of a loop, bit first + i, the lowest bit of a byte first. */
typedef struct ak_valid {
    uint8_t *bits;
    intptr_t first;
} ak_valid;

/* What the host tells a loop about the call; loops that cannot fail may ignore it. */
typedef struct ak_context {
    uint32_t size;
    uint32_t status;                      /* AK_STATUS_*, set by the loop */
    ak_error *error;                      /* filled by the loop before it returns -1 */
    const struct ak_dtype *const *dtypes; /* of the operands, inputs first */
    /* since 1.1 */
    ak_heap *heap; /* where outputs with AK_DTYPE_HAS_HEAP put their bytes; NULL: no output has */
    const ak_valid
        *valid; /* of the operands of a kernel with AK_NULLS_HANDLES, inputs first; outputs' bits are
                            * set before the loop, which clears those of what is missing; NULL: nothing can be */
} ak_context;

/* ---- loops ---------------------------------------------------------------------------------- */

/* A strided loop over `dims[0]` elements; returns 0, or -1 on failure.
 *
 * ctx      an ak_context (an adopted foreign loop may have its own)
 * data     one pointer an operand, inputs first
 * dims     the loop length, then the core dimensions in the order of their first appearance
 * strides  in bytes: one an operand, then one for each core dimension of each operand
 * state    the kernel's `state`
 *
 * Elementwise kernels have no core dimensions.  A *reduction* kernel has the operands (in, out) and
 * accumulates: with strides[1] == 0 it folds all elements into *out, else out[i] is combined with
 * in[i]; the host has put the identity (or a first element) there.  Operands may be equal in place
 * element by element, and never overlap otherwise.  Pointers are aligned to the dtype unless the
 * kernel says AK_UNALIGNED_OK.  No Python, no GIL, unless the kernel says AK_NEEDS_PYTHON.
 */
typedef int (*ak_loop)(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state);

/* ---- dtypes --------------------------------------------------------------------------------- */

enum {
    AK_DTYPE_ABSTRACT = 1u << 0,      /* a name in the hierarchy; has no items */
    AK_DTYPE_ZERO_IS_VALID = 1u << 1, /* all bytes zero is the item 0; else zeros are AK_CONSTANT_ZERO */
    AK_DTYPE_NEEDS_PYTHON = 1u << 2,  /* its functions need the GIL, and may leave a Python exception */
    AK_DTYPE_HAS_HEAP = 1u << 3,      /* elements may refer to memory of an ak_heap */
};

/* What `constant` is asked for. */
enum {
    AK_CONSTANT_ZERO = 0, /* elements that are not equal to it are true */
    AK_CONSTANT_ONE = 1,
    AK_CONSTANT_MIN = 2, /* the lowest finite value */
    AK_CONSTANT_MAX = 3,
    AK_CONSTANT_EPS = 4, /* from one to the next larger value */
    AK_CONSTANT_SMALLEST_NORMAL = 5,
    AK_CONSTANT_NAN = 6,
    AK_CONSTANT_INFINITY = 7,
};

/* What `compare` gives for two items of which neither is before the other, nor are they equal: NaN and anything.
 * Of them only `!=` holds.  An item that is not equal to itself comes last in a sort. */
enum { AK_UNORDERED = 2 };

/* A dtype; a plain one fills name, bases, fields (or itemsize and align), and the edges.
 *
 * A *family* of parametrised dtypes is one with `parse` and without items.  Its members are made on demand, one
 * for each text of parameters: "acme.decimal[18, 4]".  Of a family's edges, "float64=53" in `embeds` says that
 * its member for the parameters 53 is the least that holds every float64; a name alone, that all members do.
 * There is no destructor: elements are copied and dropped as bytes, and memory that they refer to belongs to an
 * ak_heap, which frees it at once for all of them; what is no memory is released by ak_heap.adopt.
 *
 * Elements that nobody has written, and those that are missing, are bytes of zero: the dtype's functions and loops
 * may meet them and must survive them, even if they are no value.
 */
typedef struct ak_dtype {
    uint32_t size;
    uint16_t abi_major, abi_minor;
    const char *name;   /* "acme.quaternion"; the only identity between processes */
    const char *bases;  /* names of abstract dtypes, most specific first: "Numeric" */
    const char *fields; /* "w: float64, x: float64"; packed in C order; NULL: opaque bytes */
    const char *embeds; /* names that embed in this dtype: "int32 float64"; "~" after a name: approximately */
    const char *into;   /* names that this dtype embeds in */
    intptr_t itemsize;  /* bytes; 0: computed from fields */
    uint32_t align;     /* bytes; 0: computed from fields, else 1 */
    uint32_t flags;     /* AK_DTYPE_* */
    /* Text of an item: returns its length without the NUL (may exceed n), or -1. NULL: by the fields. */
    intptr_t (*to_text)(const struct ak_dtype *self, const char *item, char *buffer, size_t n, ak_error *);
    /* An item from text; returns 0 or -1. NULL: text is refused. */
    int (*from_text)(const struct ak_dtype *self, const char *text, size_t n, char *item, ak_error *);
    /* -1 0 1, or AK_UNORDERED. NULL: items have no order, and are equal if their fields (or bytes) are. */
    int (*compare)(const struct ak_dtype *self, const char *a, const char *b);
    /* Equal items hash equally. NULL: over the bytes. */
    uint64_t (*hash)(const struct ak_dtype *self, const char *item);
    /* Names in other systems; NULL or 0: none. */
    const char *pep3118, *numpy, *arrow;
    uint8_t dlpack_code, dlpack_bits;
    void *priv; /* the plug-in's own */
    /* since 1.1 */
    /* Loop (in, out): copies elements and what they refer to into ctx->heap. NULL: bytes. */
    ak_loop move;
    /* As from_text, for dtypes with AK_DTYPE_HAS_HEAP. NULL: from_text. */
    int (*from_text_in)(const struct ak_dtype *self, const char *text, size_t n, char *item, ak_heap *heap,
                        ak_error *);
    /* An item as an object of Python (PyObject *, a new reference); NULL with an exception set. NULL: items
     * stay what they are. Called with the GIL. */
    void *(*to_py)(const struct ak_dtype *self, const char *item);
    /* An item from an object of Python; 0, -1, or 1 if it is for others to read: by fields and declared edges, as
     * with NULL. (The text of an item is read only where the dtype is called with it.) `heap` is NULL without AK_DTYPE_HAS_HEAP. Called with the GIL. */
    int (*from_py)(const struct ak_dtype *self, void *object, char *item, ak_heap *heap, ak_error *);
    /* Writes an AK_CONSTANT_* as an item, which refers to no memory; 0, or -1 if there is none. NULL: there are
     * none. */
    int (*constant)(const struct ak_dtype *self, int which, char *item);
    /* Of a family: its member for the parameters `text`, as they stand between brackets. *member has the
     * family's name and, in `params`, the one text for these parameters; it lives as long as the plug-in. */
    int (*parse)(const struct ak_dtype *self, const char *text, size_t n, const struct ak_dtype **member,
                 ak_error *);
    /* Of a family: the least member that holds the values of all n members; *member NULL: there is none.
     * NULL: different members have nothing in common. */
    int (*common)(const struct ak_dtype *self, const struct ak_dtype *const *members, uint32_t n,
                  const struct ak_dtype **member, ak_error *);
    const char *params; /* of a member; the names that the host hands over have them in brackets */
} ak_dtype;

/* ---- kernels -------------------------------------------------------------------------------- */

enum {
    AK_NEEDS_PYTHON = 1u << 0, /* the loop must hold the GIL, and may leave a Python exception */
    AK_UNALIGNED_OK = 1u << 1,
    AK_COMMUTATIVE = 1u << 2,
    AK_ASSOCIATIVE = 1u << 3,
    AK_IDEMPOTENT = 1u << 4,    /* reduction: folding an element in twice changes nothing (min, max, any) */
    AK_CHECKS_STATUS = 1u << 5, /* the loop may set ctx->status */
    AK_MAY_REFUSE = 1u << 6,    /* the loop may return -1 for some values: an out is then left as it was */
    AK_OWN_MEMORY = 1u
        << 7, /* elements of outputs refer to ctx->heap alone, to nothing that inputs refer to */
};

/* What becomes of missing elements. */
enum {
    AK_NULLS_OPERATION = 0, /* what the operation says: the kernel never hears of them */
    AK_NULLS_HANDLES = 3,   /* what the kernel does by ctx->valid; elementwise kernels only */
};

/* Levels of a cast, safest first; 0 for kernels that are no casts. */
enum {
    AK_CAST_NONE = 0,
    AK_CAST_EXACT = 1,     /* every value is kept */
    AK_CAST_SAFE = 2,      /* as NumPy's "safe": int64 to float64 */
    AK_CAST_SAME_KIND = 3, /* float64 to float32 */
    AK_CAST_UNSAFE = 4,    /* float64 to int8 */
};

/* What `bind` fills: the loops for these dtypes, and the state for them alone. */
typedef struct ak_bound {
    uint32_t size;
    ak_loop strided, contiguous; /* NULL: the kernel's */
    void *state;
    void (*free)(void *state); /* when the kernel is used no more, with the GIL; NULL: nothing to do */
    void *reserved[4];         /* for later fields */
} ak_bound;

/* A kernel; the minimum is operation, signature and strided.
 *
 * With type variables, as "T, T -> T where T: acme.decimal", it stands for kernels of all dtypes that match; for
 * each of them `resolve` is asked once, then `bind`.
 */
typedef struct ak_kernel {
    uint32_t size;
    uint16_t abi_major, abi_minor;
    const char *operation; /* "add", "sum", "matmul", "cast", "acme.det" */
    const char *signature; /* "float64, float64 -> float64"; "float64[m,n], float64[n] -> float64[m]" */
    uint32_t flags;        /* AK_* flags above */
    uint8_t nulls;         /* AK_NULLS_* */
    uint8_t cast_level;    /* AK_CAST_*, only for operation "cast" */
    uint16_t reserved;
    ak_loop strided;
    ak_loop contiguous; /* used when every operand's stride is its itemsize; NULL: strided */
    void *state;        /* handed to the loops */
    /* since 1.1 */
    /* The result dtypes: of host or plug-in; those left NULL are the signature's. 0; -1; or 1 to decline, and
     * the next kernel is asked. NULL: the signature's. */
    int (*resolve)(const struct ak_kernel *self, const ak_dtype *const *inputs, const ak_dtype **outputs,
                   ak_error *);
    /* Loops and state for these dtypes, inputs first. NULL: the kernel's own. */
    int (*bind)(const struct ak_kernel *self, const ak_dtype *const *dtypes, ak_bound *bound, ak_error *);
    /* The lengths of the n core dimensions, -1 those that no input has: fills these, or refuses with -1.
     * NULL: inputs have them all, and all lengths are right. */
    int (*lengths)(const struct ak_kernel *self, intptr_t *core, uint32_t n, ak_error *);
    /* Of a reduction: writes its neutral element. NULL: the operation's. */
    int (*identity)(const struct ak_kernel *self, const ak_dtype *dtype, char *item);
    /* Of a reduction with AK_ASSOCIATIVE: a loop (in, out) that folds partial results, each begun with the identity;
     * NULL: `strided` does, if results are of the elements' dtype. */
    ak_loop combine;
} ak_kernel;

/* ---- plug-ins ------------------------------------------------------------------------------- */

/* What the host offers a plug-in, from its loading on; all to be called with the GIL. */
typedef struct ak_host {
    uint32_t size;
    uint16_t abi_major, abi_minor;
    const char *version; /* arraykit's version text */
    const ak_dtype *(*find_dtype)(
        const char *name); /* members too: "acme.decimal[18, 4]"; NULL: unknown name */
    /* since 1.1 */
    /* Enters a dtype or a kernel that stands in no table of the plug-in. NULL or -1: refused. */
    const ak_dtype *(*intern)(const ak_dtype *dtype, ak_error *);
    int (*add_kernel)(const ak_kernel *kernel, ak_error *);
    /* The kernel of an operation for n input dtypes, casts aside; it lives on. NULL: there is none. */
    const ak_kernel *(*find_kernel)(const char *operation, const ak_dtype *const *inputs, uint32_t n,
                                    ak_error *);
} ak_host;

/* What a plug-in brings: arrays of pointers, so that struct sizes may differ. */
typedef struct ak_plugin {
    uint32_t size;
    uint16_t abi_major, abi_minor;
    const char *name; /* of the distribution, for messages */
    const ak_dtype *const *dtypes;
    uint32_t ndtypes;
    const ak_kernel *const *kernels;
    uint32_t nkernels;
    int (*init)(const ak_host *host, ak_error *error); /* called first; NULL: nothing to do */
} ak_plugin;

#ifdef __cplusplus
}
#endif
#endif
