#include "ak_python.h"

int ak_init_array(PyObject *m) { (void)m; return 0; }
