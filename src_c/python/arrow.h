/* Arrow's C data interface: its three structs, and what the files that speak it share.
 *
 * The layout of the structs is that of the published ABI; who gets one calls its `release` exactly once.
 */
#ifndef AK_ARROW_H
#define AK_ARROW_H

#include "array.h"

struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#define AK_ARROW_SCHEMA "arrow_schema"
#define AK_ARROW_ARRAY  "arrow_array"
#define AK_ARROW_STREAM "arrow_array_stream"

enum { AK_ARROW_DEPTH = 64 }; /* of nested types */

/* arrow_schema.c: fills `out` from a node (format, name, flags, metadata, children, dictionary); 0 or -1. */
int ak_arrow_schema_fill(struct ArrowSchema *out, PyObject *node, int depth);
/* The same node from a struct, which stays its owner's; checked; new reference. */
PyObject *ak_arrow_schema_read(const struct ArrowSchema *schema, int depth);
/* arrow_export.c: fills `out` from a node (length, nulls, offset, buffers, children, dictionary); 0 or -1. */
int ak_arrow_array_fill(struct ArrowArray *out, PyObject *node, int depth);
/* arrow_import.c: moves the array into an object that releases it in the end; its node, which ends with that
 * object; new reference. */
PyObject *ak_arrow_array_take(struct ArrowArray *array);

/* How many structs of ours nobody has released yet. */
extern Py_ssize_t ak_arrow_exported;

int ak_init_arrow_schema(PyObject *module);
int ak_init_arrow_export(PyObject *module);
int ak_init_arrow_import(PyObject *module);
int ak_init_arrow_text(PyObject *module);

#endif
