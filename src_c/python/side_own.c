/* When elements are given memory of their own: if there are many arenas to keep, or most of what they hold is garbage.
 *
 * What others may be reading at the time is never touched: what is still in use of an arena that is let go is copied,
 * the arena stays with whoever else holds it, and while anything is at work (ak_side_busy) nothing happens.
 */
#include "../kernels/strings.h"
#include "array.h"
#include "side.h"

#include <string.h>

enum { MOST_ARENAS = 64, LEAST_GARBAGE = 1 << 16, GARBAGE = 4 /* times what is needed */ };

intptr_t ak_side_busy;

/* ---- one element ------------------------------------------------------------------------------------------ */

/* Elements on their way into an arena. */
typedef struct mover {
    DTypeObject *dtype; /* whose items are never missing */
    ak_arena *arena;
    size_t limit; /* of the bytes that the arena may hold */
    char *room;   /* for an element */
} mover;

static DTypeObject *content_of(const ArrayObject *a)
{
    return a->dtype->content != NULL ? a->dtype->content : a->dtype;
}

static int is_text(const DTypeObject *d)
{
    return d->native != NULL && ak_layout_is_text(d->native->layout);
}

/* Whether it is known how to copy what the elements refer to. */
static int can_move(const ArrayObject *a)
{
    const DTypeObject *d = content_of(a);
    return a->dtype->beside & AK_BESIDE_HEAP && (is_text(d) || d->abi.move != NULL);
}

static int own_text(char *element, ak_heap *heap)
{
    ak_text t;
    memcpy(&t, element, sizeof(t));
    if (t.size > AK_TEXT_INLINE) {
        char *bytes = heap->allocate(heap, t.size);
        if (bytes == NULL) {
            return -1;
        }
        memcpy(bytes, t.bytes, t.size);
        t.bytes = bytes;
        memcpy(element, &t, sizeof(t));
    }
    return 0;
}

static int own_other(char *element, const mover *m)
{
    ak_error error = {.size = sizeof(error)};
    const ak_dtype *dtypes[] = {&m->dtype->abi, &m->dtype->abi};
    ak_context context = {
        .size = sizeof(context), .error = &error, .dtypes = dtypes, .heap = &m->arena->heap};
    const intptr_t one = 1, strides[] = {m->dtype->abi.itemsize, m->dtype->abi.itemsize};
    memcpy(m->room, element, (size_t)m->dtype->abi.itemsize);
    char *data[] = {m->room, element};
    return m->dtype->abi.move(&context, data, &one, strides, NULL) == 0 ? 0 : -1;
}

/* 0, or -1 without an exception: no memory, or over the limit. */
static int own(char *element, void *state)
{
    const mover *m = state;
    const int status = m->room == NULL ? own_text(element, &m->arena->heap) : own_other(element, m);
    return status == 0 && m->arena->used <= m->limit ? 0 : -1;
}

/* To be ended by PyMem_Free(m->room); 0 or -1. */
static int begin(mover *m, const ArrayObject *a, ak_arena *arena, size_t limit)
{
    *m = (mover){content_of(a), arena, limit, NULL};
    if (arena != NULL && !is_text(m->dtype)) {
        m->room = PyMem_Malloc((size_t)m->dtype->abi.itemsize);
        return m->room != NULL ? 0 : -1;
    }
    return arena != NULL ? 0 : -1;
}

/* ---- copies ------------------------------------------------------------------------------------------------- */

static int add_size(char *element, void *state)
{
    ak_text t;
    memcpy(&t, element, sizeof(t));
    *(size_t *)state += t.size > AK_TEXT_INLINE ? t.size : 0;
    return 0;
}

static size_t used_by_all(const ak_side *side)
{
    size_t used = side->own != NULL ? side->own->used : 0;
    for (int i = 0; i < side->narenas; i++) {
        used += side->arenas[i]->used;
    }
    return used;
}

int ak_side_is_crowded(const ArrayObject *dst, const ArrayObject *src)
{
    const ak_side *side = src->dtype->beside & AK_BESIDE_HEAP ? ak_side_of(src) : NULL;
    if (side == NULL || dst->dtype != src->dtype || !can_move(src) || ak_root(dst) == ak_root(src)) {
        return 0;
    }
    const size_t used = used_by_all(side);
    if (side->narenas > MOST_ARENAS || used < LEAST_GARBAGE || src->size == 0) {
        return side->narenas > MOST_ARENAS;
    }
    if (!is_text(content_of(src))) { /* a part; of the whole, ak_side_tidy sees to it */
        return src->size <= ak_root(src)->size / GARBAGE;
    }
    size_t needed = 0;
    (void)ak_array_visit(src, add_size, &needed);
    return used / GARBAGE > needed;
}

int ak_side_own(ArrayObject *dst, ArrayObject *src)
{
    int failed;
    mover m;
    const ak_side *side = ak_side_of(src);
    const size_t used = used_by_all(side), most = side->narenas > MOST_ARENAS ? used : used / GARBAGE;
    if (ak_side_heap(dst, &failed) == NULL) {
        PyErr_Clear();
        return ak_side_keep(dst, src);
    }
    ak_arena *arena = ak_side_of(dst)->own;
    const int status = begin(&m, dst, arena, arena->used + most) < 0 ? -1 : ak_array_visit(dst, own, &m);
    PyMem_Free(m.room);
    return status < 0 ? ak_side_keep(dst, src) : 0;
}

/* ---- in place --------------------------------------------------------------------------------------------- */

static size_t max(size_t a, size_t b)
{
    return a > b ? a : b;
}

void ak_side_expect(ArrayObject *root)
{
    ak_side *side = root->side;
    const size_t needed = side->own != NULL ? side->own->used : 0;
    side->due = max(max(LEAST_GARBAGE, (size_t)ak_nbytes(root)), GARBAGE * needed);
    side->most_arenas = MOST_ARENAS + (int)(root->size < 1 << 20 ? root->size >> 8 : 1 << 12);
}

/* Makes all elements refer to one new arena, of no more than `limit` bytes; 0, or -1 and nothing is changed. */
static int gather(ArrayObject *root, size_t limit)
{
    mover m;
    ak_side *side = root->side, old = *side;
    const intptr_t nbytes = ak_nbytes(root), itemsize = root->dtype->abi.itemsize;
    ak_arena *arena = ak_arena_new();
    char *elements = PyMem_Malloc((size_t)nbytes);
    int status = elements != NULL ? begin(&m, root, arena, limit) : -1;
    if (status == 0) {
        memcpy(elements, root->data, (size_t)nbytes);
        for (char *p = elements; status == 0 && p < elements + nbytes; p += itemsize) {
            status = own(p, &m);
        }
        PyMem_Free(m.room);
    }
    if (status == 0) {
        memcpy(root->data, elements, (size_t)nbytes);
        side->own = arena;
        side->arenas = NULL;
        side->narenas = 0;
        ak_side_expect(root);
        arena = old.own;
        for (int i = 0; i < old.narenas; i++) { /* which may run any code */
            ak_arena_drop(old.arenas[i]);
        }
        PyMem_Free(old.arenas);
    }
    ak_arena_drop(arena);
    PyMem_Free(elements);
    return status;
}

/* Bytes of arenas that no other array holds. */
static size_t used_alone(const ak_side *side)
{
    size_t used = side->own != NULL ? side->own->used : 0;
    for (int i = 0; i < side->narenas; i++) {
        used += side->arenas[i]->holders == 1 ? side->arenas[i]->used : 0;
    }
    return used;
}

void ak_side_tidy(ArrayObject *a)
{
    ArrayObject *root = ak_root(a);
    ak_side *side = root->side;
    if (side == NULL || ak_side_busy > 0 || !can_move(root) || !(root->flags & AK_ARRAY_C) ||
        root->base != NULL) {
        return;
    }
    if (side->due == 0) {
        ak_side_expect(root);
    }
    const size_t used = used_alone(side);
    const int many = side->narenas >= side->most_arenas;
    if ((used >= side->due || many) && gather(root, many ? used_by_all(side) : used / GARBAGE) < 0) {
        side->due = max(side->due, 2 * used);
        side->most_arenas = (int)max((size_t)side->most_arenas, 2 * (size_t)side->narenas);
    }
}

ArrayObject *ak_side_copy(ArrayObject *a)
{
    if (!can_move(a)) {
        PyErr_Format(PyExc_TypeError, "compact: elements of %s are neither text nor numbers without bounds",
                     a->dtype->abi.name);
        return NULL;
    }
    ArrayObject *copy = ak_array_copy(a, NULL, AK_CAST_EXACT);
    if (copy != NULL && copy->side != NULL && gather(copy, SIZE_MAX) < 0) {
        PyErr_NoMemory();
        Py_CLEAR(copy);
    }
    return copy;
}
