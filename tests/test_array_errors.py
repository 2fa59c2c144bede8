"""What users are told when an array cannot be made, read or written: one golden file, and nothing changed."""

from __future__ import annotations

import arraykit as ak
import numpy as np
from golden import check_golden

# Evaluated with a = [[1, 2, 3], [4, 5, 6]] (int64), r = the same, read-only.
CALLS = """
ak.zeros(-1)
ak.zeros((2**40, 2**40))
ak.zeros((1,) * 65)
ak.zeros(2.5)
ak.zeros((2, None))
ak.zeros()
ak.zeros(2, shape=3)
ak.zeros(2, colour="red")
ak.zeros(2, device="gpu")
ak.zeros(2, dtype=ak.dtypes.Floating)
ak.asarray([[1, 2], [3]])
ak.asarray([1, [2]])
ak.asarray([[1], 2])
ak.asarray([ak.zeros(2), ak.zeros(3)])
ak.asarray([{"text"}])
ak.asarray(None)
ak.asarray(np.array([{"text"}]))
ak.asarray(np.array([(1, 2)], dtype="O,O"))
ak.asarray([2**63, -1])
ak.asarray([2**64])
ak.asarray([-(2**63) - 1])
ak.asarray([1, None])
ak.asarray(np.array([[1], [2, 3]], dtype=object))
ak.asarray(np.array(["text"]), copy=False)
ak.asarray([300], dtype="uint8")
ak.asarray([1, 2], copy=False)
ak.asarray(np.zeros(2), dtype="int8", copy=False)
ak.from_dlpack(a, device="gpu")
a[2]
a[0, 3]
a[0, 0, 0]
a[..., ...]
a[1.5]
a["name"]
a[[0, 5]]
a[[0, 1], [0, 1, 2]]
a[[True, False, True]]
a[np.ones((2, 2), bool)]
a[[0.5]]
a.__setitem__(0, [1, 2])
a.__setitem__((0, 0), "text")
a.__setitem__(5, 1)
a.__setitem__([0, 1], [1, 2])
a.__delitem__(0)
r.__setitem__(0, 1)
r.__setitem__([0], 1)
r.__iadd__(1)
a.__iadd__(0.5)
a.__iadd__([1, 2])
a.reshape(4, -1)
a.reshape(7)
a.T.reshape(6, copy=False)
a.item()
a.item(9)
float(a)
bool(a)
bool(ak.zeros(0))
hash(a)
len(ak.asarray(1))
iter(ak.asarray(1))
f"{a:.2f}"
ak.zeros(2).mT
ak.permute_dims(a, (0, 0))
ak.permute_dims(a, (0,))
ak.flip(a, axis=2)
ak.squeeze(a, 0)
ak.concat([a, [1]])
ak.concat([])
ak.stack([a, [1]])
ak.broadcast_to(a, (3, 3))
ak.broadcast_shapes((2,), (3,))
ak.take(a, [9], axis=0)
ak.arange(1, 2, 0)
ak.linspace(0, 1, -1)
memoryview(ak.zeros(2, dtype="bfloat16"))
a.__dlpack__(stream=1)
r.__dlpack__()
np.linalg.norm(a)
""".strip().split("\n")


def told(call: str, names: dict) -> str:
    try:
        eval(call, names)
    except Exception as error:
        return f">>> {call}\n{type(error).__name__}: {error}"
    raise AssertionError(f"{call} did not fail")


def test_errors_say_what_was_expected_what_came_and_what_works():
    a = ak.asarray([[1, 2, 3], [4, 5, 6]])
    r = a.copy()
    r.readonly = True
    texts = [told(call, {"ak": ak, "np": np, "a": a, "r": r}) for call in CALLS]
    check_golden("array_errors", "\n".join(texts))
    assert a.tolist() == r.tolist() == [[1, 2, 3], [4, 5, 6]]
