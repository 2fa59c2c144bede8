/* The loop `scale_TYPE`: r[i] = a[i] * factor / divisor + offset, computed in doubles. */
static int JOIN(OP, TYPE)(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    static const double same[3] = {1, 1, 0};
    const double *const by = state != NULL ? state : same;
    const double factor = by[0], divisor = by[1], offset = by[2];
    (void)ctx;
    INDEPENDENT
    for (intptr_t i = 0; i < dims[0]; i++) {
        const double x = *(const TYPE *)(data[0] + i * strides[0]);
        *(TYPE *)(data[1] + i * strides[1]) = (TYPE)(x * factor / divisor + offset);
    }
    return 0;
}
