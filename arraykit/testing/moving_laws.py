"""Laws of moving elements about: indexing, views, joining, repeating; no value is computed."""

from __future__ import annotations

import operator
from functools import partial
from typing import Any

import arraykit as ak

from .table import Table, each, holds, raises

__all__ = ["IndexingLaws", "MovingLaws"]

# Keys of a (3, 4) array.
KEYS: tuple[Any, ...] = (
    0, -1, (1, 2), slice(1, None), (slice(None), -1), (slice(None, None, -1), slice(None, None, 2)), ..., None,
    (..., 1), (None, 1, ...), [2, 0], ([2, 0], [1, -1]), (slice(None), [3, 0, 0]), ([[0, 1]], slice(1, 3)), (), [],
)  # fmt: skip


def _places(n: int) -> Any:
    """The same shape filled with the places of its elements, an index to a flat list."""
    return ak.arange(n).reshape((3, 4))


class IndexingLaws(Table):
    """Every kind of index picks and sets the same places as it does among numbers."""

    def parameters(self) -> dict[str, list[Any]]:
        return {**super().parameters(), "key": list(KEYS)}

    @each
    def test_an_index_picks_its_elements(self, key: Any) -> None:
        a, items = self.sample(12).reshape((3, 4)), [*self.sample(12)]
        got, places = a[key], _places(12)[key]
        if not isinstance(places, ak.Array):
            holds(self.same(got, items[int(places)]), f"a[{key!r}]", got=got, expected=items[int(places)])
            return
        holds(got.shape == places.shape and got.dtype is self.t, f"the shape of a[{key!r}]", got=got.shape)
        self.check(f"a[{key!r}]", got, [items[int(i)] for i in places.flat])

    @each
    def test_an_index_sets_its_elements(self, key: Any) -> None:
        a, places, x = self.sample(12).reshape((3, 4)), _places(12), self.items[-1]
        items = [*a.flat]
        a[key] = x
        changed = places[key]
        changed = {int(changed)} if not isinstance(changed, ak.Array) else {int(i) for i in changed.flat}
        self.check(f"a[{key!r}] = x", a, [x if i in changed else y for i, y in enumerate(items)])

    def test_masks_pick_and_set(self) -> None:
        a, x = self.sample(6), self.items[-1]
        mask = ak.asarray([True, False, False, True, True, False])
        self.check("a[mask]", a[mask], [a[0], a[3], a[4]])
        b = a.copy()
        b[mask] = x
        self.check("a[mask] = x", b, [x, a[1], a[2], x, x, a[5]])
        b[mask] = self.sample(3)
        self.check("a[mask] = b", b[mask], self.sample(3))

    def test_an_array_is_assigned_element_by_element(self) -> None:
        a, b = self.sample(6), self.sample(12)[::-1]
        a[::2] = b[3:6]
        self.check("a[::2] = b", a[::2], b[3:6])
        a[[5, 0]] = b[:2]
        self.check("a[[5, 0]] = b", [a[5], a[0]], b[:2])

    def test_overlapping_assignment_is_right(self) -> None:
        a = self.sample(10)
        items = [*a]
        a[1:] = a[:-1]
        self.check("a[1:] = a[:-1]", a, [items[0], *items[:-1]])
        b = self.sample(10)
        b[...] = b[::-1]
        self.check("b[...] = b[::-1]", b, items[::-1])

    def test_bad_indices_are_refused_and_change_nothing(self) -> None:
        a = self.sample(4)
        for key in (4, -5, [0, 9], (0, 0), "no such field", 1.5):
            raises(f"a[{key!r}]", partial(operator.getitem, a, key), IndexError, TypeError, KeyError)
            raises(f"a[{key!r}] = x", partial(a.__setitem__, key, a[0]), IndexError, TypeError, KeyError)
        raises("a[...] = too many", lambda: a.__setitem__(slice(None), self.sample(3)), ValueError)
        self.check("after refused indices", a, self.sample(4))

    def test_views_share_memory(self) -> None:
        x = self.items[-1]
        views: dict[str, Any] = {
            "a slice": lambda a: a[1:],
            "a row": lambda a: a[0],
            "reversed": lambda a: a[::-1, ::-1],
            "a transpose": lambda a: a.T,
            "reshaped": lambda a: a.reshape((2, 6)),
            "with a new axis": lambda a: a[None],
        }
        for law, view in views.items():
            a = self.sample(12).reshape((3, 4))
            v = view(a)
            v[...] = x
            self.check(f"{law} sees what it writes", v, [x] * v.size)
            holds(any(self.same(x, y) for y in a.flat), f"{law} writes to the array", a=a)
            a[...] = self.items[0]
            self.check(f"{law} sees what the array gets", v, [self.items[0]] * v.size)

    def test_a_view_outlives_its_array(self) -> None:
        views = [self.sample(12)[3:9:2] for _ in range(3)]
        for v in views:
            self.check("a view of an array that is gone", v, self.sample(12)[3:9:2])

    def test_what_is_read_only_cannot_be_written_to(self) -> None:
        a = self.sample(4)
        a.readonly = True
        for key in (0, slice(None), [1], ak.asarray([True] * 4)):
            raises(f"read-only a[{key!r}] = x", partial(a.__setitem__, key, self.items[-1]), ValueError)
        raises("a view of it", lambda: a[1:].__setitem__(0, self.items[-1]), ValueError)
        self.check("a read-only array", a, self.sample(4))


class MovingLaws(Table):
    """Elements are repeated, picked, joined and turned about without a change."""

    def test_reshape_and_transpose_keep_elements(self) -> None:
        a = self.sample(12)
        m = a.reshape((3, 4))
        self.check("reshape", m, a)
        self.check("transpose", m.T, [a[4 * j + i] for i in range(4) for j in range(3)])
        self.check("reshape of a transpose", m.T.reshape((12,)), m.T)
        self.check("ravel", ak.ravel(m.T), m.T)
        self.check("permute_dims", ak.permute_dims(a.reshape((2, 3, 2)), (2, 0, 1)),
                   [a[6 * j + 2 * k + i] for i in range(2) for j in range(2) for k in range(3)])  # fmt: skip

    def test_concat_joins(self) -> None:
        a, b = self.sample(4), self.sample(7)[::-2]
        got = ak.concat((a, b, a[:0]))
        holds(got.dtype is self.t, "concat((a, b)).dtype", got=got.dtype)
        self.check("concat", got, [*a, *b])
        m = self.sample(6).reshape((2, 3))
        self.check("concat(axis=1)", ak.concat((m, m), axis=1), [*m[0], *m[0], *m[1], *m[1]])

    def test_stack_makes_a_dimension(self) -> None:
        a, b = self.sample(3), self.sample(3)[::-1]
        self.check("stack", ak.stack((a, b)), [*a, *b])
        self.check("stack(axis=1)", ak.stack((a, b), axis=1), [x for pair in zip(a, b) for x in pair])
        for got, expected in zip(ak.unstack(ak.stack((a, b))), (a, b)):
            self.check("unstack", got, expected)

    def test_where_chooses(self) -> None:
        a, b = self.sample(8), self.sample(8)[::-1]
        mask = [True, False, False, True, True, False, True, False]
        got = ak.where(ak.asarray(mask), a, b)
        self.check("where", got, [x if m else y for m, x, y in zip(mask, a, b)])
        self.check("where of an item", ak.where(ak.asarray(mask), a, self.items[0]),
                   [x if m else self.items[0] for m, x in zip(mask, a)])  # fmt: skip

    def test_take_picks(self) -> None:
        a = self.sample(6)
        self.check("take", ak.take(a, ak.asarray([5, 0, 0, -2])), [a[5], a[0], a[0], a[4]])
        m = a.reshape((2, 3))
        self.check("take(axis=1)", ak.take(m, ak.asarray([2, 0]), axis=1), [a[2], a[0], a[5], a[3]])
        raises("take out of bounds", lambda: ak.take(a, ak.asarray([6])), IndexError)

    def test_repeat_and_tile_repeat(self) -> None:
        a = self.sample(3)
        self.check("repeat", ak.repeat(a, 2), [x for x in a for _ in range(2)])
        self.check("repeat by counts", ak.repeat(a, ak.asarray([0, 2, 1])), [a[1], a[1], a[2]])
        self.check("tile", ak.tile(a, (2,)), [*a, *a])

    def test_roll_and_flip_turn(self) -> None:
        a = self.sample(5)
        self.check("roll", ak.roll(a, 2), [*a[3:], *a[:3]])
        self.check("flip", ak.flip(a), [*a][::-1])

    def test_broadcasting_repeats_without_memory(self) -> None:
        a = self.sample(3)
        self.check("broadcast_to", ak.broadcast_to(a, (2, 3)), [*a, *a])
        self.check("a copy of it", ak.broadcast_to(a, (2, 3)).copy(), [*a, *a])
        one, two = ak.broadcast_arrays(a.reshape((3, 1)), a)
        self.check("broadcast_arrays", one, [x for x in a for _ in range(3)])
        self.check("broadcast_arrays", two, [*a] * 3)

    def test_squeeze_and_expand(self) -> None:
        a = ak.expand_dims(self.sample(3), axis=0)
        holds(a.shape == (1, 3) and ak.squeeze(a, 0).shape == (3,), "expand_dims and squeeze", shape=a.shape)
        self.check("expand_dims", a, self.sample(3))

    def test_copies_are_independent(self) -> None:
        a = self.sample(40)
        for got in (a.copy(), a[::-2].copy(), a.reshape((5, 8)).T.copy()):
            expected = [*got.flat]
            before = [*a]
            got[...] = self.items[-1]
            self.check("the array that was copied", a, before)
            holds(len(expected) == got.size, "a copy is as large")

    def test_big_arrays_move(self) -> None:
        n = 20_000
        a = ak.repeat(self.sample(10), n // 10)
        holds(a.size == n, "repeat", size=a.size)
        b = a.reshape((100, n // 100)).T
        self.check("a big transpose, copied", b.copy()[:3, ::25], [*b[:3, ::25].flat])
        self.check("a big concat", ak.concat((a, a))[n - 2 : n + 2], [*a[-2:], *a[:2]])
        picked = a[ak.arange(n - 1, -1, -1)]
        self.check("a big take", picked[::997], a[::-1][::997])
