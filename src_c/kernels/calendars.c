/* Units, calendar and clock: counts of one unit in another, years to nanoseconds, and local times.
 *
 * What a count means is in a loop's state, which arraykit/element_types/temporal.py fills; none stays none, and has
 * no fields.
 */
#include "calendar.h"

/* ---- units: counts of one in counts of another, rounded down ------------------------------------------- */

/* Of units that are months, how many; else 0.  What is no month is multiplied and divided: to or from days if
 * the other is months.  A factor that 64 bits do not hold is 0. */
typedef struct conversion {
    int64 from_months, to_months, multiply, divide;
} conversion;

INLINE wide divided_down(wide a, wide b)
{
    return a / b - (a % b < 0);
}

INLINE wide rescaled(wide x, const conversion *how, unsigned *met)
{
    if (how->multiply == 0) {
        *met |= x != 0;
        return 0;
    }
    if (how->divide == 0) {
        return x < 0 ? -1 : 0;
    }
    x *= how->multiply;
    return how->divide == 1 ? x
           : x == (int64)x  ? floor_divided((int64)x, how->divide)
                            : divided_down(x, how->divide);
}

INLINE int64 converted(int64 x, const conversion *how, unsigned *met)
{
    const wide far = (wide)1 << 50;
    wide r = x;
    if (how->from_months != 0) {
        r *= how->from_months;
        if (how->to_months == 0) {
            *met |= r > far || r < -far;
            r = rescaled(r > far || r < -far ? 0 : days_of_month((int64)r), how, met);
        }
    } else {
        r = rescaled(r, how, met);
    }
    if (how->to_months != 0) {
        if (how->from_months == 0) {
            *met |= r > far || r < -far;
            r = r > far || r < -far ? 0 : month_of_days((int64)r);
        }
        r = divided_down(r, how->to_months);
    }
    *met |= r > INT64_MAX || r <= INT64_MIN;
    return (int64)r;
}

static int convert(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const conversion how = *(const conversion *)state;
    const char *a = data[0];
    char *r = data[1];
    unsigned met = 0;
    for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], r += strides[1]) {
        const int64 x = *(const int64 *)a;
        *(int64 *)r = x == NOT_A_TIME ? x : converted(x, &how, &met);
    }
    return met ? out_of_range(ctx) : 0;
}

/* Days in 32 bits have no value for none. */
static int to_days(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const conversion how = *(const conversion *)state;
    const char *a = data[0];
    char *r = data[1];
    unsigned met = 0, none = 0;
    for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], r += strides[1]) {
        const int64 x = *(const int64 *)a;
        const int64 days = x == NOT_A_TIME ? 0 : converted(x, &how, &met);
        none |= x == NOT_A_TIME;
        met |= days != (int32)days;
        *(int32 *)r = (int32)days;
    }
    return none  ? refuse(ctx, AK_VALUE_ERROR, "NaT is no date; find it by isnat, or use missing[date]")
           : met ? out_of_range(ctx)
                 : 0;
}

static int from_days(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const conversion how = *(const conversion *)state;
    const char *a = data[0];
    char *r = data[1];
    unsigned met = 0;
    for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], r += strides[1]) {
        *(int64 *)r = converted(*(const int32 *)a, &how, &met);
    }
    return met ? out_of_range(ctx) : 0;
}

/* ---- time zones: seconds from UTC, from one transition to the next -------------------------------------- */

/* offset[i] holds from start[i] on, offset[0] before all others too; what lies beyond the last start repeats
 * after `cycle` seconds, in which the calendar repeats itself. */
typedef struct zone {
    int64 count, cycle;
    const int64 *start, *offset;
} zone;

INLINE int64 zone_offset(const zone *z, int64 seconds)
{
    const int64 last = z->start[z->count - 1];
    if (seconds >= last) {
        seconds = last - z->cycle + (seconds - last) % z->cycle;
    }
    int64 low = 0, high = z->count;
    while (high - low > 1) {
        const int64 middle = (low + high) / 2;
        *(z->start[middle] <= seconds ? &low : &high) = middle;
    }
    return z->offset[low];
}

/* What clocks show, where units are `ticks` a second. */
typedef struct clock_state {
    zone where;
    int64 ticks;
} clock_state;

INLINE int64 on_the_clock(int64 x, const clock_state *c, unsigned *met)
{
    return sum_of(x, zone_offset(&c->where, floor_divided(x, c->ticks)) * c->ticks, met);
}

static int show_clock(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    const clock_state *c = state;
    const char *a = data[0];
    char *r = data[1];
    unsigned met = 0;
    for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], r += strides[1]) {
        const int64 x = *(const int64 *)a;
        *(int64 *)r = x == NOT_A_TIME ? x : on_the_clock(x, c, &met);
    }
    return met ? out_of_range(ctx) : 0;
}

/* The offsets that a local time may have: of a day before and of a day after.  Where clocks go back both do, where
 * they go forward none does, and `fold` says which is meant (0: that before the change). */
enum { SHOWN_TWICE = 1, NEVER_SHOWN = 2 };

INLINE int64 clock_offset(int64 seconds, const zone *z, int64 fold, unsigned *met)
{
    enum { DAY_SECONDS = 86400 };
    const int64 before = zone_offset(z, seconds - DAY_SECONDS), after = zone_offset(z, seconds + DAY_SECONDS);
    const int early = zone_offset(z, seconds - before) == before,
              late = zone_offset(z, seconds - after) == after;
    if (before == after || early != late) {
        return early ? before : after;
    }
    *met |= fold < 0 ? (early ? SHOWN_TWICE : NEVER_SHOWN) : 0;
    return fold > 0 ? after : before;
}

/* (local time, anything, fold) -> UTC */
static int read_clock(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    const clock_state *c = state;
    unsigned far = 0;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int64 x = *(const int64 *)(data[0] + i * strides[0]);
        const int64 fold = *(const int64 *)(data[2] + i * strides[2]);
        int64 *const r = (int64 *)(data[3] + i * strides[3]);
        unsigned met = 0;
        const int64 offset = clock_offset(floor_divided(x, c->ticks), &c->where, fold, &met);
        *r = x == NOT_A_TIME ? x : sum_of(x, -offset * c->ticks, &far);
        if (met != 0 && x != NOT_A_TIME) {
            return refuse(
                ctx, AK_VALUE_ERROR,
                met == SHOWN_TWICE
                    ? "a local time is shown twice there, as clocks go back; say fold=0 or fold=1"
                    : "a local time is never shown there, as clocks go forward; say fold=0 or fold=1");
        }
    }
    return far ? out_of_range(ctx) : 0;
}

/* ---- fields of the calendar and of the clock ------------------------------------------------------------ */

enum { YEAR, MONTH, DAY, WEEKDAY, DAY_OF_YEAR, ISO_YEAR, ISO_WEEK, QUARTER, OF_THE_CLOCK };

typedef struct field {
    conversion to; /* days; of the clock: the field's unit */
    int64 which, modulus;
    const clock_state *local; /* or NULL */
} field;

/* The Thursday of a week says which year the week belongs to. */
INLINE int64 of_days(int64 days, int64 which)
{
    if (which == WEEKDAY) {
        return weekday_of_days(days);
    }
    const int iso = which == ISO_YEAR || which == ISO_WEEK;
    const civil date = civil_of_days(iso ? days - weekday_of_days(days) + 3 : days);
    switch (which) {
    case MONTH:
        return date.month;
    case DAY:
        return date.day;
    case DAY_OF_YEAR:
        return date.day_of_year;
    case ISO_WEEK:
        return (date.day_of_year - 1) / 7 + 1;
    case QUARTER:
        return (date.month - 1) / 3 + 1;
    default:
        return date.year;
    }
}

/* Only the remainder counts, so nothing overflows. */
INLINE int64 of_the_clock(int64 x, const field *f)
{
    unsigned met = 0;
    if (f->to.divide == 1 || f->to.multiply == 0) {
        const wide r = (wide)x % f->modulus * (f->to.multiply % f->modulus) % f->modulus;
        return (int64)(r < 0 ? r + f->modulus : r);
    }
    const wide r = rescaled(x, &f->to, &met);
    return (int64)(r - divided_down(r, f->modulus) * f->modulus);
}

INLINE int64 field_of(int64 x, const field *f, unsigned *met)
{
    if (f->local != NULL) {
        x = on_the_clock(x, f->local, met);
    }
    return f->which == OF_THE_CLOCK ? of_the_clock(x, f) : of_days(converted(x, &f->to, met), f->which);
}

static int fields(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const field f = *(const field *)state;
    const char *a = data[0];
    char *r = data[1];
    unsigned met = 0, none = 0;
    for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], r += strides[1]) {
        const int64 x = *(const int64 *)a;
        none |= x == NOT_A_TIME;
        *(int64 *)r = x == NOT_A_TIME ? 0 : field_of(x, &f, &met);
    }
    return none  ? refuse(ctx, AK_VALUE_ERROR, "NaT has no fields; leave it out by isnat")
           : met ? out_of_range(ctx)
                 : 0;
}

static int date_fields(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    const field *f = state;
    const char *a = data[0];
    char *r = data[1];
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], r += strides[1]) {
        *(int64 *)r = of_days(*(const int32 *)a, f->which);
    }
    return 0;
}

#define CHECKED(op, sig, loop) ROW("temporal." op, sig, loop, AK_MAY_REFUSE)

FAMILY(calendars) = {
    CHECKED("convert", "int64 -> int64", convert) CHECKED("to_days", "int64 -> int32", to_days)
        CHECKED("from_days", "int32 -> int64", from_days) CHECKED("show_clock", "int64 -> int64", show_clock)
            CHECKED("read_clock", "int64, int64, int64 -> int64", read_clock)
                CHECKED("fields", "int64 -> int64", fields)
                    ROW("temporal.date_fields", "int32 -> int64", date_fields, 0) NULL,
};
