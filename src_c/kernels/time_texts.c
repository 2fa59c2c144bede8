/* Points in time as text by ISO 8601, and back.
 *
 * What a count means is in a loop's state, which arraykit/element_types/time_loops.py fills.  Why a text is none is not
 * said here: the dtype's class reads it once more, and says.
 */
#include "calendar.h"
#include "strings_loops.h"

__extension__ typedef unsigned __int128 size;

/* A unit: how many months it has; or else how many whole seconds, or how many of it are one second. */
typedef struct text_unit {
    int64 months, seconds, per_second;
    int64 parts;  /* that are written: 1 year, 2 month, 3 day, 4 hour, 5 minute, 6 second */
    int64 digits; /* of the fraction of a second */
} text_unit;

enum { LONGEST = 64, MOST_DIGITS = 18, DAY = 86400 };
#define ATTO     ((int64)1000000000000000000)
#define FAR_YEAR ((wide)1000000000000 * ATTO) /* beyond all units */

/* ---- reading ------------------------------------------------------------------------------------------------ */

typedef struct moment {
    wide year;
    int64 part[5]; /* month, day, hour, minute, second */
    int64 atto;
    int has_fraction;
} moment;

INLINE int is_midnight(const moment *m)
{
    return (m->part[2] | m->part[3] | m->part[4] | m->atto) == 0;
}

typedef struct cursor {
    const char *at, *end;
} cursor;

INLINE int is_digit(cursor c)
{
    return c.at < c.end && *c.at >= '0' && *c.at <= '9';
}

/* Four digits or more, perhaps with a sign; 0, or -1 if there are none. */
static int read_year(cursor *c, wide *year)
{
    const int negative = c->at < c->end && *c->at == '-';
    c->at += c->at < c->end && (*c->at == '-' || *c->at == '+');
    const char *first = c->at;
    wide y = 0;
    for (; is_digit(*c); c->at++) {
        y = y < FAR_YEAR ? 10 * y + (*c->at - '0') : FAR_YEAR;
    }
    *year = negative ? -y : y;
    return c->at - first >= 4 ? 0 : -1;
}

/* A mark and two digits within a range. */
static int read_two(cursor *c, const char marks[2], int64 low, int64 high, int64 *value)
{
    if (c->end - c->at < 3 || (*c->at != marks[0] && *c->at != marks[1])) {
        return -1;
    }
    c->at++;
    *value = 0;
    for (int i = 0; i < 2; i++, c->at++) {
        if (!is_digit(*c)) {
            return -1;
        }
        *value = 10 * *value + (*c->at - '0');
    }
    return *value >= low && *value <= high ? 0 : -1;
}

static int read_fraction(cursor *c, moment *m)
{
    int n = 0;
    for (c->at++; n < MOST_DIGITS && is_digit(*c); n++, c->at++) {
        m->atto = 10 * m->atto + (*c->at - '0');
    }
    for (int i = n; i < MOST_DIGITS; i++) {
        m->atto *= 10;
    }
    m->has_fraction = 1;
    return n > 0 ? 0 : -1;
}

/* The whole text; it may end after any part but the hour's mark. */
static int read_moment(const char *text, size_t n, moment *m)
{
    static const struct {
        char marks[3];
        int64 low, high;
    } parts[] = {{"--", 1, 12}, {"--", 1, 31}, {"T ", 0, 23}, {"::", 0, 59}, {"::", 0, 59}};
    static const int8 lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    cursor c = {text, text + n};
    *m = (moment){.part = {1, 1}};
    int i = 0, status = read_year(&c, &m->year);
    for (; status == 0 && i < 5 && c.at < c.end; i++) {
        status = read_two(&c, parts[i].marks, parts[i].low, parts[i].high, &m->part[i]);
    }
    if (status == 0 && i == 5 && c.at < c.end && *c.at == '.') {
        status = read_fraction(&c, m);
    }
    const int leap = m->part[0] == 2 && is_leap((int64)(m->year % 400));
    return status == 0 && c.at == c.end && m->part[1] <= lengths[m->part[0] - 1] + leap ? 0 : -1;
}

static wide days_of(const moment *m)
{
    const wide cycle = m->year / 400;
    const int64 year = (int64)(m->year - cycle * 400);
    return cycle * 146097 + days_of_month((year - 1970) * 12 + m->part[0] - 1) + m->part[1] - 1;
}

/* Of seconds from 1970 on; -1 for what falls between two ticks, or is too far. */
static int ticks_of(const moment *m, const text_unit *unit, wide *ticks)
{
    if (m->year > FAR_YEAR / 100 ||
        m->year < -FAR_YEAR / 100) { /* not of this unit; and there days would overflow */
        return -1;
    }
    const wide seconds = days_of(m) * DAY + m->part[2] * 3600 + m->part[3] * 60 + m->part[4];
    if (unit->per_second == 0) {
        *ticks = seconds / unit->seconds;
        return seconds % unit->seconds == 0 && m->atto == 0 ? 0 : -1;
    }
    const int64 tick = ATTO / unit->per_second;
    if (seconds > INT64_MAX || seconds < INT64_MIN) {
        return -1;
    }
    *ticks = seconds * unit->per_second + m->atto / tick;
    return m->atto % tick == 0 ? 0 : -1;
}

static int count_of(const moment *m, const text_unit *unit, int64 *count)
{
    wide ticks;
    int status;
    if (unit->months != 0) {
        const wide months = (m->year - 1970) * 12 + m->part[0] - 1;
        ticks = months / unit->months;
        status = months % unit->months == 0 && m->part[1] == 1 && is_midnight(m) ? 0 : -1;
    } else {
        status = ticks_of(m, unit, &ticks);
    }
    if (status < 0 || ticks > INT64_MAX || ticks <= INT64_MIN) {
        return -1;
    }
    *count = (int64)ticks;
    return 0;
}

INLINE int is_none(const ak_text *t)
{
    return t->size == 3 && memcmp((const char *)t + 4, "NaT", 3) == 0;
}

static int read_points(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    const text_unit *unit = state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const ak_text *t = text_at(data[0] + i * strides[0]);
        int64 *out = (int64 *)(void *)(data[1] + i * strides[1]);
        moment m;
        if (is_none(t)) {
            *out = NOT_A_TIME;
        } else if (read_moment(ak_text_bytes(t), t->size, &m) < 0 || count_of(&m, unit, out) < 0) {
            return refuse(ctx, AK_VALUE_ERROR, "");
        }
    }
    return 0;
}

static int read_days(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const ak_text *t = text_at(data[0] + i * strides[0]);
        moment m;
        const wide days = read_moment(ak_text_bytes(t), t->size, &m) < 0 ? FAR_YEAR : days_of(&m);
        if (days > INT32_MAX || days < INT32_MIN || m.has_fraction || !is_midnight(&m)) {
            return refuse(ctx, AK_VALUE_ERROR, "");
        }
        *(int32 *)(void *)(data[1] + i * strides[1]) = (int32)days;
    }
    return 0;
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

/* Digits before `to`, at least so many; where they begin. */
static char *digits_before(char *to, size value, int least)
{
    for (; value != 0 || least > 0; least--, value /= 10) {
        *--to = (char)('0' + (int)(value % 10));
    }
    return to;
}

INLINE char *two_before(char *to, char mark, int64 value)
{
    to = digits_before(to, (size)value, 2);
    *--to = mark;
    return to;
}

/* Before `to`; where it begins. */
static char *write_moment(char *to, const moment *m, const text_unit *unit)
{
    static const char marks[] = "--T::";
    if (unit->digits > 0) {
        int64 fraction = m->atto;
        for (int64 i = unit->digits; i < MOST_DIGITS; i++) {
            fraction /= 10;
        }
        to = digits_before(to, (size)fraction, (int)unit->digits);
        *--to = '.';
    }
    for (int64 i = unit->parts - 2; i >= 0; i--) {
        to = two_before(to, marks[i], m->part[i]);
    }
    to = digits_before(to, (size)(m->year < 0 ? -m->year : m->year), 4);
    if (m->year < 0) {
        *--to = '-';
    }
    return to;
}

static wide floor_wide(wide a, wide b)
{
    return a / b - (a % b < 0);
}

static void set_day(moment *m, wide days)
{
    const wide cycle = floor_wide(days, 146097);
    const civil date = civil_of_days((int64)(days - cycle * 146097));
    m->year = date.year + cycle * 400;
    m->part[0] = date.month;
    m->part[1] = date.day;
}

static moment moment_of(int64 count, const text_unit *unit)
{
    moment m = {.part = {1, 1}};
    if (unit->months != 0) {
        const wide months = (wide)count * unit->months, years = floor_wide(months, 12);
        m.year = 1970 + years;
        m.part[0] = 1 + (int64)(months - 12 * years);
        return m;
    }
    wide seconds = (wide)count * unit->seconds;
    if (unit->per_second != 0) {
        seconds = floor_wide(count, unit->per_second);
        m.atto = (int64)(count - seconds * unit->per_second) * (ATTO / unit->per_second);
    }
    const wide days = floor_wide(seconds, DAY);
    const int64 of_day = (int64)(seconds - days * DAY);
    set_day(&m, days);
    m.part[2] = of_day / 3600;
    m.part[3] = of_day / 60 % 60;
    m.part[4] = of_day % 60;
    return m;
}

/* An element of n bytes. */
static int put_text(char *out, const char *bytes, size_t n, ak_text_writer *w)
{
    ak_text made;
    char *to = ak_text_begin(&made, n, w);
    if (to == NULL) {
        return -1;
    }
    memcpy(to, bytes, n);
    ak_text_seal(&made);
    memcpy(out, &made, sizeof(made));
    return 0;
}

static int write_points(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    const text_unit *unit = state;
    ak_text_writer w = writer_of(ctx);
    char room[LONGEST], *const end = room + LONGEST;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int64 count = *(const int64 *)(const void *)(data[0] + i * strides[0]);
        const moment m = moment_of(count == NOT_A_TIME ? 0 : count, unit);
        const char *begin = count == NOT_A_TIME ? "NaT" : write_moment(end, &m, unit);
        const size_t n = count == NOT_A_TIME ? 3 : (size_t)(end - begin);
        if (put_text(data[1] + i * strides[1], begin, n, &w) < 0) {
            return no_memory(ctx);
        }
    }
    return 0;
}

static int write_days(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    static const text_unit unit = {.seconds = DAY, .parts = 3};
    ak_text_writer w = writer_of(ctx);
    char room[LONGEST], *const end = room + LONGEST;
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const moment m = moment_of(*(const int32 *)(const void *)(data[0] + i * strides[0]), &unit);
        const char *begin = write_moment(end, &m, &unit);
        if (put_text(data[1] + i * strides[1], begin, (size_t)(end - begin), &w) < 0) {
            return no_memory(ctx);
        }
    }
    return 0;
}

FAMILY(time_texts) = {
    ROW("temporal.read_points", "string -> int64", read_points, AK_MAY_REFUSE)
        ROW("temporal.read_days", "string -> int32", read_days, AK_MAY_REFUSE)
            ROW("temporal.write_points", "int64 -> string", write_points, AK_MAY_REFUSE | AK_OWN_MEMORY)
                ROW("temporal.write_days", "int32 -> string", write_days, AK_MAY_REFUSE | AK_OWN_MEMORY) NULL,
};
