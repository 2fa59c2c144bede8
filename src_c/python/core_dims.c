/* Reads the core dimensions out of a signature, whether NumPy's "(m,n),(n)->(m)" or "T[m,n], T[n] -> T[m]".
 *
 * Only brackets, quotes, commas and the arrow matter here; the names of dtypes are skipped unread. Brackets are core
 * dimensions if they are the last of their operand and hold single small letters or numbers.
 */
#include "core_dims.h"
#include <stdlib.h>
#include <string.h>

/* The number of the dimension called text[0:n], added if it is new; -1 if there are too many. */
static int dimension_of(ak_core_dims *core, const char *text, size_t n)
{
    if (n == 0 || n >= sizeof(core->name[0])) {
        return -1;
    }
    for (int i = 0; i < core->count; i++) {
        if (strlen(core->name[i]) == n && memcmp(core->name[i], text, n) == 0) {
            return i;
        }
    }
    if (core->count == AK_CALL_MAX_CORE) {
        return -1;
    }
    memcpy(core->name[core->count], text, n);
    core->name[core->count][n] = 0;
    const int is_number = strspn(core->name[core->count], "0123456789") == n;
    core->fixed[core->count] = is_number ? (intptr_t)strtoll(core->name[core->count], NULL, 10) : -1;
    return core->count++;
}

/* Reads "m,n]" into operand k; the place after the bracket, or NULL. */
static const char *read_brackets(ak_core_dims *core, int k, const char *p)
{
    core->n[k] = 0;
    while (*p != ']' && *p != ')') {
        p += strspn(p, " ,");
        const size_t n = strcspn(p, " ,])");
        if (n == 0) {
            break;
        }
        const int dim = core->n[k] < AK_CALL_MAX_CORE ? dimension_of(core, p, n) : -1;
        if (dim < 0) {
            return NULL;
        }
        core->dim[k][core->n[k]++] = (signed char)dim;
        p += n;
        p += strspn(p, " ");
    }
    return *p == ']' || *p == ')' ? p + 1 : NULL;
}

/* The place behind a text in quotes. */
static const char *skip_quoted(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++) {
        p += *p == '\\' && p + 1 < end;
    }
    return p < end ? p + 1 : end;
}

const char *ak_signature_find(const char *text, const char *end, const char *stops)
{
    int depth = 0;
    for (const char *p = text; p < end;) {
        if (*p == '"') {
            p = skip_quoted(p, end);
            continue;
        }
        depth -= *p == ']' || *p == ')' || *p == '}';
        if (depth == 0 && strchr(stops, *p) != NULL) {
            return p;
        }
        depth += *p == '[' || *p == '(' || *p == '{';
        p++;
    }
    return end;
}

/* Whether the brackets that begin at `p` hold nothing but core dimensions: parameters of a dtype do not, numbers
 * in square brackets among them. */
static int holds_core(const char *p)
{
    const int square = *p == '[';
    for (p++; *p && *p != ']' && *p != ')';) {
        p += strspn(p, " ,");
        const size_t n = strcspn(p, " ,])");
        const int letter =
            n > 0 && *p >= 'a' && *p <= 'z' && (n == 1 || (n == 2 && p[1] >= '0' && p[1] <= '9'));
        if (n > 0 && !letter && (square || strspn(p, "0123456789") < n)) {
            return 0;
        }
        p += n;
    }
    return 1;
}

int ak_core_dims_read(ak_core_dims *core, const char *text)
{
    memset(core, 0, sizeof(*core));
    const char *p = text;
    int k = 0;
    while (p != NULL && *p && k < AK_MAX_ARGS) {
        const char *end = text + strlen(text);
        p += strspn(p, " ");
        p = ak_signature_find(p, end, "[(,-");
        while ((*p == '[' && !holds_core(p)) || *p == '?') {
            p = ak_signature_find(p, end, "]") + 1;
            p = ak_signature_find(p, end, "[(,-");
        }
        if (*p == '[' || *p == '(') {
            p = read_brackets(core, k, p + 1);
            if (p == NULL) {
                break;
            }
            p += strspn(p, " ");
        }
        k++;
        const int step = *p == ',' ? 1 : strncmp(p, "->", 2) == 0 ? 2 : 0;
        p = step || !*p ? p + step : NULL;
    }
    if (p == NULL || *p) {
        PyErr_Format(PyExc_ValueError,
                     "'%s' is no signature with core dimensions; one looks like 'T[m,n], T[n] -> T[m]'",
                     text);
        return -1;
    }
    core->noperands = k;
    return 0;
}
