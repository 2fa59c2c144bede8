/* What an interpreter without the global lock needs, and nothing where there is one.
 *
 * A critical section holds the lock of one object, and lets go of it whenever the thread waits for another:
 * so code inside may rely on what code under the global lock may rely on, and not on more.  Nothing may
 * return or jump out of a section.
 */
#ifndef AK_THREADS_H
#define AK_THREADS_H

#include <Python.h>

#ifdef Py_GIL_DISABLED
#define AK_BEGIN_CRITICAL_SECTION(object) Py_BEGIN_CRITICAL_SECTION(object)
#define AK_END_CRITICAL_SECTION()         Py_END_CRITICAL_SECTION()
#define AK_LOAD_TAG(type)                 _Py_atomic_load_uint32_relaxed(&(type)->tp_version_tag)
#define AK_LOAD_COUNT(count)              _Py_atomic_load_uint64(count)
#define AK_STORE_COUNT(count, value)      _Py_atomic_store_uint64_relaxed(count, value)
#define AK_ADD_COUNT(count)               (_Py_atomic_add_uint64(count, 1) + 1)
#define AK_LOAD_POINTER(pointer)          _Py_atomic_load_ptr_relaxed(pointer) /* to compare, not to follow */
#define AK_STORE_POINTER(pointer, value)  _Py_atomic_store_ptr_relaxed(pointer, value)
#define AK_MRO(type)                      PyObject_GetAttrString((PyObject *)(type), "__mro__")
#else
#define AK_BEGIN_CRITICAL_SECTION(object) {
#define AK_END_CRITICAL_SECTION()         }
#define AK_LOAD_TAG(type)                 ((type)->tp_version_tag)
#define AK_LOAD_COUNT(count)              (*(count))
#define AK_STORE_COUNT(count, value)      (*(count) = (value))
#define AK_ADD_COUNT(count)               (++*(count))
#define AK_LOAD_POINTER(pointer)          (*(pointer))
#define AK_STORE_POINTER(pointer, value)  (*(pointer) = (value))
#define AK_MRO(type)                      Py_XNewRef((type)->tp_mro)
#endif

#endif
