#include "iterate.h"
