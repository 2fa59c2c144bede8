/* What the elements of an allocation have beside their bytes: which are there, further planes, memory that they refer to.
 *
 * It belongs to the *allocation*: to its root, the one Array that is no view of another.  A view finds it there,
 * and its elements by their place in the root, which is C-contiguous.  Arrays of most dtypes never have a side,
 * and one of missing[T] has none while nothing is missing.
 */
#ifndef AK_SIDE_H
#define AK_SIDE_H

#include "ak_python.h"

typedef struct ak_side {
    uint8_t *valid; /* bit first + i: element i is there, lowest bit of a byte first; NULL: all are */
    intptr_t first;
    PyObject *valid_owner; /* NULL: this side */
    size_t valid_block;    /* bytes of ak_memory that the bits take; 0: PyMem, or these */
    uint64_t few[2];       /* the bits of 64 elements at most, and a word to read beyond */
    ak_arena *own;     /* where this allocation's elements put what is written into them; NULL: none yet */
    ak_arena **arenas; /* whatever else the elements refer to; each once, held */
    int narenas;
    int most_arenas; /* at so many of them, or at `due` bytes that only these elements may need, it is time */
    size_t due;      /* ... to look how many they do need (ak_side_tidy); 0: not known yet */
    ArrayObject **plane; /* one field each, C-contiguous, of the root's shape; owned */
    int nplanes;
} ak_side;

/* The Array whose allocation `a` lies in; borrowed. */
static inline ArrayObject *ak_root(const ArrayObject *a)
{
    return a->base != NULL && ak_is_array(a->base) ? (ArrayObject *)a->base : (ArrayObject *)(uintptr_t)a;
}
/* NULL if there is nothing beside. */
static inline ak_side *ak_side_of(const ArrayObject *a)
{
    return ak_root(a)->side;
}
/* The same, made if there is none; NULL with MemoryError. */
ak_side *ak_side_need(ArrayObject *a);
void ak_side_free(ak_side *side);

/* The place of an element in its root. */
static inline intptr_t ak_side_index(const ArrayObject *a, const char *element)
{
    return (element - ak_root(a)->data) / a->dtype->abi.itemsize;
}

/* ---- elements as objects ------------------------------------------------------------------------------ */

PyObject *ak_side_get(const ArrayObject *a, const char *element);
int ak_side_put(ArrayObject *a, PyObject *value, char *element);

/* The element at `element` of a as an item (or NA). */
static inline PyObject *ak_array_get(const ArrayObject *a, const char *element)
{
    return AK_UNLIKELY(a->dtype->beside) ? ak_side_get(a, element) : ak_item_get(a->dtype, element);
}
/* Writes `value` as the element at `element` of a. */
static inline int ak_array_put(ArrayObject *a, PyObject *value, char *element)
{
    return AK_UNLIKELY(a->dtype->beside) ? ak_side_put(a, value, element)
                                         : ak_item_set(a->dtype, value, element);
}

/* ---- memory that elements refer to ----------------------------------------------------------------------- */

/* Where to put what is written into a's elements; NULL without an exception if its dtype needs none. */
ak_heap *ak_side_heap(ArrayObject *a, int *failed);
/* dst's elements may from now on refer to what src's refer to. */
int ak_side_keep(ArrayObject *dst, ArrayObject *src);
/* Whether dst, which is given src's elements, had better have memory of its own for them than keep src's. */
int ak_side_is_crowded(const ArrayObject *dst, const ArrayObject *src);
/* Gives it that, once the elements are there, or does ak_side_keep if it would be too much; 0 or -1. */
int ak_side_own(ArrayObject *dst, ArrayObject *src);
/* How many are at work that may hold addresses of what elements refer to: until they are done nothing moves. Counted
 * with the GIL, by all that run loops over such elements or take their memory, and then run anything else. */
extern intptr_t ak_side_busy;
/* The memory of a root is new: how much more of it is worth a look. */
void ak_side_expect(ArrayObject *root);
/* Before or after a write into a: lets go what its elements refer to no more, if that may be much. */
void ak_side_tidy(ArrayObject *a);
/* A copy of a, whose elements refer to nothing that other arrays keep; NULL with an exception. */
ArrayObject *ak_side_copy(ArrayObject *a);
/* `made` from src's elements, which it may refer to from now on; NULL passes, and comes if there is no memory. */
ArrayObject *ak_side_kept(ArrayObject *made, ArrayObject *src);
/* dst's elements may from now on refer to the arena (which may be NULL or empty). */
int ak_side_keep_arena(ArrayObject *dst, ak_arena *arena);

/* ---- validity ------------------------------------------------------------------------------------------------ */

/* Whether some element of a's allocation may be missing. */
static inline int ak_may_miss(const ArrayObject *a)
{
    const ak_side *side = a->dtype->beside & AK_BESIDE_VALID ? ak_side_of(a) : NULL;
    return side != NULL && side->valid != NULL;
}
static inline int ak_is_valid(const ak_side *side, intptr_t index)
{
    const intptr_t bit = side->first + index;
    return side->valid[bit >> 3] >> (bit & 7) & 1;
}
/* Bits for every element of a's allocation, all set, if there are none yet; 0 or -1. */
int ak_side_need_valid(ArrayObject *a);
/* The same for a caller that at once writes the first `written` bits. */
int ak_side_make_valid(ArrayObject *a, intptr_t written);
static inline void ak_set_valid(ak_side *side, intptr_t index, int valid)
{
    const intptr_t bit = side->first + index;
    side->valid[bit >> 3] =
        (uint8_t)((side->valid[bit >> 3] & ~(1u << (bit & 7))) | (unsigned)valid << (bit & 7));
}

extern PyObject *ak_NA; /* arraykit.NA */
int ak_init_side(PyObject *module);

#endif
