/* The core dimensions of a signature: which operand has which, in the order of NumPy's gufunc ABI. */
#ifndef AK_CORE_DIMS_H
#define AK_CORE_DIMS_H

#include "ak_python.h"

/* "T[m,n], T[n,p] -> T[m,p]", read once; a number in place of a name, in round brackets, is a
 * fixed length. */
typedef struct ak_core_dims {
    int count; /* distinct core dimensions */
    int noperands;
    char name[AK_CALL_MAX_CORE][16];
    intptr_t fixed[AK_CALL_MAX_CORE];               /* the length it must have, or -1 */
    int n[AK_MAX_ARGS];                             /* core dimensions of each operand */
    signed char dim[AK_MAX_ARGS][AK_CALL_MAX_CORE]; /* which ones, in the operand's order */
} ak_core_dims;

/* Reads the bracketed parts, "(m,n)" or "[m,n]", of a signature's operands; ValueError if it cannot be read. */
/* The first of the letters `stops` (or the end, or NUL) that stands in no quotes and in no bracket opened before it. */
const char *ak_signature_find(const char *text, const char *end, const char *stops);

int ak_core_dims_read(ak_core_dims *core, const char *text);

#endif
