#include "ak_python.h"

int ak_init_plugin(PyObject *m) { (void)m; return 0; }
