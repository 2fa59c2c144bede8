"""The least tier 2 that can drive an Operation: native kernels, promoted by NumPy's own rule.

It shares no code with arraykit's resolution, so that the C side is tested by itself.
"""

from __future__ import annotations

import numpy as np
from arraykit import _core, dtypes

WEAK = {bool: False, int: 0, float: 0.0, complex: 0j}
IDENTITIES = {"sum": 0, "prod": 1, "any": False, "all": True}
ACCUMULATES = {"sum", "prod"}


def native(operation):
    """The library's own kernels of an operation, by the names of their inputs."""
    found = {}
    for kernel in _core.kernels():
        if kernel.operation == operation:
            found.setdefault(tuple(name.partition("[")[0] for name in kernel.inputs), kernel)
    return found


def names_of(keys, dtype):
    """The one dtype that all operands take, by NumPy's promotion."""
    if dtype is not None:
        return (dtype.name,) * len(keys)
    operands = [WEAK[k] if k in WEAK else np.dtype(k.name.rstrip("_")) for k in keys]
    name = np.result_type(*operands).name
    return ("bool_" if name == "bool" else name,) * len(keys)


def plan(kernel, keys, *, dtype=None, identity=None, result=None):
    inputs = tuple(dtypes.dtype(name.partition("[")[0]) for name in kernel.inputs)
    outputs = tuple(dtypes.dtype(name.partition("[")[0]) for name in kernel.outputs)
    results = (result,) if result else outputs
    return _core.Plan(kernel, keys, inputs, outputs, results, identity=identity, path="test")


def operation(name, kind, nin=2, nout=1, kernels=None, identity=None, **options):
    """An Operation over `kernels` (name of inputs -> Kernel); native ones if none are given."""
    table = native(name) if kernels is None else kernels
    identity = IDENTITIES.get(name) if identity is None else identity
    asked = []

    def resolve(keys, dtype):
        asked.append((keys, dtype))
        names = tuple(k.name for k in keys if k not in WEAK)
        if dtype is not None or names not in table or len(names) < len(keys):
            names = names_of(keys, dtype)
        kernel = table[names] if kernels is None or names in table else next(iter(table.values()))
        result = dtype if kind == "reduction" and name in ACCUMULATES else None
        if (
            kind == "reduction"
            and name in ACCUMULATES
            and issubclass(dtypes.dtype(names[0]), (dtypes.Floating, dtypes.Complex))
        ):
            result = dtypes.dtype(names[0])
        return plan(kernel, keys, identity=identity, result=result)

    made = _core.Operation(name, kind, nin, nout, resolve=resolve, **options)
    made.asked = asked
    return made


def ak(values, dtype=None):
    """An Array over the memory of NumPy's array, strides and all."""
    return _core.asarray(np.asarray(values, dtype=dtype))


def to_numpy(a):
    """NumPy's array of an Array or of an item, in the same dtype."""
    if type(a) is _core.Array:
        return np.asarray(a)
    assert isinstance(type(a), dtypes.DType), f"{a!r} is neither an Array nor an item"
    return np.array(a, dtype=type(a).name.rstrip("_"))
