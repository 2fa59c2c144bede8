/* matmul for every dtype, without BLAS.
 *
 * Integers wrap, so that small ones may be summed in any type that is at least as wide; booleans are
 * `any(a and b)`; halves are multiplied as float32 and rounded once; complex products are four real ones.
 */
#if defined(__clang__)
#pragma STDC FP_CONTRACT ON
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=fast")
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "halves.h"

/* c[m,p] = a[m,n] b[n,p] with all strides in bytes. */
typedef struct matrices {
    intptr_t m, n, p;
    const char *a, *b;
    char *c;
    intptr_t a_row, a_column, b_row, b_column, c_row, c_column;
} matrices;

enum { SMALL = 16 };

#define OP                      matmul
#define TYPE                    bool_
#define WORK                    uint8_t
#define LOAD(x)                 ((x) != 0)
#define MULTIPLY_ADD(sum, a, b) ((sum) | ((a) & (b)))
#define COMBINE(a, b)           ((a) | (b))
#include "product.inc.h"
#define TYPE                    uint8
#define WORK                    uint16_t
#define LOAD(x)                 (x)
#define MULTIPLY_ADD(sum, a, b) ((sum) + (a) * (b))
#define COMBINE(a, b)           ((a) + (b))
#include "product.inc.h"
#define TYPE                    uint16
#define WORK                    uint16_t
#define LOAD(x)                 (x)
#define MULTIPLY_ADD(sum, a, b) ((sum) + (a) * (b))
#define COMBINE(a, b)           ((a) + (b))
#include "product.inc.h"
#define TYPE                    uint32
#define WORK                    uint32_t
#define LOAD(x)                 (x)
#define MULTIPLY_ADD(sum, a, b) ((sum) + (a) * (b))
#define COMBINE(a, b)           ((a) + (b))
#include "product.inc.h"
#define TYPE                    uint64
#define WORK                    uint64_t
#define LOAD(x)                 (x)
#define MULTIPLY_ADD(sum, a, b) ((sum) + (a) * (b))
#define COMBINE(a, b)           ((a) + (b))
#include "product.inc.h"
#define TYPE                    float32
#define WORK                    float
#define LOAD(x)                 (x)
#define MULTIPLY_ADD(sum, a, b) ((sum) + (a) * (b))
#define COMBINE(a, b)           ((a) + (b))
#include "product.inc.h"
#define TYPE                    float64
#define WORK                    double
#define LOAD(x)                 (x)
#define MULTIPLY_ADD(sum, a, b) ((sum) + (a) * (b))
#define COMBINE(a, b)           ((a) + (b))
#include "product.inc.h"

/* ---- the gufunc: state is the product of one pair of matrices ---- */

typedef struct multiplication {
    int (*product)(const matrices *of, int how);
    int (*whole)(const matrices *of, const struct multiplication *by);
    void (*widen)(float *, const char *, intptr_t, intptr_t);
    void (*narrow)(char *, intptr_t, const float *, intptr_t);
    intptr_t itemsize, part; /* bytes of an item, and of a complex item's part */
} multiplication;

static int multiply_real(const matrices *of, const multiplication *by)
{
    return by->product(of, 0);
}

/* re = re re - im im, im = re im + im re, on the parts as they lie. */
static int multiply_complex(const matrices *of, const multiplication *by)
{
    matrices part = *of;
    int failed = by->product(&part, 0);
    part.a += by->part;
    part.b += by->part;
    failed |= by->product(&part, -1);
    part.a -= by->part;
    part.c += by->part;
    failed |= by->product(&part, 0);
    part.a += by->part;
    part.b -= by->part;
    return failed | by->product(&part, 1);
}

static int multiply_half(const matrices *of, const multiplication *by)
{
    const intptr_t m = of->m, n = of->n, p = of->p, size = sizeof(float);
    float *a = malloc((size_t)(m * n + n * p + m * p + 1) * sizeof(float)), *b = a + m * n, *c = b + n * p;
    if (a == NULL) {
        return -1;
    }
    for (intptr_t i = 0; i < m; i++) {
        by->widen(a + i * n, of->a + i * of->a_row, of->a_column, n);
    }
    for (intptr_t k = 0; k < n; k++) {
        by->widen(b + k * p, of->b + k * of->b_row, of->b_column, p);
    }
    const int failed = by->product(&(const matrices){m, n, p, (char *)a, (char *)b, (char *)c, n * size, size,
                                                     p * size, size, p * size, size},
                                   0);
    for (intptr_t i = 0; i < m && !failed; i++) {
        by->narrow(of->c + i * of->c_row, of->c_column, c + i * p, p);
    }
    free(a);
    return failed;
}

/* Without anything to sum, every item of c is zero. */
static void clear(const matrices *of, size_t itemsize)
{
    for (intptr_t i = 0; i < of->m; i++) {
        for (intptr_t j = 0; j < of->p; j++) {
            memset(of->c + i * of->c_row + j * of->c_column, 0, itemsize);
        }
    }
}

static int out_of_memory(ak_context *ctx)
{
    if (ctx != NULL && ctx->error != NULL) {
        ctx->error->code = AK_MEMORY_ERROR;
        snprintf(ctx->error->text, sizeof(ctx->error->text), "%s",
                 "no memory for the blocks of a matrix product");
    }
    return -1;
}

static int multiply(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const multiplication *by = state;
    const intptr_t *core = strides + 3;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const matrices of = {dims[1],
                             dims[2],
                             dims[3],
                             data[0] + i * strides[0],
                             data[1] + i * strides[1],
                             data[2] + i * strides[2],
                             core[0],
                             core[1],
                             core[2],
                             core[3],
                             core[4],
                             core[5]};
        if (of.n == 0) {
            clear(&of, (size_t)by->itemsize);
        } else if (of.m > 0 && of.p > 0 && by->whole(&of, by) != 0) {
            return out_of_memory(ctx);
        }
    }
    return 0;
}

#define BY(type, whole, product, ...)                                                                        \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = "matmul",                                            \
                       .signature = #type "[m,n], " #type "[n,p] -> " #type "[m,p]", .strided = multiply,    \
                       .state = (void *)&(const multiplication){product, whole, __VA_ARGS__}},
#define REAL(op, type, loop) BY(type, multiply_real, op##_##loop##_product, NULL, NULL, sizeof(type), 0)
#define HALF(op, type, loop)                                                                                 \
    BY(type, multiply_half, op##_##loop##_product, widen_##type, narrow_##type, sizeof(type), 0)
#define COMPLEX(type, loop, part)                                                                            \
    BY(type, multiply_complex, matmul_##loop##_product, NULL, NULL, sizeof(type), sizeof(part))

FAMILY(products) = {
    BOOLEAN(REAL, matmul) WORDS(REAL, matmul) HALVES(HALF, matmul) FLOATS(REAL, matmul)
        COMPLEX(complex64, float32, float32) COMPLEX(complex128, float64, float64) NULL,
};
