/* `MERGE_sort`: sorts n ITEMs at `a`, stably, with as many at `b` to work in; BEFORE(x, y) is the order of
 * two. */

static void JOIN(MERGE, insert)(ITEM *a, intptr_t n)
{
    for (intptr_t i = 1; i < n; i++) {
        const ITEM x = a[i];
        intptr_t j = i;
        for (; j > 0 && BEFORE(x, a[j - 1]); j--) {
            a[j] = a[j - 1];
        }
        a[j] = x;
    }
}

/* Two neighbouring runs [0, middle) and [middle, n) of `from` as one run at `to`. */
static void JOIN(MERGE, runs)(ITEM *to, const ITEM *from, intptr_t middle, intptr_t n)
{
    intptr_t i = 0, j = middle;
    if (middle < n && BEFORE(from[middle], from[middle - 1])) {
        while (i < middle && j < n) {
            const int second = BEFORE(from[j], from[i]);
            *to++ = from[second ? j : i];
            j += second;
            i += !second;
        }
    }
    memcpy(to, from + i, (size_t)(middle - i) * sizeof(ITEM));
    memcpy(to + (middle - i), from + j, (size_t)(n - j) * sizeof(ITEM));
}

static void JOIN(MERGE, sort)(ITEM *a, ITEM *b, intptr_t n)
{
    enum { RUN = 16 };
    ITEM *from = a, *to = b;
    for (intptr_t i = 0; i < n; i += RUN) {
        JOIN(MERGE, insert)(a + i, n - i < RUN ? n - i : RUN);
    }
    for (intptr_t width = RUN; width < n; width *= 2) {
        for (intptr_t i = 0; i < n; i += 2 * width) {
            const intptr_t some = n - i < 2 * width ? n - i : 2 * width;
            JOIN(MERGE, runs)(to + i, from + i, some < width ? some : width, some);
        }
        ITEM *swap = from;
        from = to;
        to = swap;
    }
    if (from != a) {
        memcpy(a, from, (size_t)n * sizeof(ITEM));
    }
}

#undef MERGE
#undef ITEM
#undef BEFORE
