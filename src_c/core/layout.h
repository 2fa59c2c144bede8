/* Shapes and strides: the arithmetic of where elements lie.  Knows nothing of dtypes or memory.
 *
 * Strides are in bytes and may be zero or negative.  Sizes that do not fit intptr_t are refused,
 * never wrapped.
 */
#ifndef AK_LAYOUT_H
#define AK_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

enum { AK_MAX_NDIM = 64 };

/* The number of elements, or -1 if it (or its bytes) overflows or a dimension is negative. */
intptr_t ak_layout_size(int ndim, const intptr_t *shape, intptr_t itemsize);
/* Strides of a C-contiguous block. */
void ak_layout_c_strides(int ndim, const intptr_t *shape, intptr_t itemsize, intptr_t *strides);
int ak_layout_is_c(int ndim, const intptr_t *shape, const intptr_t *strides, intptr_t itemsize);
int ak_layout_is_f(int ndim, const intptr_t *shape, const intptr_t *strides, intptr_t itemsize);
/* Joins `shape` (ndim dims) into the running broadcast shape; -1 if they do not fit (out unchanged). */
int ak_layout_broadcast(int *out_ndim, intptr_t *out_shape, int ndim, const intptr_t *shape);
/* Strides of an operand of `ndim` dims seen through a broadcast shape of out_ndim >= ndim. */
void ak_layout_broadcast_strides(int out_ndim, const intptr_t *out_shape, int ndim, const intptr_t *shape,
                                 const intptr_t *strides, intptr_t *out_strides);
/* Sorts and merges dimensions (in place) for fewer, longer inner loops over `nop` operands whose
 * strides are rows of `strides[nop][AK_MAX_NDIM]`.  keep_order: merge only, do not permute.
 * Returns the new ndim (>= 1; a 0-d call becomes one dimension of length 1). */
int ak_layout_coalesce(int ndim, intptr_t *shape, int nop, intptr_t (*strides)[AK_MAX_NDIM], int keep_order);
/* The lowest and one past the highest byte that a layout touches. */
void ak_layout_extent(const char *data, int ndim, const intptr_t *shape, const intptr_t *strides,
                      intptr_t itemsize, const char **low, const char **high);
/* Whether writing through `a` while reading `b` elementwise could be wrong: 0 when disjoint or identical. */
int ak_layout_conflicts(const char *a, const intptr_t *a_strides, intptr_t a_item, const char *b,
                        const intptr_t *b_strides, intptr_t b_item, int ndim, const intptr_t *shape);

#endif
