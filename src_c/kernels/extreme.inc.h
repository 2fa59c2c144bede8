/* The fold `OP_TYPE_fold` of n >= 1 items by VALUE(kept, x), in many lanes where items are contiguous. */
#define FOLD JOIN(JOIN(OP, TYPE), fold)

static void FOLD(const char *x, intptr_t sx, const char *y, intptr_t sy, intptr_t n, TYPE *result)
{
    enum { LANES = 4 * VECTOR_BYTES / sizeof(TYPE) < 32 ? 32 : 4 * VECTOR_BYTES / sizeof(TYPE) };
    TYPE kept = *(const TYPE *)x;
    intptr_t i = 1;
    (void)y, (void)sy;
    if (sx == sizeof(TYPE) && n >= 2 * LANES) {
        const TYPE *items = (const TYPE *)x;
        TYPE lane[LANES];
        memcpy(lane, items, sizeof(lane));
        for (i = LANES; i + LANES <= n; i += LANES) {
            for (int j = 0; j < LANES; j++) {
                lane[j] = VALUE(lane[j], items[i + j]);
            }
        }
        for (int width = LANES / 2; width > 0; width /= 2) {
            for (int j = 0; j < width; j++) {
                lane[j] = VALUE(lane[j], lane[j + width]);
            }
        }
        kept = VALUE(kept, lane[0]);
    }
    for (; i < n; i++) {
        const TYPE item = *(const TYPE *)(x + i * sx);
        kept = VALUE(kept, item);
    }
    *result = kept;
}

#undef FOLD
