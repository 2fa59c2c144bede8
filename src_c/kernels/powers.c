/* pow of integers, wrapping; a negative exponent is an error before the loop writes anything. */
#include <stdio.h>
#include <string.h>
#include "types.h"

static int refuse(ak_context *ctx)
{
    if (ctx != NULL && ctx->error != NULL) {
        ctx->error->code = AK_VALUE_ERROR;
        snprintf(ctx->error->text, sizeof(ctx->error->text), "%s",
                 "integers to negative integer powers are not allowed; give the base a floating-point dtype");
    }
    return -1;
}

#define OP    negative_in
#define SHAPE "negative_in.inc.h"
#define TYPES IN_SIGNED
#include "over.inc.h"

#define OP    pow
#define SHAPE "power.inc.h"
#define TYPES IN_UNSIGNED
#include "over.inc.h"

/* The state says where to look for negative exponents. */
typedef struct signed_power {
    int (*negative_in)(const char *, intptr_t, intptr_t);
    ak_loop loop;
} signed_power;

static int pow_signed(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    const signed_power *power = state;
    if (power->negative_in(data[1], strides[1], dims[0])) {
        return refuse(ctx);
    }
    return power->loop(ctx, data, dims, strides, NULL);
}

#define PLAIN(op, type, loop) ROW("pow", #type ", " #type " -> " #type, pow_##loop, 0)
#define CHECKED(type, loop)                                                                                  \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = "pow", .signature = #type ", " #type " -> " #type,   \
                       .flags = AK_MAY_REFUSE, .strided = pow_signed,                                        \
                       .state = (void *)&(const signed_power){negative_in_##type, loop}},

FAMILY(powers) = {
    CHECKED(int8, pow_uint8) CHECKED(int16, pow_uint16) CHECKED(int32, pow_uint32) CHECKED(int64, pow_uint64)
        UNSIGNED(PLAIN, pow) NULL,
};
