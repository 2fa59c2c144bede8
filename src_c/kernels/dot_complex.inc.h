/* The gufunc loop `OP_TYPE`, T[n], T[n] -> T, from the folds of like and of crossed parts by VALUE. */
static int JOIN(OP, TYPE)(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *a = data[0] + i * strides[0], *b = data[1] + i * strides[1];
        JOIN(part, TYPE) like[2] = {0, 0}, crossed[2] = {0, 0};
        if (dims[1] > 0) {
            JOIN(JOIN(like, TYPE), fold)(a, strides[3], b, strides[4], dims[1], like);
            JOIN(JOIN(crossed, TYPE), fold)(a, strides[3], b, strides[4], dims[1], crossed);
        }
        *(TYPE *)(data[2] + i * strides[2]) = (TYPE)VALUE(like, crossed);
    }
    return 0;
}
