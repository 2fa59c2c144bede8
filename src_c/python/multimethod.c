#include "ak_python.h"

int ak_init_multimethod(PyObject *m) { (void)m; return 0; }
