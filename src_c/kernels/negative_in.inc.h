/* The function `OP_TYPE`: whether any of n items is negative. */
static int JOIN(OP, TYPE)(const char *a, intptr_t stride, intptr_t n)
{
    int met = 0;
    for (intptr_t i = 0; i < (stride == 0 && n > 1 ? 1 : n); i++) {
        met |= *(const TYPE *)(a + i * stride) < 0;
    }
    return met;
}
