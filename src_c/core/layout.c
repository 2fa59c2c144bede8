/* Shapes and strides: sizes, contiguity, broadcasting, merging of dimensions and overlap.
 *
 * Every function is arithmetic on its arguments; products that do not fit are found before they are used.
 */
#include "layout.h"

#include <string.h>

intptr_t ak_layout_size(int ndim, const intptr_t *shape, intptr_t itemsize)
{
    /* Zero lengths are left out of the check, so that (0, huge) is refused like (1, huge). */
    intptr_t bytes = itemsize > 0 ? itemsize : 1;
    intptr_t size = 1;
    for (int i = 0; i < ndim; i++) {
        if (shape[i] < 0) {
            return -1;
        }
        if (shape[i] != 0 && __builtin_mul_overflow(bytes, shape[i], &bytes)) {
            return -1;
        }
    }
    for (int i = 0; i < ndim; i++) {
        size *= shape[i];
    }
    return size;
}

void ak_layout_c_strides(int ndim, const intptr_t *shape, intptr_t itemsize, intptr_t *strides)
{
    intptr_t step = itemsize;
    for (int i = ndim - 1; i >= 0; i--) {
        strides[i] = step;
        step *= shape[i] > 0 ? shape[i] : 1;
    }
}

/* Contiguity when the fastest dimension is `first` and the next one `first + step`. */
static int is_contiguous(int ndim, const intptr_t *shape, const intptr_t *strides, intptr_t itemsize,
                         int first, int step)
{
    intptr_t expected = itemsize;
    int contiguous = 1;
    for (int i = 0, d = first; i < ndim; i++, d += step) {
        if (shape[d] == 0) {
            return 1;
        }
        if (shape[d] != 1) {
            contiguous = contiguous && strides[d] == expected;
            expected *= shape[d];
        }
    }
    return contiguous;
}

int ak_layout_is_c(int ndim, const intptr_t *shape, const intptr_t *strides, intptr_t itemsize)
{
    return is_contiguous(ndim, shape, strides, itemsize, ndim - 1, -1);
}

int ak_layout_is_f(int ndim, const intptr_t *shape, const intptr_t *strides, intptr_t itemsize)
{
    return is_contiguous(ndim, shape, strides, itemsize, 0, 1);
}

int ak_layout_broadcast(int *out_ndim, intptr_t *out_shape, int ndim, const intptr_t *shape)
{
    const int old = *out_ndim;
    const int n = old > ndim ? old : ndim;
    intptr_t joined[AK_MAX_NDIM];
    if (n > AK_MAX_NDIM) {
        return -1;
    }
    for (int i = 1; i <= n; i++) {
        const intptr_t a = i <= old ? out_shape[old - i] : 1;
        const intptr_t b = i <= ndim ? shape[ndim - i] : 1;
        if (a != b && a != 1 && b != 1) {
            return -1;
        }
        joined[n - i] = a == 1 ? b : a;
    }
    memcpy(out_shape, joined, (size_t)n * sizeof(intptr_t));
    *out_ndim = n;
    return 0;
}

void ak_layout_broadcast_strides(int out_ndim, const intptr_t *out_shape, int ndim, const intptr_t *shape,
                                 const intptr_t *strides, intptr_t *out_strides)
{
    const int lead = out_ndim - ndim;
    for (int i = 0; i < lead; i++) {
        out_strides[i] = 0;
    }
    for (int i = 0; i < ndim; i++) {
        const int repeated = shape[i] == 1 && out_shape[lead + i] != 1;
        out_strides[lead + i] = repeated ? 0 : strides[i];
    }
}

/* Takes out dimensions of length 1; the new ndim. */
static int squeeze(int ndim, intptr_t *shape, int nop, intptr_t (*strides)[AK_MAX_NDIM])
{
    int n = 0;
    for (int i = 0; i < ndim; i++) {
        if (shape[i] != 1) {
            shape[n] = shape[i];
            for (int k = 0; k < nop; k++) {
                strides[k][n] = strides[k][i];
            }
            n++;
        }
    }
    return n;
}

static intptr_t magnitude(intptr_t x)
{
    return x < 0 ? -x : x;
}

/* Whether dimension `inner` has larger steps than `outer` in some operand and smaller in none. */
static int out_of_order(int outer, int inner, int nop, intptr_t (*strides)[AK_MAX_NDIM])
{
    int larger = 0;
    for (int k = 0; k < nop; k++) {
        const intptr_t o = magnitude(strides[k][outer]);
        const intptr_t i = magnitude(strides[k][inner]);
        if (o == 0 || i == 0) {
            continue; /* a repeated operand has no say */
        }
        if (i <= o) {
            return 0;
        }
        larger = 1;
    }
    return larger;
}

static void swap(intptr_t *a, intptr_t *b)
{
    const intptr_t t = *a;
    *a = *b;
    *b = t;
}

/* Puts the smallest steps last (insertion sort: there are few dimensions, mostly in order). */
static void sort(int ndim, intptr_t *shape, int nop, intptr_t (*strides)[AK_MAX_NDIM])
{
    for (int i = 1; i < ndim; i++) {
        for (int j = i; j > 0 && out_of_order(j - 1, j, nop, strides); j--) {
            swap(&shape[j - 1], &shape[j]);
            for (int k = 0; k < nop; k++) {
                swap(&strides[k][j - 1], &strides[k][j]);
            }
        }
    }
}

/* Whether the steps of `outer` continue where `inner` ends, in every operand. */
static int continues(int outer, int inner, const intptr_t *shape, int nop, intptr_t (*strides)[AK_MAX_NDIM])
{
    for (int k = 0; k < nop; k++) {
        if (strides[k][outer] != strides[k][inner] * shape[inner]) {
            return 0;
        }
    }
    return 1;
}

int ak_layout_coalesce(int ndim, intptr_t *shape, int nop, intptr_t (*strides)[AK_MAX_NDIM], int keep_order)
{
    ndim = squeeze(ndim, shape, nop, strides);
    if (ndim == 0) {
        shape[0] = 1;
        for (int k = 0; k < nop; k++) {
            strides[k][0] = 0;
        }
        return 1;
    }
    if (!keep_order) {
        sort(ndim, shape, nop, strides);
    }
    int last = 0; /* dimensions 0 .. last are merged */
    for (int i = 1; i < ndim; i++) {
        const int merge = continues(last, i, shape, nop, strides);
        shape[last + !merge] = merge ? shape[last] * shape[i] : shape[i];
        for (int k = 0; k < nop; k++) {
            strides[k][last + !merge] = strides[k][i];
        }
        last += !merge;
    }
    return last + 1;
}

void ak_layout_extent(const char *data, int ndim, const intptr_t *shape, const intptr_t *strides,
                      intptr_t itemsize, const char **low, const char **high)
{
    const char *first = data;
    const char *last = data + itemsize;
    for (int i = 0; i < ndim; i++) {
        if (shape[i] == 0) {
            first = last = data;
            break;
        }
        const intptr_t reach = (shape[i] - 1) * strides[i];
        first += reach < 0 ? reach : 0;
        last += reach > 0 ? reach : 0;
    }
    *low = first;
    *high = last;
}

static intptr_t greatest_common_divisor(intptr_t a, intptr_t b)
{
    while (b != 0) {
        const intptr_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

int ak_layout_conflicts(const char *a, const intptr_t *a_strides, intptr_t a_item, const char *b,
                        const intptr_t *b_strides, intptr_t b_item, int ndim, const intptr_t *shape)
{
    const char *a_low, *a_high, *b_low, *b_high;
    ak_layout_extent(a, ndim, shape, a_strides, a_item, &a_low, &a_high);
    ak_layout_extent(b, ndim, shape, b_strides, b_item, &b_low, &b_high);
    if (a_low == a_high || a_high <= b_low || b_high <= a_low) {
        return 0;
    }
    int identical = a == b && a_item == b_item;
    intptr_t step = 0; /* all items of both lie on two grids of this step */
    for (int i = 0; i < ndim; i++) {
        if (shape[i] != 1) {
            identical = identical && a_strides[i] == b_strides[i];
            step = greatest_common_divisor(magnitude(a_strides[i]), step);
            step = greatest_common_divisor(magnitude(b_strides[i]), step);
        }
    }
    if (identical) {
        return 0;
    }
    if (step == 0) {
        return 1;
    }
    intptr_t offset = (b - a) % step;
    offset += offset < 0 ? step : 0;
    return !(offset >= a_item && offset + b_item <= step); /* even and odd elements never meet */
}
