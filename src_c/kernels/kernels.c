/* The table of contents of one CPU level: the families, each a list of rows in its own file.
 *
 * A new family is a file with a FAMILY list, its name here, and its name in meson.build.
 */
#include "kernels.h"
#include "types.h"

#define FAMILIES(X)                                                                                          \
    X(arithmetic) X(calendars)                                                                                            \
    X(casts)                                                                                                 \
    X(choice)                                                                                                \
    X(comparison)                                                                                            \
    X(division) X(dots) X(extremes) X(logic) X(positions) X(powers) X(products) X(scale) X(sines) X(sorting) X(strings_compare) X(strings_fixed) X(strings_make) X(strings_parts) X(strings_search) X(strings_sort) X(sums)  \
        X(temporal) X(time_texts) X(categories) \
        X(truth) X(unary)

#define DECLARE(name) extern FAMILY(name);
FAMILIES(DECLARE)

#define LIST(name) LEVEL_NAME(ak_##name##_rows),
static const ak_kernel *const *const families[] = {FAMILIES(LIST) NULL};

void LEVEL_NAME(ak_blend)(const char *, const uint8_t *, intptr_t, intptr_t, const char *, char *);
extern const ak_streaming LEVEL_NAME(ak_streaming);
extern const ak_masked_fold LEVEL_NAME(ak_masked_folds)[];
intptr_t LEVEL_NAME(ak_count_words)(const uint8_t *, intptr_t);

/* On x86-64 the build's base level is x86-64-v2, and is called so. */
#if defined(AK_LEVEL_TEXT)
#define LEVEL_TEXT AK_LEVEL_TEXT
#else
#define LEVEL_TEXT TEXT(AK_LEVEL)
#endif

const ak_kernel_table LEVEL_NAME(ak_kernels) = {LEVEL_TEXT,
                                                families,
                                                LEVEL_NAME(ak_blend),
                                                LEVEL_NAME(ak_masked_folds),
                                                LEVEL_NAME(ak_count_words),
                                                &LEVEL_NAME(ak_streaming)};
