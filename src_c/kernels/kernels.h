/* The native kernels of one CPU level, as one table of rows.
 *
 * The same sources are compiled once per level with AK_LEVEL set to its name; this header is all that
 * the rest of the library knows of them.
 */
#ifndef AK_KERNELS_H
#define AK_KERNELS_H

#include "../include/arraykit/ak_abi.h"

/* to[i] = bit i ? from[i] : *fill, for n elements of one size; bit 0 is the lowest of *bits. */
typedef void (*ak_blending)(const char *from, const uint8_t *bits, intptr_t n, intptr_t itemsize,
                            const char *fill, char *to);

/* Folds into *kept those of n contiguous elements whose bit is set, n a multiple of 128, with the lowest bit of *bits
 * for the first; 0 if it leaves that to others, and *kept is as it was. Into nothing: 0 for sums; else an element. */
typedef int (*ak_masking)(const char *from, const uint8_t *bits, intptr_t n, char *kept);
typedef struct ak_masked_fold {
    const char *operation, *signature; /* of the reduction that folds the same without missing elements */
    ak_masking fold;
    const char *cast; /* whose result it folds, from what the cast reads; NULL: the elements as they are */
} ak_masked_fold;

/* Copies past the caches of n bytes, a multiple of 64 as both addresses are; then once `settle`. NULL: none. */
typedef struct ak_streaming {
    void (*copy)(char *to, const char *from, intptr_t n);
    void (*settle)(void);
} ak_streaming;

typedef struct ak_kernel_table {
    const char *level;
    const ak_kernel *const *const *families; /* NULL-terminated list of NULL-terminated row lists */
    ak_blending blend;
    const ak_masked_fold *masked;                             /* up to one without a name */
    intptr_t (*count_words)(const uint8_t *bits, intptr_t n); /* how many bits are set in n words of 64 */
    const ak_streaming *streaming;
} ak_kernel_table;

extern const ak_kernel_table ak_kernels_base; /* x86-64 v2 on x86-64, the compiler's default elsewhere */
extern const ak_kernel_table ak_kernels_v3;
extern const ak_kernel_table ak_kernels_v4;

#endif
