/* Runs a strided loop over N-d operands, casting through small buffers where dtypes differ.
 *
 * The driver knows pointers, strides and loops, never dtypes: a cast is just one more loop.
 * Nothing is allocated for up to AK_CALL_MAX_OPERANDS operands.
 */
#ifndef AK_ITERATE_H
#define AK_ITERATE_H

#include "../include/arraykit/ak_abi.h"
#include "layout.h"

enum { AK_CALL_MAX_OPERANDS = 8, AK_CALL_MAX_CORE = 8 };

/* Bytes of one operand's cast buffer; kernel_itemsize of an operand with a cast is at most this. */
enum { AK_CALL_BUFFER = 8192 };

/* One operand of a call. */
typedef struct ak_operand {
    char *data;
    const intptr_t *strides;      /* over the loop dimensions, in bytes */
    const intptr_t *core_strides; /* over this operand's core dimensions; NULL: none */
    int ncore;
    intptr_t itemsize; /* of the array's own dtype */
    ak_loop cast;      /* array dtype -> kernel dtype (inputs) or back (outputs); NULL: none */
    void *cast_state;
    void *cast_ctx;           /* what the cast gets as its context */
    intptr_t kernel_itemsize; /* of the kernel's dtype; = itemsize when cast is NULL */
} ak_operand;

/* A whole call; operands with a cast must not have core dimensions. */
typedef struct ak_call {
    ak_loop strided, contiguous; /* contiguous may be NULL */
    void *state;
    void *ctx;
    int nin, nout;
    int ndim; /* loop dimensions */
    const intptr_t *shape;
    int ncore; /* distinct core dimensions */
    const intptr_t *core_dims;
    int keep_order; /* iterate in C order (reductions that must; not needed otherwise) */
    int masked;     /* operand[nin + nout] is a mask of bytes: only where nonzero is the loop run */
    ak_operand operand[AK_CALL_MAX_OPERANDS];
} ak_call;

/* Runs it; 0, or -1 as soon as a loop fails.  A zero-size shape runs nothing. */
int ak_call_run(const ak_call *call);

#endif
