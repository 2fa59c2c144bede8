#include "ak_python.h"

int ak_init_items(PyObject *m) { (void)m; return 0; }
