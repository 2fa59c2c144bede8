/* The gufunc loop `OP_TYPE`, T[n] -> R[n]: r[j] = VALUE(r[j - 1], a[j]), from zero. */
#ifdef RESULT
#define OUT RESULT
#else
#define OUT TYPE
#endif

static int JOIN(OP, TYPE)(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *a = data[0] + i * strides[0];
        char *r = data[1] + i * strides[1];
        OUT sum;
        memset(&sum, 0, sizeof(sum));
        for (intptr_t j = 0; j < dims[1]; j++) {
            const JOIN(work, TYPE) x = *(const TYPE *)(a + j * strides[2]);
            sum = VALUE(sum, x);
            *(OUT *)(r + j * strides[3]) = sum;
        }
    }
    return 0;
}

#undef OUT
