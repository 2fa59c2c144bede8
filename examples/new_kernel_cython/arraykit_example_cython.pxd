cdef int add_sevenths(void *ctx, char **data, const Py_ssize_t *dims, const Py_ssize_t *strides,
                      void *state) noexcept nogil
