# cython: language_level=3
"""A kernel written in Cython: declared in the .pxd, so Cython exports it and arraykit finds it by name."""

import arraykit as ak


cdef int add_sevenths(void *ctx, char **data, const Py_ssize_t *dims, const Py_ssize_t *strides,
                      void *state) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(dims[0]):
        (<double *> (data[1] + i * strides[1]))[0] = (<double *> (data[0] + i * strides[0]))[0] + 1.0 / 7.0
    return 0


plus_seventh = ak.operation(
    "plus_seventh",
    "T -> T where T: Floating",
    definition=lambda x: x + 1 / 7,
    doc="The argument and a seventh.",
)
ak.register_kernel("plus_seventh", "float64 -> float64", __import__("sys").modules[__name__], "add_sevenths")
