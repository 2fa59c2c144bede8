/* Days of the proleptic Gregorian calendar, counted from 1970-01-01, and its months.
 *
 * Years are counted from March, so that the leap day comes last; whole cycles of 400 years have 146097 days.
 */
#ifndef AK_CALENDAR_H
#define AK_CALENDAR_H

#include <stdio.h>
#include "types.h"

__extension__ typedef __int128 wide;

typedef struct civil {
    int64 year;
    int32 month, day;  /* from 1 */
    int32 day_of_year; /* from 1 */
} civil;

INLINE int64 floor_divided(int64 a, int64 b)
{
    return a / b - (a % b < 0);
}

INLINE int is_leap(int64 year)
{
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
}

INLINE civil civil_of_days(int64 days)
{
    const int64 shifted = days + 719468, cycle = floor_divided(shifted, 146097); /* from 0000-03-01 */
    const int32 in_cycle = (int32)(shifted - cycle * 146097);
    const int32 years = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
    const int32 from_march = in_cycle - (365 * years + years / 4 - years / 100);
    const int32 shifted_month = (5 * from_march + 2) / 153; /* 153 days in five months from March on */
    const int64 march_year = years + cycle * 400;
    const int after_december = shifted_month >= 10;
    civil date;
    date.year = march_year + after_december;
    date.month = shifted_month + (after_december ? -9 : 3);
    date.day = from_march - (153 * shifted_month + 2) / 5 + 1;
    date.day_of_year = after_december ? from_march - 305 : from_march + 60 + is_leap(march_year);
    return date;
}

/* The first day of a month counted from 1970-01; |months| must be below 2^50. */
INLINE int64 days_of_month(int64 months)
{
    const int64 shifted = months + 1970 * 12 - 2; /* from 0000-03 */
    const int64 year = floor_divided(shifted, 12), cycle = floor_divided(year, 400);
    const int32 month = (int32)(shifted - year * 12), years = (int32)(year - cycle * 400);
    return cycle * 146097 + years * 365 + years / 4 - years / 100 + (153 * month + 2) / 5 - 719468;
}

INLINE int64 month_of_days(int64 days)
{
    const civil date = civil_of_days(days);
    return (date.year - 1970) * 12 + date.month - 1;
}

/* Monday is 0. */
INLINE int32 weekday_of_days(int64 days)
{
    return (int32)(days + 3 - floor_divided(days + 3, 7) * 7);
}

/* ---- results that do not fit ---- */

static __attribute__((unused)) int refuse(void *ctx, int code, const char *text)
{
    ak_error *error = ctx != NULL ? ((ak_context *)ctx)->error : NULL;
    if (error != NULL) {
        error->code = code;
        snprintf(error->text, sizeof(error->text), "%s", text);
    }
    return -1;
}

static __attribute__((unused)) int out_of_range(void *ctx)
{
    return refuse(ctx, AK_OVERFLOW_ERROR,
                  "the result lies outside what 64 bits count in this unit; use a coarser one");
}

/* None propagates; `carried` is negative where the sum of two others did not fit. */
INLINE int64 joined(int64 a, int64 b, int64 r, int64 carried, unsigned *met)
{
    const int none = (a == NOT_A_TIME) | (b == NOT_A_TIME);
    *met |= (none == 0) & ((carried < 0) | (r == NOT_A_TIME));
    return none ? NOT_A_TIME : r;
}
INLINE int64 sum_of(int64 a, int64 b, unsigned *met)
{
    const int64 r = (int64)((uint64)a + (uint64)b);
    return joined(a, b, r, (a ^ r) & (b ^ r), met);
}

#endif
