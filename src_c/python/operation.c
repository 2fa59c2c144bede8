#include "operation.h"

int ak_init_operation(PyObject *m) { return ak_init_operators(m); }
