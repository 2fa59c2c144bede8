#include "ak_python.h"
