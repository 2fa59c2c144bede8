/* Includes the template SHAPE once for each dtype of the set TYPES, as TYPE; then forgets the stanza.
 *
 * A stanza defines SHAPE, TYPES, OP and what the template asks for; nothing of it outlives this file.
 */
#if (TYPES) & IN_bool_
#define TYPE bool_
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_int8
#define TYPE int8
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_int16
#define TYPE int16
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_int32
#define TYPE int32
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_int64
#define TYPE int64
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_uint8
#define TYPE uint8
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_uint16
#define TYPE uint16
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_uint32
#define TYPE uint32
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_uint64
#define TYPE uint64
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_float32
#define TYPE float32
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_float64
#define TYPE float64
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_complex64
#define TYPE complex64
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_complex128
#define TYPE complex128
#include SHAPE
#undef TYPE
#endif
#if (TYPES) & IN_instant
#define TYPE instant
#include SHAPE
#undef TYPE
#endif
#undef TYPES
#undef SHAPE
#undef OP
#undef VALUE
#undef RESULT
#undef STATUS
#undef SECOND
#undef REFUSAL
