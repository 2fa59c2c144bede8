#include "ak_python.h"

int ak_init_dtype(PyObject *m) { (void)m; return 0; }
DTypeObject *ak_dtype_named(const char *n) { (void)n; return NULL; }
DTypeObject *ak_dtype_from_abi(const ak_dtype *a, PyObject *o) { (void)a; (void)o; return NULL; }
