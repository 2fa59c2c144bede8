/* The table of contents of one CPU level: the families, each a list of rows in its own file. */
#include "kernels.h"

#define AK_TABLE_NAME_(level) ak_kernels_##level
#define AK_TABLE_NAME(level) AK_TABLE_NAME_(level)
#define AK_TEXT_(level) #level
#define AK_TEXT(level) AK_TEXT_(level)

static const ak_kernel *const *const families[] = {NULL};

const ak_kernel_table AK_TABLE_NAME(AK_LEVEL) = {AK_TEXT(AK_LEVEL), families};
