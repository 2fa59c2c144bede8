/* What the files about kernels and plans share with each other, and nobody else needs. */
#ifndef AK_KERNEL_H
#define AK_KERNEL_H

#include "../kernels/kernels.h"
#include "ak_python.h"
#include <structmember.h>

/* A kernel made at run time with the loops, state and flags of `facts`; owner is kept (may be NULL). */
KernelObject *ak_kernel_make(PyObject *operation, PyObject *signature, const ak_kernel *facts,
                             PyObject *owner, const char *provenance);

/* The loop that folds as this native kernel does, but only what bits say is there; NULL: there is none. */
ak_masking ak_masked_fold_of(const ak_kernel *kernel, const ak_kernel *cast);

/* The chosen level's copies past the caches. */
const ak_streaming *ak_native_streaming(void);

int ak_init_item_kernels(PyObject *module);
int ak_init_kernel_bind(PyObject *module);
int ak_init_plan(PyObject *module);

#endif
