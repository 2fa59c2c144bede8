/* Sides of allocations: made when something is beside the elements for the first time, freed with the root. */
#include "planes.h"
#include <string.h>

PyObject *ak_NA;

/* ---- life ------------------------------------------------------------------------------------------------ */

ak_side *ak_side_need(ArrayObject *a)
{
    ArrayObject *root = ak_root(a);
    if (root->side == NULL) {
        root->side = PyMem_Calloc(1, sizeof(ak_side));
        if (root->side == NULL) {
            PyErr_NoMemory();
        }
    }
    return root->side;
}

void ak_side_free(ak_side *side)
{
    if (side->valid_owner != NULL) {
        Py_DECREF(side->valid_owner);
    } else if (side->valid_block > 0) {
        ak_memory_free(side->valid, side->valid_block);
    } else if (side->valid != (uint8_t *)side->few) {
        PyMem_Free(side->valid);
    }
    for (int i = 0; i < side->nplanes; i++) {
        Py_XDECREF((PyObject *)side->plane[i]);
    }
    PyMem_Free(side->plane);
    for (int i = 0; i < side->narenas; i++) {
        ak_arena_drop(side->arenas[i]);
    }
    PyMem_Free(side->arenas);
    ak_arena_drop(side->own);
    PyMem_Free(side);
}

/* ---- memory that elements refer to ----------------------------------------------------------------------- */

ak_heap *ak_side_heap(ArrayObject *a, int *failed)
{
    *failed = 0;
    if (!(a->dtype->beside & AK_BESIDE_HEAP)) {
        return NULL;
    }
    ak_side *side = ak_side_need(a);
    if (side != NULL && side->own == NULL) {
        side->own = ak_arena_new();
        if (side->own == NULL) {
            PyErr_NoMemory();
        }
        ak_side_expect(ak_root(a));
    }
    *failed = side == NULL || side->own == NULL;
    return *failed ? NULL : &side->own->heap;
}

static int keep(ak_side *side, ak_arena *arena)
{
    if (arena == side->own || ak_arena_is_empty(arena)) {
        return 0;
    }
    for (int i = 0; i < side->narenas; i++) {
        if (side->arenas[i] == arena) {
            return 0;
        }
    }
    const size_t n = (size_t)side->narenas;
    if ((n & (n - 1)) == 0) { /* full: it grows by doubling */
        ak_arena **more = PyMem_Realloc(side->arenas, (n ? 2 * n : 1) * sizeof(*more));
        if (more == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        side->arenas = more;
    }
    side->arenas[side->narenas++] = ak_arena_hold(arena);
    return 0;
}

int ak_side_keep_arena(ArrayObject *dst, ak_arena *arena)
{
    if (arena == NULL || ak_arena_is_empty(arena)) {
        return 0;
    }
    ak_side *side = ak_side_need(dst);
    return side != NULL ? keep(side, arena) : -1;
}

int ak_side_keep(ArrayObject *dst, ArrayObject *src)
{
    const ak_side *from = dst->dtype->beside & AK_BESIDE_HEAP ? ak_side_of(src) : NULL;
    if (from == NULL || ak_root(dst) == ak_root(src)) {
        return 0;
    }
    int status = from->own != NULL ? ak_side_keep_arena(dst, from->own) : 0;
    for (int i = 0; status == 0 && i < from->narenas; i++) {
        status = ak_side_keep_arena(dst, from->arenas[i]);
    }
    return status;
}

ArrayObject *ak_side_kept(ArrayObject *made, ArrayObject *src)
{
    if (made != NULL && ak_side_keep(made, src) < 0) {
        Py_CLEAR(made);
    }
    return made;
}

/* ---- validity ------------------------------------------------------------------------------------------------ */

enum { LARGE = 1 << 16 }; /* bits that are worth the shelf of freed blocks, whose pages are there */

int ak_side_make_valid(ArrayObject *a, intptr_t written)
{
    ak_side *side = ak_side_need(a);
    if (side == NULL || side->valid != NULL) {
        return side != NULL ? 0 : -1;
    }
    if (!(ak_root(a)->flags & AK_ARRAY_C)) { /* the i-th bit is of the i-th element in C order */
        PyErr_Format(PyExc_ValueError,
                     "%s: elements in memory of others with gaps cannot be missing; copy the array",
                     a->dtype->abi.name);
        return -1;
    }
    const size_t nbytes =
        ((size_t)ak_root(a)->size + 63) / 64 * 8 + 8; /* whole words, and one to read beyond */
    side->valid_block = nbytes >= LARGE ? nbytes : 0;
    side->valid = nbytes <= sizeof(side->few) ? (uint8_t *)side->few
                  : nbytes >= LARGE           ? ak_memory_new(nbytes)
                                              : PyMem_Malloc(nbytes);
    if (side->valid == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memset(side->valid + written / 8, 0xff, nbytes - (size_t)written / 8);
    return 0;
}

int ak_side_need_valid(ArrayObject *a)
{
    return ak_side_make_valid(a, 0);
}

/* ---- elements as objects -------------------------------------------------------------------------------------- */

PyObject *ak_side_get(const ArrayObject *a, const char *element)
{
    if (ak_may_miss(a) && !ak_is_valid(ak_side_of(a), ak_side_index(a, element))) {
        return Py_NewRef(ak_NA);
    }
    if (ak_moves_planes((ArrayObject *)(uintptr_t)a)) {
        return ak_planes_get((ArrayObject *)(uintptr_t)a, element);
    }
    return ak_item_get(a->dtype->content != NULL ? a->dtype->content : a->dtype, element);
}

/* The bytes of a missing element are zero: kernels may look at them. */
static int put_missing(ArrayObject *a, char *element)
{
    if (ak_side_need_valid(a) < 0) {
        return -1;
    }
    memset(element, 0, (size_t)a->dtype->abi.itemsize);
    ak_set_valid(ak_side_of(a), ak_side_index(a, element), 0);
    return 0;
}

static int is_zero(const char *element, intptr_t n)
{
    while (n > 0 && element[n - 1] == 0) {
        n--;
    }
    return n == 0;
}

/* Memory for what is to be written at `element`, of which too much may be in use by none: new arrays are of zeros. */
static ak_heap *heap_for(ArrayObject *a, const char *element)
{
    int failed;
    const ak_side *side = ak_side_of(a);
    if (side != NULL && side->own != NULL && !is_zero(element, a->dtype->abi.itemsize)) {
        ak_side_tidy(a);
    }
    return ak_side_heap(a, &failed);
}

/* Writes an element that refers to memory. */
static inline int put_in(ArrayObject *a, DTypeObject *dtype, PyObject *value, char *element)
{
    ak_side *side = ak_side_of(a);
    ak_heap *heap = side != NULL && side->own != NULL && side->own->used < side->due ? &side->own->heap
                                                                                     : heap_for(a, element);
    if (heap == NULL) {
        return -1;
    }
    ak_side_busy++;
    const int status = ak_item_set_in(dtype, value, element, heap);
    ak_side_busy--;
    return status;
}

static inline int put(ArrayObject *a, PyObject *value, char *element)
{
    DTypeObject *dtype = a->dtype->content != NULL ? a->dtype->content : a->dtype;
    return ak_moves_planes(a)                  ? ak_planes_put(a, value, element)
           : a->dtype->beside & AK_BESIDE_HEAP ? put_in(a, dtype, value, element)
                                               : ak_item_set(dtype, value, element);
}

int ak_side_put(ArrayObject *a, PyObject *value, char *element)
{
    if (value == ak_NA && (a->dtype->beside & AK_BESIDE_VALID)) {
        return put_missing(a, element);
    }
    if (put(a, value, element) < 0) {
        return -1;
    }
    if (ak_may_miss(a)) {
        ak_set_valid(ak_side_of(a), ak_side_index(a, element), 1);
    }
    return 0;
}

/* ---- NA ------------------------------------------------------------------------------------------------------------ */

static PyObject *set_na(PyObject *module, PyObject *na)
{
    (void)module;
    Py_XSETREF(ak_NA, Py_NewRef(na));
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"set_na", set_na, METH_O, "set_na(na, /)\n--\n\nMakes `na` what stands for a missing element."},
    {NULL, NULL, 0, NULL},
};

int ak_init_side(PyObject *module)
{
    ak_NA = Py_NewRef(Py_None); /* until arraykit.dtypes declares it */
    return PyModule_AddFunctions(module, functions);
}
