#include "ak_python.h"

int ak_init_operation(PyObject *m) { (void)m; return 0; }
