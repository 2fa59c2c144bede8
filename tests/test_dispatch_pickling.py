"""Multimethods and their methods go through pickle and copy by name, also into other processes."""

from __future__ import annotations

import copy
import functools
import importlib
import multiprocessing
import pickle
import sys
import types
from concurrent.futures import ProcessPoolExecutor

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError, multimethod
from golden import check_golden

shared = Multimethod("shared", doc="For pickling.")
shared.register(int)(lambda x: ("int", x))
shared.register(int | None, str)(lambda x, y: "union")


@multimethod
def declared(x: int, *, call_next=None):
    return "declared int"


@declared.register
def _(x: bool, *, call_next):
    return "bool", call_next(x)


class Holder:
    method = Multimethod("method")

    @method.register
    def _(self, x: int, *, call_next=None):
        return "int"

    @multimethod
    def __private(self, x: int):
        return "private"

    @classmethod
    @multimethod
    def of(cls, x: int):
        return cls, x

    @multimethod
    @staticmethod
    def plain(x: int):
        return "plain"

    class Inner:
        @multimethod
        def method(self, x: int):
            return "inner"

    private = _Holder__private  # noqa: F821 (the name as the class knows it)


class Heir(Holder):
    @multimethod
    def method(self, x: str):
        return "str"


renamed = Multimethod("another_name")
shadowed = Multimethod("shadowed")
shadowing = shadowed
shadowed = print

MULTIMETHODS = {
    "function": shared,
    "declared": declared,
    "method": Holder.method,
    "inherited": Heir.method,
    "nested": Holder.Inner.method,
    "private": Holder.private,
    "class": Holder.__dict__["of"].__func__,
    "static": Holder.plain,
}


@pytest.mark.parametrize("name", MULTIMETHODS)
def test_multimethods_are_pickled_by_name(name):
    f = MULTIMETHODS[name]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(f, protocol)) is f
    assert len(pickle.dumps(f)) < 150
    assert copy.copy(f) is copy.deepcopy(f) is f and copy.deepcopy([f])[0] is f


def test_bound_ones_are_pickled_with_their_object():
    for bound in (Holder().method, Heir().method, Holder.of, Holder().of, Heir.of):
        again = pickle.loads(pickle.dumps(bound))
        assert again.__func__ is bound.__func__ and type(again.__self__) is type(bound.__self__)
        assert again(1) == bound(1)
    assert pickle.loads(pickle.dumps(functools.partial(shared, 1)))() == ("int", 1)


METHODS = [
    *(shared.resolve(int), shared.resolve(int, str), declared.resolve(bool), declared.resolve(int)),
    *(Holder.method.resolve(Holder, int), Heir.method.resolve(Heir, str)),
    Holder.Inner.method.resolve(Holder.Inner, int),
]


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_methods_are_pickled_by_their_multimethod_and_signature(method):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(method, protocol)) is method
    assert copy.copy(method) is copy.deepcopy(method) is method


def test_an_inherited_method_is_pickled_as_that_of_the_base_class():
    method = Heir.method.resolve(Heir, int)
    assert pickle.loads(pickle.dumps(method)) is Holder.method.resolve(Holder, int)


def test_errors_are_pickled_with_what_they_tell():
    with pytest.raises(NoMethodError) as caught:
        shared("x")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.name, again.types) == (str(caught.value), "shared", (str,))
    shared.register(int, object)(lambda x, y: 1)
    shared.register(object, int)(lambda x, y: 2)
    try:
        with pytest.raises(AmbiguityError) as tied:
            shared(1, 2)
        assert pickle.loads(pickle.dumps(tied.value)).methods == tied.value.methods
    finally:
        shared.unregister(int, object)
        shared.unregister(object, int)


def test_local_ones_are_copied():
    @multimethod
    def local(x: int): ...

    assert copy.copy(local) is copy.deepcopy(local) is local


def _refused():
    @multimethod
    def inside(x: int): ...

    class Local:
        @multimethod
        def method(self, x): ...

        @classmethod
        @multimethod
        def of(cls, x): ...

    gone = Multimethod("gone")
    method = gone.resolve() if gone.methods else gone.register(int)(len) and gone.resolve(int)
    gone.unregister(int)
    return {
        "local": inside,
        "local_class": Local.method,
        "local_class_method": Local.__dict__["of"].__func__,
        "renamed": renamed,
        "shadowed": shadowing,
        "method_taken_away": method,
        "method_of_a_local": _kept(inside, int),
    }


def _kept(f, *types_):
    f.register(*types_)(len)
    KEPT.append(f)
    return f.resolve(*types_)


KEPT: list[object] = []


@pytest.mark.parametrize("name", _refused())
def test_what_cannot_be_found_by_its_name_is_refused_where_it_is_pickled(name):
    with pytest.raises(pickle.PicklingError, match="cannot pickle") as caught:
        pickle.dumps(_refused()[name])
    check_golden(f"dispatch/pickle_{name}", str(caught.value))


def test_a_method_that_is_not_there_is_refused_where_it_is_loaded():
    module = types.ModuleType("pickled_from")
    f = module.f = Multimethod("f", module="pickled_from")
    f.register(int)(lambda x: x)
    sys.modules["pickled_from"] = module
    try:
        data = pickle.dumps(f.resolve(int))
        f.unregister(int)
        with pytest.raises(pickle.UnpicklingError, match=r"has no method f\(int\)"):
            pickle.loads(data)
    finally:
        del sys.modules["pickled_from"]


SHIPPED = """
from arraykit.dispatch import multimethod

@multimethod
def size(x: int):
    return "int", x

class Box:
    @multimethod
    def put(self, x: int):
        return "put", x

    @classmethod
    @multimethod
    def of(cls, x: int):
        return cls, x
"""


def test_other_processes_find_them(tmp_path, monkeypatch):
    (tmp_path / "shipped.py").write_text(SHIPPED)
    monkeypatch.syspath_prepend(tmp_path)
    shipped = importlib.import_module("shipped")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        calls = [pool.submit(f, 1) for f in (shipped.size, shipped.Box().put, shipped.Box.of)]
        assert [c.result(timeout=60) for c in calls] == [("int", 1), ("put", 1), (shipped.Box, 1)]
        method = shipped.size.resolve(int)
        assert pool.submit(copy.copy, method).result(timeout=60) is method
        with pytest.raises(NoMethodError, match=r"size\(str\)"):
            pool.submit(shipped.size, "x").result(timeout=60)
    del sys.modules["shipped"]
