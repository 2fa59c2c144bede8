"""Coroutine functions, generators and asynchronous generators as methods."""

from __future__ import annotations

import asyncio
import inspect
import sys
from contextlib import contextmanager

import pytest
from arraykit.dispatch import Multimethod, NoMethodError, multimethod


@multimethod
async def fetch(x: int) -> str:
    await asyncio.sleep(0)
    return "int"


@fetch.register
async def _(x: bool, *, call_next) -> str:
    return "bool, " + await call_next(x)


@fetch.register
def _(x: str):
    return NotImplemented


@fetch.register
async def _(x: object):
    return "any"


class Client:
    @multimethod
    async def get(self, x: int):
        return "int"

    @get.register
    async def _(self, x: str):
        return "str"

    @classmethod
    @multimethod
    async def make(cls, x: int):
        return cls


class Other(Client):
    @multimethod
    async def get(self, x: float):
        return "float"


def run(coroutine):
    return asyncio.run(coroutine)


@pytest.mark.parametrize(("x", "expected"), [(1, "int"), (True, "bool, int"), ("x", "any"), (None, "any")])
def test_results_are_awaited(x, expected):
    for _ in range(3):
        assert run(fetch(x)) == expected


def test_methods_of_classes_are_awaited():
    assert [run(Client().get(1)), run(Client().get("x")), run(Client.make(1))] == ["int", "str", Client]
    assert [run(Other().get(1)), run(Other().get(1.5))] == ["int", "float"]


def test_a_call_without_method_fails_at_once_and_not_when_it_is_awaited():
    with pytest.raises(NoMethodError):
        Client().get(None)


def test_what_a_coroutine_gives_is_not_looked_at():
    f = Multimethod("f")

    @f.register
    async def _(x: int):
        return NotImplemented

    f.register(object)(lambda x: "next")
    assert run(f(1)) is NotImplemented  # known only when it has been awaited


def test_many_at_once():
    async def gather():
        return await asyncio.gather(*(fetch(x) for x in (1, True, "x") * 20))

    assert run(gather()) == ["int", "bool, int", "any"] * 20


# ---- what asyncio and inspect ask -------------------------------------------------------------------------


def asynchronous(f):
    asked = [asyncio.iscoroutinefunction(f)]
    if sys.version_info >= (3, 12):
        asked.append(inspect.iscoroutinefunction(f))
    assert len(set(asked)) == 1
    return asked[0]


def test_it_is_a_coroutine_function_if_all_methods_are():
    f = Multimethod("f")
    assert not asynchronous(f)

    @f.register
    async def first(x: int): ...

    assert asynchronous(f)
    f.register(str)(lambda x: x)
    assert not asynchronous(f)
    f.unregister(str)
    assert asynchronous(f)
    assert not asynchronous(fetch)


def test_methods_of_classes_are_coroutine_functions_if_the_inherited_ones_are_too():
    assert asynchronous(Client.get) and asynchronous(Client().get)
    assert asynchronous(Client.make) and asynchronous(Other().get)

    class Mixed(Client):
        @multimethod
        def get(self, x: bytes):
            return "bytes"

    assert not asynchronous(Mixed().get)


def test_a_mark_set_by_hand_counts():
    f = Multimethod("f")
    f.register(int)(lambda x: fetch(x))
    f._is_coroutine_marker = getattr(inspect, "_is_coroutine_marker", None) or getattr(
        inspect, "_is_coroutine_mark", None
    )
    f._is_coroutine = asyncio.coroutines._is_coroutine
    assert asynchronous(f)


# ---- generators -------------------------------------------------------------------------------------------


@multimethod
def items(x: int):
    yield from range(x)


@items.register
def _(x: list, *, call_next):
    for each in x:
        yield from items(each)


@items.register
def _(x: bool, *, call_next):
    yield "bool"
    yield from call_next(x)


@multimethod
async def stream(x: int):
    for i in range(x):
        await asyncio.sleep(0)
        yield i


@stream.register
async def _(x: bool, *, call_next):
    async for each in call_next(x):
        yield "bool", each


def test_generators():
    assert list(items(3)) == [0, 1, 2]
    assert list(items([1, [2], True])) == [0, 0, 1, "bool", 0]
    generator = items(2)
    assert inspect.isgenerator(generator) and next(generator) == 0
    generator.close()


def test_asynchronous_generators():
    async def collect(x):
        return [each async for each in stream(x)]

    assert run(collect(2)) == [0, 1]
    assert run(collect(True)) == [("bool", 0)]


def test_context_managers():
    @multimethod
    @contextmanager
    def opened(x: int):
        yield x

    @opened.register
    @contextmanager
    def _(x: str):
        yield x.upper()

    with opened(1) as one, opened("x") as x:
        assert (one, x) == (1, "X")
