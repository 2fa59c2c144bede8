/* Matrix product of strided items: TYPE_product adds to or overwrites c with a b, in blocks that fit the
 * caches.
 *
 * WORK is what items widen to while they are packed; MULTIPLY_ADD(sum, a, b) works on vectors of it.
 * Neither knows gufuncs nor errors but the lack of memory, which is the result -1.
 */
#define NAME(part) JOIN(JOIN(OP, TYPE), part)
#define VECTOR     NAME(vector)
#define TILE       NAME(tile)

typedef WORK VECTOR __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(WORK)), may_alias));

/* A tile of ROWS x COLUMNS sums stays in registers; a block of DEPTH x ACROSS of b in the last cache. */
enum {
    NAME(ROWS) = VECTOR_BYTES == 64 ? 12 : 6,
    NAME(LANES) = VECTOR_BYTES / sizeof(WORK),
    NAME(COLUMNS) = 2 * NAME(LANES),
    NAME(DEPTH) = 1024 / sizeof(WORK) < 256 ? 256 : 1024 / sizeof(WORK),
    NAME(DOWN) = 10 * NAME(ROWS),
    NAME(ACROSS) = 32 * NAME(COLUMNS),
};

typedef struct TILE {
    WORK sum[NAME(ROWS)][NAME(COLUMNS)];
} TILE;

static __attribute__((noinline)) void NAME(multiply_tile)(const WORK *a, const WORK *b, intptr_t depth,
                                                          TILE *tile)
{
    enum { ROWS = NAME(ROWS), LANES = NAME(LANES) };
    VECTOR left[ROWS], right[ROWS];
    for (int i = 0; i < ROWS; i++) {
        left[i] = right[i] = (VECTOR){0};
    }
    for (intptr_t k = 0; k < depth; k++, a += ROWS, b += 2 * LANES) {
        const VECTOR b0 = *(const VECTOR *)b, b1 = *(const VECTOR *)(b + LANES);
#pragma GCC unroll 12
        for (int i = 0; i < ROWS; i++) {
            const VECTOR item = (VECTOR){0} + a[i];
            left[i] = MULTIPLY_ADD(left[i], item, b0);
            right[i] = MULTIPLY_ADD(right[i], item, b1);
        }
    }
    for (int i = 0; i < ROWS; i++) {
        *(VECTOR *)tile->sum[i] = left[i];
        *(VECTOR *)(tile->sum[i] + LANES) = right[i];
    }
}

/* Packs `count` items a step for `depth` steps, in slivers of `width` items filled up with zeros. */
static void NAME(pack)(WORK *to, const char *from, intptr_t stride, intptr_t step, intptr_t count,
                       intptr_t depth, intptr_t width)
{
    for (intptr_t start = 0; start < count; start += width) {
        const intptr_t n = count - start < width ? count - start : width;
        for (intptr_t k = 0; k < depth; k++, to += width) {
            const char *items = from + start * stride + k * step;
            if (n < width) {
                memset(to, 0, (size_t)width * sizeof(WORK));
            }
            if (stride == sizeof(TYPE)) {
                for (intptr_t i = 0; i < n; i++) {
                    to[i] = (WORK)LOAD(((const TYPE *)items)[i]);
                }
            } else {
                for (intptr_t i = 0; i < n; i++) {
                    to[i] = (WORK)LOAD(*(const TYPE *)(items + i * stride));
                }
            }
        }
    }
}

/* Writes rows x columns sums of a tile to c, or adds them (how > 0) or subtracts them (how < 0). */
static void NAME(store)(const TILE *tile, char *c, intptr_t row, intptr_t column, intptr_t rows,
                        intptr_t columns, int how)
{
    for (intptr_t i = 0; i < rows; i++) {
        for (intptr_t j = 0; j < columns; j++) {
            TYPE *item = (TYPE *)(c + i * row + j * column);
            const WORK sum = tile->sum[i][j];
            *item = (TYPE)(how == 0 ? sum : how > 0 ? COMBINE((WORK)*item, sum) : (WORK)*item - sum);
        }
    }
}

/* All tiles of one packed block of a and of b. */
static void NAME(multiply_block)(const WORK *a, const WORK *b, const matrices *of, char *c, intptr_t rows,
                                 intptr_t depth, intptr_t columns, int how)
{
    enum { ROWS = NAME(ROWS), COLUMNS = NAME(COLUMNS) };
    TILE tile;
    for (intptr_t j = 0; j < columns; j += COLUMNS) {
        for (intptr_t i = 0; i < rows; i += ROWS) {
            NAME(multiply_tile)(a + i * depth, b + j * depth, depth, &tile);
            NAME(store)(&tile, c + i * of->c_row + j * of->c_column, of->c_row, of->c_column,
                        rows - i < ROWS ? rows - i : ROWS, columns - j < COLUMNS ? columns - j : COLUMNS,
                        how);
        }
    }
}

/* Without packing, for small matrices: one row of c at a time. */
INLINE void NAME(small)(const matrices *of, intptr_t columns, int how)
{
    JOIN(work, TYPE) sum[SMALL];
    for (intptr_t i = 0; i < of->m; i++) {
        for (intptr_t j = 0; j < columns; j++) {
            sum[j] = 0;
        }
        for (intptr_t k = 0; k < of->n; k++) {
            const JOIN(work, TYPE) item = LOAD(*(const TYPE *)(of->a + i * of->a_row + k * of->a_column));
            const char *b = of->b + k * of->b_row;
            for (intptr_t j = 0; j < columns; j++) {
                const JOIN(work, TYPE) other = LOAD(*(const TYPE *)(b + j * of->b_column));
                sum[j] = MULTIPLY_ADD(sum[j], item, other);
            }
        }
        for (intptr_t j = 0; j < columns; j++) {
            TYPE *item = (TYPE *)(of->c + i * of->c_row + j * of->c_column);
            *item = (TYPE)(how == 0 ? sum[j] : how > 0 ? COMBINE(*item, sum[j]) : *item - sum[j]);
        }
    }
}

static void NAME(blocked)(const matrices *of, int how, WORK *a, WORK *b)
{
    enum { DOWN = NAME(DOWN), DEPTH = NAME(DEPTH), ACROSS = NAME(ACROSS) };
    for (intptr_t j = 0; j < of->p; j += ACROSS) {
        const intptr_t columns = of->p - j < ACROSS ? of->p - j : ACROSS;
        for (intptr_t k = 0; k < of->n; k += DEPTH) {
            const intptr_t depth = of->n - k < DEPTH ? of->n - k : DEPTH;
            NAME(pack)(b, of->b + k * of->b_row + j * of->b_column, of->b_column, of->b_row, columns, depth,
                       NAME(COLUMNS));
            for (intptr_t i = 0; i < of->m; i += DOWN) {
                const intptr_t rows = of->m - i < DOWN ? of->m - i : DOWN;
                NAME(pack)(a, of->a + i * of->a_row + k * of->a_column, of->a_row, of->a_column, rows, depth,
                           NAME(ROWS));
                NAME(multiply_block)(a, b, of, of->c + i * of->c_row + j * of->c_column, rows, depth, columns,
                                     how == 0 && k > 0 ? 1 : how);
            }
        }
    }
}

/* c = a b (how 0), c += a b (1) or c -= a b (-1); 0, or -1 without memory. */
static int NAME(product)(const matrices *of, int how)
{
    if (of->p <= SMALL && of->m * of->n * of->p <= SMALL * SMALL * SMALL) {
        const int plain = of->b_column == sizeof(TYPE) && of->c_column == sizeof(TYPE);
        matrices fixed = *of;
        if (plain) {
            fixed.b_column = fixed.c_column = sizeof(TYPE);
        }
        if (plain && of->p == 4) {
            NAME(small)(&fixed, 4, how);
        } else if (plain && of->p == 8) {
            NAME(small)(&fixed, 8, how);
        } else if (plain) {
            NAME(small)(&fixed, of->p, how);
        } else {
            NAME(small)(of, of->p, how);
        }
        return 0;
    }
    WORK *a = malloc(sizeof(WORK) * NAME(DEPTH) * (NAME(DOWN) + NAME(ACROSS)));
    if (a == NULL) {
        return -1;
    }
    NAME(blocked)(of, how, a, a + NAME(DEPTH) * NAME(DOWN));
    free(a);
    return 0;
}

#undef NAME
#undef VECTOR
#undef TILE
#undef TYPE
#undef WORK
#undef LOAD
#undef MULTIPLY_ADD
#undef COMBINE
