/* When copies of text stop sharing memory: if there are many arenas to keep, or most of what they hold is garbage.
 *
 * Only new elements are given memory of their own; what others may be reading at the time is never touched.
 */
#include "../kernels/strings.h"
#include "array.h"
#include "side.h"

#include <string.h>

enum { MOST_ARENAS = 64, LEAST_GARBAGE = 1 << 16, GARBAGE = 4 /* times what is needed */ };

static int add_size(char *element, void *state)
{
    ak_text t;
    memcpy(&t, element, sizeof(t));
    *(size_t *)state += t.size > AK_TEXT_INLINE ? t.size : 0;
    return 0;
}

static int own(char *element, void *state)
{
    ak_text t;
    ak_heap *heap = state;
    memcpy(&t, element, sizeof(t));
    if (t.size > AK_TEXT_INLINE) {
        char *bytes = heap->allocate(heap, t.size);
        if (bytes == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        memcpy(bytes, t.bytes, t.size);
        t.bytes = bytes;
        memcpy(element, &t, sizeof(t));
    }
    return 0;
}

int ak_side_is_crowded(const ArrayObject *dst, const ArrayObject *src)
{
    const ak_side *side = src->dtype->beside & AK_BESIDE_HEAP ? ak_side_of(src) : NULL;
    const ak_native *native = src->dtype->content != NULL ? src->dtype->content->native : src->dtype->native;
    if (side == NULL || dst->dtype != src->dtype || native == NULL || !ak_layout_is_text(native->layout) ||
        ak_root(dst) == ak_root(src)) {
        return 0;
    }
    size_t used = side->own != NULL ? side->own->used : 0, needed = 0;
    for (int i = 0; i < side->narenas; i++) {
        used += side->arenas[i]->used;
    }
    if (side->narenas > MOST_ARENAS || used < LEAST_GARBAGE || src->size == 0) {
        return side->narenas > MOST_ARENAS;
    }
    (void)ak_array_visit(src, add_size, &needed);
    return used / GARBAGE > needed;
}

int ak_side_own(ArrayObject *dst, ArrayObject *src)
{
    int failed;
    ak_heap *heap = ak_side_heap(dst, &failed);
    if (heap == NULL || ak_array_visit(dst, own, heap) < 0) {
        PyObject *type, *value, *trace;
        PyErr_Fetch(&type, &value, &trace);
        (void)ak_side_keep(dst, src); /* some elements still refer to it */
        PyErr_Clear();
        PyErr_Restore(type, value, trace);
        return -1;
    }
    return 0;
}
