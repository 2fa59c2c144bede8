/* The hot types of arraykit and what they promise each other.
 *
 * One .c file a type (or a part of one); this header is the only thing they share.  A function that
 * returns PyObject * gives a new reference or NULL with an exception set; one that returns int gives 0
 * or -1 with an exception set; other returns are borrowed.  The C types carry data and the hot paths;
 * the Python file of the same stem gives them their cold methods (they are mutable heap types; Multimethod
 * is sealed afterwards).
 */
#ifndef AK_PYTHON_H
#define AK_PYTHON_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>

#include "../core/cpu.h"
#include "../core/heap.h"
#include "../core/iterate.h"
#include "../core/layout.h"
#include "../core/memory.h"
#include "../core/table.h"
#include "../include/arraykit/ak_abi.h"

/* A function in a PyType_Slot, whose field is a data pointer. */
#define AK_SLOT(function) ((void *)(uintptr_t)(function))

/* For what is seldom reached from where speed counts. */
#if defined(__GNUC__)
#define AK_NOINLINE           __attribute__((noinline))
#define AK_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define AK_NOINLINE
#define AK_UNLIKELY(condition) (condition)
#endif

enum { AK_MAX_ARGS = AK_CALL_MAX_OPERANDS };

/* Items up to this size are kept on the C stack. */
enum { AK_STACK_ITEM = 64 };

/* ---- dtype.c, native.c, items.c, declared.c: the DType metaclass and its items ------------------- */

typedef struct DTypeObject DTypeObject;

/* What the elements of a dtype have beside their bytes; see side.h. */
enum {
    AK_BESIDE_VALID = 1u << 0,
    AK_BESIDE_PLANES = 1u << 1, /* a record: its fields may lie in planes */
    AK_BESIDE_HEAP = 1u << 2,
    AK_BESIDE_LOOSE = 1u << 3, /* a record whose fields must: its items hold a tuple of theirs */
    AK_BESIDE_LISTS = 1u << 4, /* an element is part of another Array, which the heap keeps */
};

/* How items lie in memory: as the Python number they are, or as their own storage. */
enum { AK_ITEM_RAW, AK_ITEM_BOOL, AK_ITEM_INT, AK_ITEM_FLOAT, AK_ITEM_COMPLEX, AK_ITEM_TEXT, AK_ITEM_BYTES };

static inline int ak_layout_is_text(int layout)
{
    return layout >= AK_ITEM_TEXT;
}

/* A C element type, by name; a dtype declared with native=... takes its facts from here. */
typedef struct ak_native {
    const char *name;
    char kind, code; /* NumPy's kind and character */
    uint8_t layout;  /* AK_ITEM_... */
    uint8_t itemsize, align;
    uint8_t dlpack_code;
    const char *pep3118; /* NULL: the buffer protocol has no letter for it */
    const char *part;    /* of complex types: the name of the dtype of their parts */
    PyObject *(*get)(DTypeObject *self, const char *storage);
    int (*set)(DTypeObject *self, PyObject *value, char *storage);
    int (*set_in)(DTypeObject *self, PyObject *value, char *storage,
                  ak_heap *heap); /* or NULL; then `set` is */
} ak_native;

/* NULL if there is no such C element type. */
const ak_native *ak_native_find(const char *name);

/* A dtype: an ordinary class (its instances are the items) with the C facts behind it. */
struct DTypeObject {
    PyHeapTypeObject heap;
    ak_dtype abi;     /* name, itemsize, align, flags ... ; strings are owned by `owned` */
    char is_concrete; /* has a storage; else abstract and abi.itemsize == 0 */
    char kind;        /* as NumPy's: 'b' 'i' 'u' 'f' 'c', 'V' for anything else */
    /* An item from storage, and storage from a Python object (checked: OverflowError, TypeError).
     * Storage may be unaligned. */
    PyObject *(*get)(DTypeObject *self, const char *storage);
    int (*set)(DTypeObject *self, PyObject *value, char *storage);
    /* Of dtypes with AK_DTYPE_HAS_HEAP, instead of `set`: what does not fit the storage goes to the heap. */
    int (*set_in)(DTypeObject *self, PyObject *value, char *storage, ak_heap *heap);
    uint8_t beside;                        /* AK_BESIDE_*: what elements have beside their bytes */
    DTypeObject *content;                  /* of a wrapping dtype: what it wraps; else NULL */
    PyObject *family, *parameters;         /* of a member: its family's class and a tuple; or NULL */
    PyObject *fields;                      /* tuple of (name, DType, offset), or NULL */
    PyObject *owned;                       /* list: keeps strings, capsules and plug-ins alive */
    const ak_native *native;               /* NULL: items are raw */
    PyObject *embeds, *into, *computes_in; /* declared edges, tuples of str; a name, or NULL */
};

extern PyTypeObject *ak_DTypeMeta; /* arraykit._core.DType */
extern PyTypeObject *ak_ItemBase;  /* arraykit._core.Item: root of all dtypes, with the operators */

static inline int ak_is_dtype(PyObject *o)
{
    return PyObject_TypeCheck(o, ak_DTypeMeta);
}
static inline int ak_is_item(PyObject *o)
{
    return Py_TYPE(Py_TYPE(o)) == ak_DTypeMeta || ak_is_dtype((PyObject *)Py_TYPE(o));
}

/* The item at `storage`. */
static inline PyObject *ak_item_get(DTypeObject *d, const char *storage)
{
    return d->get(d, storage);
}
/* Writes `value` (item, Python scalar, number) as an item of d; `heap` may be NULL where d needs none. */
static inline int ak_item_set_in(DTypeObject *d, PyObject *value, char *storage, ak_heap *heap)
{
    return d->set_in != NULL ? d->set_in(d, value, storage, heap) : d->set(d, value, storage);
}
static inline int ak_item_set(DTypeObject *d, PyObject *value, char *storage)
{
    return ak_item_set_in(d, value, storage, NULL);
}

/* The concrete dtype that `o` names: a DType, a name, a NumPy dtype, a Python scalar class (float is
 * float64); new reference. Fast for DTypes; the rest asks arraykit.dtypes.dtype. */
DTypeObject *ak_dtype_from(PyObject *o);
/* A concrete dtype by its name; borrowed; NULL without an exception if there is none. */
DTypeObject *ak_dtype_named(const char *name);
/* The default dtype of an exact Python scalar class (bool, int, float, complex); borrowed; NULL without
 * an exception for other classes. */
DTypeObject *ak_dtype_default(PyTypeObject *scalar);

/* Where the digits of a Python int begin. */
#if PY_VERSION_HEX >= 0x030C0000
#define AK_FIRST_DIGIT long_value.ob_digit
#else
#define AK_FIRST_DIGIT ob_digit
#endif

/* A new item from a C value that is known to fit; int64 also serves bool (0, 1). */
PyObject *ak_item_from_int64(DTypeObject *d, int64_t value);
PyObject *ak_item_from_uint64(DTypeObject *d, uint64_t value);
PyObject *ak_item_from_double(DTypeObject *d, double value);
PyObject *ak_item_from_complex(DTypeObject *d, double real, double imag);
/* The C number in an item of layout AK_ITEM_FLOAT, without a check. */
static inline double ak_item_double(PyObject *item)
{
    return ((PyFloatObject *)item)->ob_fval;
}

/* The Python number that a native item is (bool for truth values); raw items as they are. Steals; NULL passes. */
PyObject *ak_item_plain(PyObject *item);

/* float64(x): a native dtype's class called with one value. */
PyObject *ak_item_call(PyObject *type, PyObject *const *args, size_t nargsf, PyObject *keywords);

/* item_strings.c: elements of kernels/strings.h */
PyObject *ak_text_get(DTypeObject *self, const char *storage);
int ak_text_set(DTypeObject *self, PyObject *value, char *storage, ak_heap *heap);
PyObject *ak_bytes_get(DTypeObject *self, const char *storage);
PyObject *ak_fixed_bytes_get(DTypeObject *self, const char *storage);
int ak_fixed_bytes_set(DTypeObject *self, PyObject *value, char *storage);
int ak_bytes_set(DTypeObject *self, PyObject *value, char *storage, ak_heap *heap);
/* The item of d with the value of Python's own str or bytes, which is stolen. */
PyObject *ak_text_item(DTypeObject *d, PyObject *plain);
PyObject *ak_text_from(DTypeObject *d, PyObject *value);
PyObject *ak_text_compare(PyObject *a, PyObject *b, int op);
PyObject *ak_text_subscript(PyObject *item, PyObject *index);
void ak_text_free(PyObject *item);

/* scalars.c: the dtype of a Python object whose class was declared to stand for one; new reference. NULL without
 * an exception for other classes. */
PyObject *ak_scalar_entry(PyTypeObject *type);
DTypeObject *ak_scalar_dtype(PyObject *value);
/* Whether objects of the class are elements; classes known by name only are looked for. -1 with an exception. */
int ak_scalar_learn(PyTypeObject *type);
int ak_init_scalars(PyObject *module);
int ak_init_string_case(PyObject *module); /* string_case.c */

/* item_memory.c: makes a concrete class's items small and quick: no cycles, own memory, own new. */
int ak_item_memory_adopt(DTypeObject *d);
/* Frees an item whose storage begins with an object that it owns. */
void ak_item_free_object(PyObject *item);
/* lists.c: makes d the dtype of lists of elements of another one; 0 or -1. */
int ak_list_declare(DTypeObject *d, PyObject *elements);
/* item_text.c: repr of a native item: the shortest text that its dtype reads back. */
PyObject *ak_item_text(PyObject *item);

/* An item whose storage lies inline. */
typedef struct RawItem {
    PyObject_HEAD
    char storage[];
} RawItem;

static inline char *ak_raw_storage(PyObject *item)
{
    return ((RawItem *)item)->storage;
}
/* declared_fields.c: lays out storage={"name": dtype, ...} as C would: fills fields, itemsize, align, get and set, and puts a
 * descriptor a field into the class's namespace (giving items, or plain Python numbers). */
int ak_declared_layout(PyObject *storage, PyObject *name_space, int as_items, PyObject **fields,
                       intptr_t *itemsize, uint32_t *align);
/* Whether a field has something beside its bytes, so that the record has no packed form. */
int ak_fields_are_loose(PyObject *fields);
/* Of such a record: TypeError, since no element is one run of bytes. */
PyObject *ak_loose_get(DTypeObject *self, const char *storage);
int ak_loose_set(DTypeObject *self, PyObject *value, char *storage);
/* Field i of an item: an item of the field's dtype. */
PyObject *ak_declared_field(PyObject *item, Py_ssize_t i);
/* An item of d from something else: what its class reads, and what the declared edges allow. */
PyObject *ak_declared_construct(DTypeObject *d, PyObject *value);
/* An item of a record without packed form; takes over the tuple of its fields' items. */
PyObject *ak_loose_item(DTypeObject *d, PyObject *values);
static inline PyObject *ak_loose_values(PyObject *item)
{
    return *(PyObject **)(void *)((RawItem *)item)->storage;
}
/* declared.c */
/* A new raw item without a value. */
PyObject *ak_declared_blank(DTypeObject *d);
/* An item of d: `value` itself, or made of it. */
PyObject *ak_declared_item(DTypeObject *d, PyObject *value);
PyObject *ak_declared_get(DTypeObject *self, const char *storage);
int ak_declared_set(DTypeObject *self, PyObject *value, char *storage);
PyObject *ak_declared_new(DTypeObject *self, PyObject *args, PyObject *kwargs);
PyObject *ak_declared_text(PyObject *item);
Py_hash_t ak_declared_hash(PyObject *item);
PyObject *ak_declared_compare(PyObject *a, PyObject *b, int op);
/* The field values as a tuple (opaque storage: one bytes object), from which the class can be called again. */
PyObject *ak_declared_values(PyObject *item);
extern PyObject *ak_declared_maker; /* _core.make_item(dtype, values) */
int ak_init_declared(PyObject *module);
/* declared_heap.c: gives d's items an arena each; whether they have one; an item's own heap. */
void ak_declared_own_memory(DTypeObject *d);
int ak_declared_owns(const DTypeObject *d);
ak_heap *ak_declared_heap(PyObject *item);
/* dtype_abi.c: the item that an AK_CONSTANT_* asks a plug-in's dtype for, or None. */
PyObject *ak_declared_constant(DTypeObject *dtype, int which);
int ak_init_fields(void);
int ak_init_item_cast(PyObject *module); /* item_cast.c */
/* array_cast.c: raises what is to be said of a value that a cast refuses; `index` is a tuple, () for a value alone, and
 * `e` what the kernel said, code AK_OK if nothing. Always -1. */
int ak_cast_refuse(DTypeObject *wanted, PyObject *value, PyObject *index, const ak_error *e);
int ak_init_array_cast(PyObject *module);

/* dtype_content.c: makes d the dtype of elements of another one that may be missing; 0 or -1. */
int ak_dtype_wrap(DTypeObject *d, PyObject *content);

/* dtype_registry.c: gives the dtype its name; -1 with TypeError naming both owners if it is taken. */
int ak_dtype_register(DTypeObject *d, PyObject *name);
int ak_init_dtype_registry(PyObject *module);

/* dtype_attributes.c */
extern PyGetSetDef ak_dtype_getset[];
PyObject *ak_dtype_repr(PyObject *self);
PyObject *ak_dtype_str(PyObject *self);
/* "module.QualifiedName" of a class, to tell owners apart; new reference. */
PyObject *ak_place_of(PyObject *class);

/* The dtype that a plug-in describes; `owner` keeps the plug-in's memory alive. Reads only the fields that
 * lie inside abi->size; TypeError for another ABI major or a name that somebody else owns. */
DTypeObject *ak_dtype_from_abi(const ak_dtype *abi, PyObject *owner);
/* The host's dtype that a plug-in points to, which may be a member that was not met before; new reference. */
DTypeObject *ak_dtype_of_abi(const ak_dtype *abi);
int ak_init_dtype_abi(PyObject *module);
/* Takes a name back that was given a moment ago. */
void ak_dtype_forget(DTypeObject *d);

/* ---- array.c and array_*.c ------------------------------------------------------------------------ */

enum { AK_INLINE_NDIM = 3, AK_INLINE_BYTES = 128 };
enum {
    AK_ARRAY_C = 1u << 0, /* C-contiguous */
    AK_ARRAY_F = 1u << 1, /* Fortran-contiguous */
    AK_ARRAY_WRITEABLE = 1u << 2,
    AK_ARRAY_ALIGNED = 1u << 3,
    AK_ARRAY_OWNS = 1u << 4,   /* data came from ak_memory_new(nbytes) */
    AK_ARRAY_INLINE = 1u << 5, /* data == inline_data */
};

/* An N-d strided view of elements of one dtype. */
typedef struct ArrayObject {
    PyObject_HEAD
    char *data;
    DTypeObject *dtype;   /* owned */
    PyObject *base;       /* what keeps data alive; NULL if inline or owned */
    struct ak_side *side; /* owned, or NULL: only arrays that are no views of Arrays have one; see side.h */
    intptr_t size;        /* elements */
    intptr_t *shape;      /* ndim lengths, then ndim strides; = dims or heap memory */
    PyObject *weakrefs;
    int32_t ndim;
    uint32_t flags; /* AK_ARRAY_* */
    intptr_t dims[2 * AK_INLINE_NDIM];
    _Alignas(16) char inline_data[AK_INLINE_BYTES];
} ArrayObject;

extern PyTypeObject *ak_ArrayType; /* arraykit.Array */

static inline int ak_is_array(PyObject *o)
{
    return Py_TYPE(o) == ak_ArrayType;
}
static inline intptr_t *ak_strides(const ArrayObject *a)
{
    return a->shape + a->ndim;
}

/* A new C-contiguous array with unset elements; inline up to AK_INLINE_BYTES. ValueError or MemoryError
 * for impossible shapes, before anything is allocated. */
ArrayObject *ak_array_new(DTypeObject *dtype, int ndim, const intptr_t *shape);
ArrayObject *ak_array_zeros(DTypeObject *dtype, int ndim, const intptr_t *shape);
/* A view of `owner`'s memory (owner may be an Array or anything that keeps data alive; a reference is
 * taken). Contiguity and alignment flags are computed. */
ArrayObject *ak_array_view(PyObject *owner, DTypeObject *dtype, char *data, int ndim, const intptr_t *shape,
                           const intptr_t *strides, int writeable);
/* Any array-like as an Array (new reference): an Array as it is, items and Python scalars 0-d, nested
 * lists, buffers, the rest through arraykit.asarray. dtype may be NULL. */
ArrayObject *ak_array_from(PyObject *o, DTypeObject *dtype);
/* Casts of any level that refuse what does not fit. What a level below allows is checked, too; AK_CAST_UNSAFE is not. */
enum { AK_CAST_CHECKED = AK_CAST_UNSAFE + 1 };
/* dst[...] = src with broadcasting, casts at most of level `max_cast`, and overlap handled. */
int ak_array_assign(ArrayObject *dst, ArrayObject *src, int max_cast);
/* A C-contiguous copy in `dtype` (NULL: the same). */
ArrayObject *ak_array_copy(ArrayObject *a, DTypeObject *dtype, int max_cast);
/* 0-d: the item (steals a); else a itself. */
PyObject *ak_array_result(ArrayObject *a);
/* A tuple of ints. */
PyObject *ak_tuple_from_intptr(int n, const intptr_t *values);
/* Shape or axes from an int or a sequence of ints; the count, or -1. */
int ak_intptr_from_sequence(PyObject *o, intptr_t *values, int max, const char *what);

/* ---- kernel.c: kernels and plans as Python objects ------------------------------------------------- */

/* A kernel and whatever keeps its code and state alive. */
typedef struct KernelObject {
    PyObject_HEAD
    const ak_kernel *abi;
    PyObject *operation, *signature; /* str */
    PyObject *owner;                 /* or NULL */
    PyObject *provenance;            /* "native", "adopted", "definition", "numba", ... */
    ak_kernel own;                   /* abi points here for kernels made at run time */
    PyObject *dict;
} KernelObject;

extern PyTypeObject *ak_KernelType; /* arraykit._core.Kernel */

/* A kernel object for a row of somebody's table; copies the struct (only abi->size bytes of it). */
KernelObject *ak_kernel_from_abi(const ak_kernel *abi, PyObject *owner, const char *provenance);

/* What an operation does about missing elements. */
enum { AK_POLICY_PROPAGATE, AK_POLICY_KLEENE, AK_POLICY_SKIP, AK_POLICY_HANDLES };

/* What tier 2 found for one tuple of operand dtypes: kernel, casts, result dtypes. Immutable. */
typedef struct PlanObject {
    PyObject_HEAD
    KernelObject *kernel;
    ak_loop strided, contiguous; /* = kernel's */
    void *state;
    uint32_t flags; /* = kernel's, and AK_NEEDS_PYTHON if a cast needs it */
    int nin, nout;
    char trivial;                     /* no casts, result dtypes = kernel's output dtypes, no Python needed */
    char small;                       /* no Python needed, and all items fit on the C stack */
    DTypeObject *dtype[AK_MAX_ARGS];  /* the kernel's operands, inputs first; owned */
    DTypeObject *result[AK_MAX_ARGS]; /* of the outputs; owned */
    KernelObject *cast[AK_MAX_ARGS];  /* operand -> kernel; outputs: kernel -> result; NULL: none */
    const ak_dtype *abi[AK_MAX_ARGS]; /* of dtype[], for ak_context */
    char nullable;                    /* operands may have missing elements; the rest is of their contents */
    char policy;                      /* AK_POLICY_*, if nullable */
    char heap;                        /* elements may refer to a heap */
    char row;                         /* trivial and small, but nullable or with a heap */
    char direct;                      /* nullable, but as small as others while nothing is missing */
    char by_bits;                     /* direct, and what is missing is so by the bits alone */
    PyObject *operands;               /* tuple: the classes that tier 2 looked up */
    char *
        neutral; /* reductions with missing elements: one element of dtype[0] that changes nothing, or NULL */
    int (*masked)(const char *, const uint8_t *, intptr_t, char *);      /* the same, told by bits; or NULL */
    int (*masked_cast)(const char *, const uint8_t *, intptr_t, char *); /* the same with cast[0]; or NULL */
    char *identity;        /* reductions: one element of dtype[nin] (the accumulator), or NULL */
    PyObject *composition; /* computes the call from whole operands, instead of the loop; or NULL */
    PyObject *path;        /* str: "exact", "promoted", "definition", ... for explain */
} PlanObject;

extern PyTypeObject *ak_PlanType; /* arraykit._core.Plan */

/* The cast kernel between two concrete dtypes, if its level is at most max_cast; borrowed (kept by the
 * cast table); NULL with TypeError. NULL is never returned for from == to: those get a copy kernel. */
KernelObject *ak_cast_find(DTypeObject *from, DTypeObject *to, int max_cast);

/* ---- multimethod.c: tier 1 ------------------------------------------------------------------------- */

extern PyTypeObject *ak_MultimethodType; /* arraykit._core.Multimethod */

/* mm(*args), but NotImplemented (new reference) where there is no method, or every method has declined. */
PyObject *ak_multimethod_try(PyObject *mm, PyObject *const *args, Py_ssize_t n);

/* ---- operation.c, reduction.c, gufunc.c: tier 2 ---------------------------------------------------- */

extern PyTypeObject *ak_OperationType; /* arraykit._core.Operation */

/* The generic functions behind the operators of Array and Item, in this order; each is the Multimethod
 * `arraykit.<name>`, looked up once. */
#define AK_OPERATORS(X)                                                                            \
    X(add) X(subtract) X(multiply) X(divide) X(floor_divide) X(remainder) X(divmod) X(pow) X(matmul) \
    X(bitwise_and) X(bitwise_or) X(bitwise_xor) X(bitwise_left_shift) X(bitwise_right_shift)       \
    X(negative) X(positive) X(abs) X(bitwise_invert)                                              \
    X(less) X(less_equal) X(equal) X(not_equal) X(greater) X(greater_equal)
#define AK_OPERATOR_ENUM(name) AK_OP_##name,
enum { AK_OPERATORS(AK_OPERATOR_ENUM) AK_OPERATOR_COUNT };
extern PyObject *ak_operators[AK_OPERATOR_COUNT];

/* f(a, b) through the generic function; NotImplemented (new reference) when tier 1 has no method for
 * these types, so that Python asks the other operand. */
PyObject *ak_operator_binary(int op, PyObject *a, PyObject *b);
PyObject *ak_operator_unary(int op, PyObject *a);
/* a op= b, written into a. */
PyObject *ak_operator_inplace(int op, PyObject *a, PyObject *b);

/* ---- errors.c ---------------------------------------------------------------------------------------- */

/* Raises what `e` says, with `call` (the operation's name) in front; always returns -1. */
int ak_raise(const char *call, const ak_error *e);
/* The exception that is set, taken away, with its traceback; new reference. NULL, and it stays set, for one that is no
 * Exception or tells of lacking memory. */
PyObject *ak_take_exception(void);
/* Raises the Python-declared class arraykit.errors.<name> (loaded on first need) with a formatted text. */
PyObject *ak_raise_named(const char *name, const char *format, ...);
/* Warns about AK_STATUS_* bits, if any; 0 or -1 if warnings are errors. */
int ak_warn_status(const char *call, uint32_t status);

/* ---- module.c calls these in this order --------------------------------------------------------------- */

int ak_init_multimethod(PyObject *module);
int ak_init_c_target(PyObject *module);
int ak_init_method_index(PyObject *module);
int ak_init_ordinary(PyObject *module);
int ak_init_trace(PyObject *module);
int ak_init_delegate(PyObject *module);
int ak_init_dtype(PyObject *module);
int ak_init_items(PyObject *module);
int ak_init_array(PyObject *module);
int ak_init_kernel(PyObject *module);
int ak_init_operation(PyObject *module);
int ak_init_door(PyObject *module);
int ak_init_plugin(PyObject *module);

#endif
