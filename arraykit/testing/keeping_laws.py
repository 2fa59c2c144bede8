"""Laws of keeping and exchanging: pickles, copies, files, and other libraries' protocols."""

from __future__ import annotations

import copy
import io
import pickle
from typing import Any

import arraykit as ak

from .table import Table, each, holds, raises

__all__ = ["ExchangeLaws", "KeepingLaws"]


class KeepingLaws(Table):
    """What is pickled, copied or saved comes back with its dtype, shape and values."""

    def parameters(self) -> dict[str, list[Any]]:
        return {**super().parameters(), "layout": list(self._layouts())}

    def _layouts(self) -> dict[str, Any]:
        a = self.sample(24) if self.samples else ak.zeros((24,), dtype=self.t)
        return {
            "a vector": a,
            "inline": a[:2].copy(),
            "a matrix": a.reshape((4, 6)),
            "transposed": a.reshape((4, 6)).T,
            "strided": a[1::3],
            "backwards": a[::-1],
            "0-d": a[1:2].reshape(()),
            "empty": a[:0],
            "empty with shape": a.reshape((4, 6))[:, :0],
        }

    def _kept(self, law: str, got: Any, a: Any) -> None:
        holds(got.dtype is a.dtype and got.shape == a.shape, f"{law}: dtype and shape", got=got, expected=a)
        self.check(law, got, a)

    @each
    def test_arrays_pickle(self, layout: str) -> None:
        a = self._layouts()[layout]
        for protocol in range(2, 6):
            self._kept(f"pickled by protocol {protocol}", pickle.loads(pickle.dumps(a, protocol)), a)

    @each
    def test_arrays_pickle_out_of_band(self, layout: str) -> None:
        a = self._layouts()[layout]
        buffers: list[Any] = []
        data = pickle.dumps(a, 5, buffer_callback=buffers.append)
        self._kept("pickled out of band", pickle.loads(data, buffers=buffers), a)

    @each
    def test_arrays_copy(self, layout: str) -> None:
        a = self._layouts()[layout]
        for got in (copy.copy(a), copy.deepcopy(a), a.copy()):
            self._kept("copied", got, a)

    def test_a_pickled_array_can_be_written_to(self) -> None:
        got = pickle.loads(pickle.dumps(self.sample(4)))
        got[0] = self.items[-1]
        holds(self.same(got[0], self.items[-1]), "writing to a pickled array", got=got[0])

    @each
    def test_arrays_are_saved_and_loaded(self, layout: str) -> None:
        a = self._layouts()[layout]
        file = io.BytesIO()
        ak.save(file, a)
        file.seek(0)
        self._kept("saved and loaded", ak.load(file), a)

    def test_several_arrays_are_saved_by_name(self) -> None:
        a = self.sample(6)
        file = io.BytesIO()
        ak.save(file, {"x": a, "y": a[::-2], "z": ak.arange(3)})
        file.seek(0)
        got = ak.load(file)
        holds(list(got) == ["x", "y", "z"], "the names of saved arrays", got=list(got))
        self._kept("saved by name", got["x"], a)
        self._kept("saved by name", got["y"], a[::-2])


class _Capsules:
    """An array that is known by what it tells Arrow alone."""

    def __init__(self, a: Any) -> None:
        self.told = a.__arrow_c_array__()

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self.told


def _as(a: Any, dtype: Any) -> Any:
    """Arrow has one type for what some dtypes of ours share."""
    return a if a.dtype is dtype else ak.astype(a, dtype)


class ExchangeLaws(Table):
    """A protocol either carries the elements there and back, or says that it cannot."""

    def _there_and_back(self, law: str, there: Any, back: Any) -> None:
        for a in (self.sample(6), self.sample(12)[::-2], self.sample(6).reshape((2, 3)), self.sample(2)[:0]):
            try:
                got = back(there(a))
            except (TypeError, ValueError, BufferError) as error:
                holds(len(str(error)) > 10, f"{law}: a clear error", error=error)
                continue
            holds(got.shape == a.shape, f"{law}: the shape", got=got.shape, expected=a.shape)
            self.check(law, got, a)

    def test_the_buffer_protocol(self) -> None:
        self._there_and_back("memoryview", memoryview, lambda m: ak.asarray(m, dtype=self.t))

    def test_dlpack(self) -> None:
        def back(a: Any) -> Any:
            got = ak.from_dlpack(a)
            return got if got.dtype is self.t else ak.astype(got, self.t)

        def there(a: Any) -> Any:
            a.__dlpack__()
            return a

        self._there_and_back("DLPack", there, back)

    def test_arrow(self) -> None:
        self._there_and_back("Arrow", _Capsules, lambda x: _as(ak.asarray(x), self.t))

    def test_arrow_refuses_what_has_no_dimension(self) -> None:
        a = self.sample(1).reshape(())
        raises("__arrow_c_array__ of a 0-d array", a.__arrow_c_array__, ValueError, TypeError)

    def test_numpy_arrays(self) -> None:
        import numpy

        def there(a: Any) -> Any:
            given = numpy.asarray(a)
            if given.dtype.kind == "O":
                raise TypeError("objects are nobody's elements")
            return given

        self._there_and_back("NumPy", there, lambda x: ak.asarray(x, dtype=self.t))

    def test_numpy_never_gets_arrays_of_objects_in_silence(self) -> None:
        import numpy

        try:
            kind = numpy.asarray(self.sample(3)).dtype.kind
        except (TypeError, ValueError) as error:
            holds(self.t.name in str(error), "the error names the dtype", error=error)
            return
        holds(kind != "O", "NumPy gets elements that it knows", kind=kind)
