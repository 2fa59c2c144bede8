/* Complex arithmetic on the struct items, once for each precision.
 *
 * Division is Smith's; nothing recovers infinities from NaN parts as C's Annex G would.
 */
#ifndef AK_COMPLEXES_H
#define AK_COMPLEXES_H

#include <math.h>
#include "types.h"

#define COMPLEX  complex64
#define REAL     float
#define OF(name) name##f
#include "complexes.inc.h"
#define COMPLEX  complex128
#define REAL     double
#define OF(name) name
#include "complexes.inc.h"

#endif
