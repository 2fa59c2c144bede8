"""C code as the target of methods: what is called, what errors do, and what Python can ask of it.

The code is compiled here, once a session; the capsules are made through ctypes as a foreign library would.
"""

from __future__ import annotations

import copy
import ctypes
import gc
import inspect
import os
import pickle
import shlex
import subprocess
import sys
import sysconfig
import weakref
from pathlib import Path
from typing import Any

import pytest
from arraykit.dispatch import Multimethod, NoMethodError
from golden import check_golden

SOURCE = """
#include <Python.h>

#define EXPORT __attribute__((visibility("default")))

/* (capsule, arguments, keyword names, values of keywords) */
EXPORT PyObject *everything(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    const Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    const Py_ssize_t all = n + (kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0);
    PyObject *values = PyTuple_New(all);
    for (Py_ssize_t i = 0; i < all; i++) {
        Py_INCREF(args[i]);
        PyTuple_SET_ITEM(values, i, args[i]);
    }
    return Py_BuildValue("OnNO", self, n, values, kwnames != NULL ? kwnames : Py_None);
}

EXPORT PyObject *context(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    return PyUnicode_FromString(PyCapsule_GetContext(self));
}

EXPORT PyObject *failing(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    PyErr_Format(PyExc_ZeroDivisionError, "not %R", args[0]);
    return NULL;
}

EXPORT PyObject *declining(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Py_RETURN_NOTIMPLEMENTED;
}
"""

new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
set_context = ctypes.pythonapi.PyCapsule_SetContext
set_context.argtypes = [ctypes.py_object, ctypes.c_char_p]
NAME = b"arraykit.vectorcall"


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The library of the functions above."""
    folder = tmp_path_factory.mktemp("c_target")
    (folder / "targets.c").write_text(SOURCE)
    command = [
        *shlex.split(os.environ.get("CC", "cc")),
        "-shared",
        "-fPIC",
        f"-I{sysconfig.get_path('include')}",
    ]
    subprocess.run(
        [
            *command,
            str(folder / "targets.c"),
            "-o",
            str(folder / "targets.so"),
            "-undefined",
            "dynamic_lookup",
        ]
        if sys.platform == "darwin"
        else [*command, str(folder / "targets.c"), "-o", str(folder / "targets.so")],
        check=True,
    )
    return ctypes.PyDLL(str(folder / "targets.so"))


def capsule(function: Any, name: bytes | None = NAME) -> Any:
    return new_capsule(ctypes.cast(function, ctypes.c_void_p), name, None)


def test_c_code_is_called_with_the_capsule_and_the_arguments_as_they_came(code):
    f, target = Multimethod("f"), capsule(code.everything)
    assert f.register(int, int)(target) is target
    for _ in range(2):  # cold, warm
        assert f(1, 2) == (target, 2, (1, 2), None)
        assert f(1, 2, axis=0, out=None) == (target, 2, (1, 2, 0, None), ("axis", "out"))
        assert f(*[1, 2], **{"axis": 0}) == (target, 2, (1, 2, 0), ("axis",))
    assert f.invoke((int, int), 1, 2) == f.resolve(int, int).function(1, 2) == f(1, 2)


def test_c_code_serves_methods_of_classes_and_many_arguments(code):
    f, target = Multimethod("f"), capsule(code.everything)
    f.register(object, ...)(target)

    class A:
        m = f

    a = A()
    assert a.m(1) == (target, 2, (a, 1), None)
    assert f(*range(12)) == (target, 12, tuple(range(12)), None)


def test_the_capsule_carries_data(code):
    f, first, second = Multimethod("f"), capsule(code.context), capsule(code.context)
    set_context(first, b"ints")
    set_context(second, b"texts")
    f.register(int)(first)
    f.register(str)(second)
    assert [f(1), f(""), f(1), f("")] == ["ints", "texts"] * 2


def test_errors_of_c_code_reach_the_caller(code):
    f = Multimethod("f")
    f.register(int)(capsule(code.failing))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError, match="not 7"):
            f(7)


def test_c_code_may_decline(code):
    f = Multimethod("f")
    f.register(int)(capsule(code.declining))
    for _ in range(2):
        with pytest.raises(NoMethodError):
            f(1)
    f.register(object)(lambda x: "object")
    assert f(1) == f(1) == "object"

    @f.register(bool)
    def _(x, *, call_next):
        return "bool, " + call_next(x)

    assert f(True) == f(True) == "bool, object"


def test_the_capsule_lives_as_long_as_its_method(code):
    f, target = Multimethod("f"), capsule(code.everything)
    f.register(int)(target)
    f(1)
    known = sys.getrefcount(target)
    f.unregister(int)
    gc.collect()
    assert sys.getrefcount(target) < known
    f.register(int)(target)
    reference = weakref.ref(f)
    del f
    gc.collect()
    assert reference() is None
    assert sys.getrefcount(target) == 2


def test_what_python_asks_of_a_method_in_c(code):
    f, target = Multimethod("f"), capsule(code.everything)
    f.register(int)(target)
    method = f.resolve(int)
    library = Path(code._name).name
    assert method.where.startswith("built in, C function everything of ") and method.where.endswith(library)
    assert (method.file, method.line, method.function.__doc__) == (None, None, None)
    assert (method.function.capsule, method.function.symbol) == (target, "everything")
    assert "C function everything" in str(f.explain(1)) and "C function everything" in repr(method.function)
    assert str(inspect.signature(f)) == "(arg1: int, /, **kwargs)"


counted = Multimethod("counted")


def test_a_multimethod_with_c_code_can_be_pickled_and_copied(code):
    counted.register(int)(capsule(code.everything))
    assert pickle.loads(pickle.dumps(counted)) is counted is copy.deepcopy(counted)


@pytest.mark.parametrize("case", ["another name", "no name", "no types", "no types, decorated"])
def test_capsules_that_cannot_be_methods_are_refused(code, case):
    f = Multimethod("f")
    with pytest.raises(TypeError) as caught:
        if case == "another name":
            f.register(int)(capsule(code.everything, b"numpy._ARRAY_API"))
        elif case == "no name":
            f.register(int)(capsule(code.everything, None))
        elif case == "no types":
            f.register(capsule(code.everything))
        else:
            f.register()(capsule(code.everything))
    assert not f.methods
    check_golden(f"dispatch_c_target_{case.replace(', ', '_').replace(' ', '_')}", str(caught.value))
