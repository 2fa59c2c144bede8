/* What the files that pick and put elements share: blocks at offsets, moved as bytes.
 *
 * All forms become one: `outer` dimensions, then indexed ones, then an `inner` block.
 */
#ifndef AK_ARRAY_MOTION_H
#define AK_ARRAY_MOTION_H

#include "validity.h"
#include "array.h"

/* What to move: blocks of `inner` dimensions at offsets[0..n), once for each outer position. */
typedef struct motion {
    ArrayObject *a;
    int first, count;   /* the indexed dimensions */
    intptr_t n;         /* index tuples */
    intptr_t *offsets;  /* owned; bytes */
    intptr_t block;     /* bytes of an inner block */
    int inner_is_block; /* its elements lie next to each other in a */
    int into;           /* 0: out of a, 1: into a */
    intptr_t step;      /* bytes between blocks on the other side; 0 repeats one element */
    char *other;        /* next block of the result or of the values */
} motion;

/* Prepares to move blocks of a at n tuples of indices over `count` dimensions from `first` on; offsets are 0. */
int ak_motion_start(motion *m, ArrayObject *a, int first, int count, intptr_t n);
/* outer dimensions + shape + inner dimensions; the new ndim, or -1 with IndexError. */
int ak_motion_shape(const motion *m, int ndim, const intptr_t *shape, intptr_t *out);
/* Frees the offsets; the elements there, as a new array with `shape` in place of the indexed dimensions. */
ArrayObject *ak_motion_gather(motion *m, int ndim, const intptr_t *shape);
/* Frees the offsets; writes the values to where they point. */
int ak_motion_scatter(motion *m, ArrayObject *values, int ndim, const intptr_t *shape);

#endif
