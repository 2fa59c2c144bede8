/* Wrapping dtypes: elements of another dtype, of which some may be missing.
 *
 * Here an element is always there; which are missing is known to the allocation alone (side.h).
 */
#include "ak_python.h"

static PyObject *get_content(DTypeObject *self, const char *storage)
{
    return ak_item_get(self->content, storage);
}

static int set_content(DTypeObject *self, PyObject *value, char *storage)
{
    return ak_item_set(self->content, value, storage);
}

static int set_content_in(DTypeObject *self, PyObject *value, char *storage, ak_heap *heap)
{
    return ak_item_set_in(self->content, value, storage, heap);
}

/* Elements of another dtype, or missing: they lie in memory as the other's, and which are there lies beside. */
int ak_dtype_wrap(DTypeObject *d, PyObject *content)
{
    const DTypeObject *c = (DTypeObject *)content;
    if (!ak_is_dtype(content) || !c->is_concrete || c->beside & AK_BESIDE_VALID) {
        PyErr_Format(PyExc_TypeError, "content= takes a concrete dtype whose items are never missing, not %R",
                     content);
        return -1;
    }
    d->content = (DTypeObject *)Py_NewRef(content);
    d->get = get_content;
    d->set = set_content;
    d->set_in = c->set_in != NULL ? set_content_in : NULL;
    d->beside = c->beside | AK_BESIDE_VALID;
    d->abi.itemsize = c->abi.itemsize;
    d->abi.align = c->abi.align;
    d->abi.flags |= c->abi.flags & (AK_DTYPE_ZERO_IS_VALID | AK_DTYPE_NEEDS_PYTHON | AK_DTYPE_HAS_HEAP);
    d->is_concrete = 1;
    return 0;
}
