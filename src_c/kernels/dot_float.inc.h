/* The gufunc loop `OP_TYPE`, T[n], T[n] -> T, by OP_TYPE_fold. */
static int JOIN(OP, TYPE)(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *a = data[0] + i * strides[0], *b = data[1] + i * strides[1];
        TYPE sum = 0;
        if (dims[1] > 0) {
            JOIN(JOIN(OP, TYPE), fold)(a, strides[3], b, strides[4], dims[1], &sum);
        }
        *(TYPE *)(data[2] + i * strides[2]) = sum;
    }
    return 0;
}
