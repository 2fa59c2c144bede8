/* C code as the target of a method: what c_target.c and the answers of a multimethod share.
 *
 * Whoever registers the code vouches that it bounds its own recursion; it is called without a guard.
 */
#ifndef AK_C_TARGET_H
#define AK_C_TARGET_H

#include "ak_python.h"

#define AK_TARGET_CAPSULE "arraykit.vectorcall"

typedef struct CTargetObject {
    PyObject_HEAD
    vectorcallfunc vectorcall; /* for callers that hold the object */
    vectorcallfunc code;       /* what the capsule holds */
    PyObject *capsule;         /* the first argument of `code` */
    PyObject *library, *name;  /* str or None */
} CTargetObject;

extern PyTypeObject *ak_CTargetType; /* arraykit._core.CTarget */

#endif
