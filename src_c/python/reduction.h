/* One general reduction, between the file that reads its arguments and the one that folds. */
#ifndef AK_REDUCTION_H
#define AK_REDUCTION_H

#include "operation.h"

typedef struct ak_reduction {
    OperationObject *op;
    PlanObject *plan;    /* owned */
    ArrayObject *x;      /* owned */
    ArrayObject *mask;   /* owned, or NULL */
    ArrayObject *folded; /* the accumulators, owned */
    char reduced[AK_MAX_NDIM];
    int nreduced;
    int keepdims;
    int out_ndim;
    intptr_t out_shape[AK_MAX_NDIM];
    intptr_t strides[AK_MAX_NDIM]; /* of the accumulators over x's dimensions: 0 where reduced */
    intptr_t mask_strides[AK_MAX_NDIM];
    ak_error error;
    ak_lazy_heap memory; /* what the accumulators refer to */
    ak_context ctx, cast_ctx;
} ak_reduction;

/* Fills the accumulators from x; `initial` (borrowed) may be NULL. */
int ak_reduction_fold(ak_reduction *r, PyObject *initial);

/* Casts one accumulator to the result dtype; both lie on the stack. */
int ak_reduction_cast(OperationObject *op, PlanObject *plan, char *from, char *to, uint32_t *status);

#endif
