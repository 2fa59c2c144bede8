/* Raw items whose elements refer to memory of a heap: each item has a small arena of its own behind its bytes.
 *
 * What an element refers to is known to its dtype's `move` alone, which copies it from one heap to another.
 */
#include "ak_python.h"
#include <string.h>

static size_t arena_offset(const DTypeObject *d)
{
    const size_t end = offsetof(RawItem, storage) + (size_t)d->abi.itemsize;
    return (end + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
}

static ak_arena **arena_of(PyObject *item)
{
    return (ak_arena **)((char *)item + arena_offset((DTypeObject *)Py_TYPE(item)));
}

static void free_with_arena(PyObject *item)
{
    PyTypeObject *type = Py_TYPE(item);
    ak_arena_drop(*arena_of(item));
    PyObject_Free(item);
    Py_DECREF(type);
}

int ak_declared_owns(const DTypeObject *d)
{
    return ((const PyTypeObject *)d)->tp_dealloc == free_with_arena;
}

ak_heap *ak_declared_heap(PyObject *item)
{
    ak_arena **arena = arena_of(item);
    if (*arena == NULL && (*arena = ak_arena_new()) == NULL) {
        PyErr_NoMemory();
    }
    return *arena != NULL ? &(*arena)->heap : NULL;
}

/* Copies one element, and what it refers to into the heap. */
static int move(DTypeObject *d, const char *from, char *to, ak_heap *heap)
{
    if (d->abi.move == NULL) {
        memcpy(to, from, (size_t)d->abi.itemsize);
        return 0;
    }
    ak_error error = {.size = sizeof(error)};
    const ak_dtype *dtypes[] = {&d->abi, &d->abi};
    ak_context context = {.size = sizeof(context), .error = &error, .dtypes = dtypes, .heap = heap};
    const intptr_t dims[] = {1}, strides[] = {d->abi.itemsize, d->abi.itemsize};
    char *data[] = {(char *)(uintptr_t)from, to};
    return d->abi.move(&context, data, dims, strides, NULL) == 0 ? 0 : ak_raise(d->abi.name, &error);
}

static PyObject *get(DTypeObject *self, const char *storage)
{
    PyObject *item = ak_declared_blank(self);
    ak_heap *heap = item ? ak_declared_heap(item) : NULL;
    if (heap == NULL || move(self, storage, ak_raw_storage(item), heap) < 0) {
        Py_CLEAR(item);
    }
    return item;
}

/* Without a heap for what refers to no memory only, as most numbers. */
static int set_in(DTypeObject *self, PyObject *value, char *storage, ak_heap *heap)
{
    PyObject *item = ak_declared_item(self, value);
    int status = -1;
    if (item != NULL && heap != NULL) {
        status = move(self, ak_raw_storage(item), storage, heap);
    } else if (item != NULL && (*arena_of(item) == NULL || ak_arena_is_empty(*arena_of(item)))) {
        memcpy(storage, ak_raw_storage(item), (size_t)self->abi.itemsize);
        status = 0;
    } else if (item != NULL) {
        PyErr_Format(PyExc_SystemError, "%s: elements were written without memory to refer to",
                     self->abi.name);
    }
    Py_XDECREF(item);
    return status;
}

static int set(DTypeObject *self, PyObject *value, char *storage)
{
    return set_in(self, value, storage, NULL);
}

PyObject *ak_declared_blank(DTypeObject *d)
{
    PyObject *item = PyObject_Malloc((size_t)((PyTypeObject *)d)->tp_basicsize);
    if (item == NULL) {
        return PyErr_NoMemory();
    }
    PyObject_Init(item, (PyTypeObject *)d);
    if (ak_declared_owns(d)) {
        memset(ak_raw_storage(item), 0, (size_t)d->abi.itemsize);
        *arena_of(item) = NULL;
    }
    return item;
}

void ak_declared_own_memory(DTypeObject *d)
{
    PyTypeObject *type = (PyTypeObject *)d;
    d->beside |= AK_BESIDE_HEAP;
    d->abi.flags |= AK_DTYPE_HAS_HEAP;
    d->get = get;
    d->set = set;
    d->set_in = set_in;
    type->tp_basicsize = (Py_ssize_t)(arena_offset(d) + sizeof(ak_arena *));
    type->tp_dealloc = free_with_arena;
}
