/* Walks the N-d operands of one call and hands the longest possible rows to its loop.
 *
 * Every element of the loop shape is visited exactly once.  What the loop computes is never known.
 */
#include "iterate.h"

/* A row shorter than this is exchanged with the dimension around it, if that is longer: a fold into a few
 * places gains by it even where its rows are contiguous, other loops only where calls outweigh elements. */
enum { SHORT_FOLD = 24, SHORT_ROW = 10, TILE_BYTES = 16384 };

typedef struct walk {
    const ak_call *call;
    int nop;      /* operands of the loop */
    int ncarried; /* and the mask */
    int casts;
    ak_loop loop;
    int ndim;
    intptr_t shape[AK_MAX_NDIM];
    intptr_t strides[AK_CALL_MAX_OPERANDS][AK_MAX_NDIM];
    intptr_t dims[1 + AK_CALL_MAX_CORE];
    /* What the loop is given: one stride an operand along the row, then the core strides. */
    intptr_t row[AK_CALL_MAX_OPERANDS * (1 + AK_CALL_MAX_CORE)];
    intptr_t source[AK_CALL_MAX_OPERANDS]; /* strides along the row before casting; the mask's too */
} walk;

static int run_plain(walk *w, char *const *data, intptr_t n)
{
    w->dims[0] = n;
    return w->loop(w->call->ctx, data, w->dims, w->row, w->call->state);
}

static int run_cast(const ak_operand *o, char *from, char *to, intptr_t n, intptr_t from_stride,
                    intptr_t to_stride)
{
    char *const data[2] = {from, to};
    const intptr_t strides[2] = {from_stride, to_stride};
    return o->cast(o->cast_ctx, data, &n, strides, o->cast_state);
}

/* The most elements that fit in the buffers of all cast operands. */
static intptr_t chunk_length(const walk *w)
{
    intptr_t widest = 1;
    for (int k = 0; k < w->nop; k++) {
        const ak_operand *o = &w->call->operand[k];
        if (o->cast != NULL && o->kernel_itemsize > widest) {
            widest = o->kernel_itemsize;
        }
    }
    return AK_CALL_BUFFER / widest;
}

/* One row through the buffers, chunk by chunk; an input that stands still is cast only once. */
static int run_buffered(walk *w, char *const *data, intptr_t n)
{
    _Alignas(64) char buffer[AK_CALL_MAX_OPERANDS][AK_CALL_BUFFER];
    const ak_call *call = w->call;
    const intptr_t chunk = chunk_length(w);
    char *at[AK_CALL_MAX_OPERANDS];
    for (intptr_t done = 0; done < n; done += chunk) {
        const intptr_t m = n - done < chunk ? n - done : chunk;
        for (int k = 0; k < w->nop; k++) {
            const ak_operand *o = &call->operand[k];
            char *source = data[k] + done * w->source[k];
            at[k] = o->cast != NULL ? buffer[k] : source;
            const int still = w->source[k] == 0;
            if (o->cast != NULL && k < call->nin && !(still && done > 0) &&
                run_cast(o, source, buffer[k], still ? 1 : m, w->source[k], o->kernel_itemsize) < 0) {
                return -1;
            }
        }
        if (run_plain(w, at, m) < 0) {
            return -1;
        }
        for (int k = call->nin; k < w->nop; k++) {
            const ak_operand *o = &call->operand[k];
            if (o->cast != NULL && run_cast(o, buffer[k], data[k] + done * w->source[k], m,
                                            o->kernel_itemsize, w->source[k]) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int run_span(walk *w, char *const *data, intptr_t n)
{
    return w->casts ? run_buffered(w, data, n) : run_plain(w, data, n);
}

/* One row, or those stretches of it that the mask lets through. */
static int run_row(walk *w, char *const *data, intptr_t n)
{
    if (!w->call->masked) {
        return run_span(w, data, n);
    }
    const char *mask = data[w->nop];
    const intptr_t step = w->source[w->nop];
    char *at[AK_CALL_MAX_OPERANDS];
    for (intptr_t i = 0, end; i < n; i = end) {
        const int on = mask[i * step] != 0;
        for (end = i + 1; end < n && (mask[end * step] != 0) == on;) {
            end++;
        }
        for (int k = 0; k < w->nop; k++) {
            at[k] = data[k] + i * w->source[k];
        }
        if (on && run_span(w, at, end - i) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Sets what the loop is given for rows along dimension `axis`. */
static void choose_row(walk *w, int axis)
{
    const ak_call *call = w->call;
    int contiguous = call->contiguous != NULL && call->ncore == 0;
    intptr_t *core = w->row + w->nop;
    for (int k = 0; k < w->ncarried; k++) {
        w->source[k] = w->strides[k][axis];
    }
    for (int k = 0; k < w->nop; k++) {
        const ak_operand *o = &call->operand[k];
        const int buffered = o->cast != NULL && (k >= call->nin || w->source[k] != 0);
        w->row[k] = buffered ? o->kernel_itemsize : w->source[k];
        contiguous &= w->row[k] == o->kernel_itemsize;
        for (int i = 0; i < o->ncore; i++) {
            *core++ = o->core_strides[i];
        }
    }
    for (int i = 0; i < call->ncore; i++) {
        w->dims[1 + i] = call->core_dims[i];
    }
    w->loop = contiguous ? call->contiguous : call->strided;
}

/* How many steps of all operands along dimension `axis` fit in the fastest cache. */
static intptr_t tile_length(const walk *w, int axis)
{
    intptr_t bytes = 1;
    for (int k = 0; k < w->ncarried; k++) {
        const intptr_t step = w->strides[k][axis];
        bytes += step < 0 ? -step : step;
    }
    const intptr_t n = TILE_BYTES / bytes;
    return n < 32 ? 32 : n;
}

/* The last two dimensions with the long one as row, in tiles that stay in the cache. */
static int run_tiled(walk *w, char *const *data)
{
    const int along = w->ndim - 2, across = w->ndim - 1;
    const intptr_t tile = tile_length(w, along);
    char *at[AK_CALL_MAX_OPERANDS];
    for (intptr_t i = 0; i < w->shape[along]; i += tile) {
        const intptr_t n = w->shape[along] - i < tile ? w->shape[along] - i : tile;
        for (intptr_t j = 0; j < w->shape[across]; j++) {
            for (int k = 0; k < w->ncarried; k++) {
                at[k] = data[k] + i * w->strides[k][along] + j * w->strides[k][across];
            }
            if (run_row(w, at, n) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* Steps to the next row (or pair of dimensions) over the first `outer` dimensions; 0 at the end. */
static int advance(const walk *w, int outer, intptr_t *index, char **data)
{
    for (int d = outer - 1; d >= 0; d--) {
        const intptr_t back = index[d] + 1 < w->shape[d] ? 0 : w->shape[d];
        for (int k = 0; k < w->ncarried; k++) {
            data[k] += w->strides[k][d] * (1 - back);
        }
        if (!back) {
            index[d]++;
            return 1;
        }
        index[d] = 0;
    }
    return 0;
}

/* Whether some output stands still along one of the last two dimensions. */
static int is_fold(const walk *w)
{
    for (int k = w->call->nin; k < w->nop; k++) {
        if (w->strides[k][w->ndim - 1] == 0 || w->strides[k][w->ndim - 2] == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_tiled(const walk *w)
{
    if (w->ndim < 2 || w->call->keep_order || w->call->ncore > 0) {
        return 0;
    }
    const intptr_t row = w->shape[w->ndim - 1];
    return row < (is_fold(w) ? SHORT_FOLD : SHORT_ROW) && w->shape[w->ndim - 2] >= 2 * row;
}

static int walk_rows(walk *w)
{
    const int tiled = is_tiled(w);
    const int outer = w->ndim - 1 - tiled;
    intptr_t index[AK_MAX_NDIM];
    char *data[AK_CALL_MAX_OPERANDS];
    for (int d = 0; d < outer; d++) {
        index[d] = 0;
    }
    for (int k = 0; k < w->ncarried; k++) {
        data[k] = w->call->operand[k].data;
    }
    choose_row(w, outer);
    do {
        if ((tiled ? run_tiled(w, data) : run_row(w, data, w->shape[outer])) < 0) {
            return -1;
        }
    } while (advance(w, outer, index, data));
    return 0;
}

int ak_call_run(const ak_call *call)
{
    walk w;
    w.call = call;
    w.nop = call->nin + call->nout;
    w.ncarried = w.nop + (call->masked != 0);
    w.casts = 0;
    for (int d = 0; d < call->ndim; d++) {
        w.shape[d] = call->shape[d];
        if (w.shape[d] == 0) {
            return 0;
        }
    }
    for (int k = 0; k < w.ncarried; k++) {
        w.casts |= k < w.nop && call->operand[k].cast != NULL;
        for (int d = 0; d < call->ndim; d++) {
            w.strides[k][d] = call->operand[k].strides[d];
        }
    }
    w.ndim = ak_layout_coalesce(call->ndim, w.shape, w.ncarried, w.strides, call->keep_order);
    return walk_rows(&w);
}
