/* The reduction `OP_TYPE` to an int64: how many items meet TEST(x).
 *
 * Contiguous items are counted in lanes of one byte a piece, emptied before they could run over.
 */
#define LOOP JOIN(OP, TYPE)

static int64_t JOIN(LOOP, contiguous)(const TYPE *a, intptr_t n)
{
    enum { LANES = 2 * VECTOR_BYTES, ROWS = 255 };
    int64_t total = 0;
    intptr_t i = 0;
    while (n - i >= LANES) {
        uint8_t lane[LANES] = {0};
        const intptr_t rows = (n - i) / LANES < ROWS ? (n - i) / LANES : ROWS;
        unsigned sum = 0;
        for (intptr_t row = 0; row < rows; row++, i += LANES) {
            for (int j = 0; j < LANES; j++) {
                lane[j] = (uint8_t)(lane[j] + (TEST(a[i + j])));
            }
        }
        for (int j = 0; j < LANES; j++) {
            sum += lane[j];
        }
        total += sum;
    }
    for (; i < n; i++) {
        total += TEST(a[i]);
    }
    return total;
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t n = dims[0], sa = strides[0], sr = strides[1];
    (void)ctx, (void)state;
    if (sr == 0 && sa == sizeof(TYPE)) {
        *(int64_t *)data[1] += JOIN(LOOP, contiguous)((const TYPE *)data[0], n);
        return 0;
    }
    for (intptr_t i = 0; i < n; i++) {
        const TYPE x = *(const TYPE *)(data[0] + i * sa);
        *(int64_t *)(data[1] + i * sr) += TEST(x);
    }
    return 0;
}

#undef LOOP
