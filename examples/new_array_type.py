"""A new array type in one file: a diagonal matrix that stores n numbers instead of n * n.

Nothing of arraykit is changed or subclassed: methods are registered for the new class, and the generic
functions choose them by the types of *all* arguments.
"""

import arraykit as ak


class Diagonal:
    """The square matrix with these entries on its diagonal and zeros elsewhere."""

    def __init__(self, entries):
        self.entries = ak.asarray(entries)

    def __repr__(self):
        return f"Diagonal({self.entries.tolist()})"


@ak.dot.register(Diagonal, ak.Strided)
def dot_diagonal_array(d, x):
    """Scales the rows: n multiplications a column, not n * n."""
    x = ak.asarray(x)
    return d.entries * x if x.ndim == 1 else d.entries[:, None] * x


@ak.dot.register(ak.Strided, Diagonal)
def dot_array_diagonal(x, d):
    return ak.asarray(x) * d.entries


@ak.dot.register(Diagonal, Diagonal)
def dot_diagonals(c, d):
    """Stays diagonal."""
    return Diagonal(c.entries * d.entries)


@ak.sum.register(Diagonal)
def sum_diagonal(d, *, axis=None):
    return ak.sum(d.entries) if axis is None else d.entries


if __name__ == "__main__":
    d = Diagonal([1.0, 2.0, 3.0])
    x = ak.reshape(ak.arange(9.0), (3, 3))
    full = ak.asarray([[1.0, 0, 0], [0, 2.0, 0], [0, 0, 3.0]])
    print(ak.dot(d, x))
    print(ak.dot(d, d), "sum:", ak.sum(d))
    assert ak.all(ak.dot(d, x) == ak.dot(full, x)) and ak.all(ak.dot(x, d) == ak.dot(x, full))
    assert ak.dot(d, d).entries.tolist() == [1.0, 4.0, 9.0]
    assert ak.sum(d) == ak.sum(full) == 6.0
    print(ak.explain(ak.dot, d, x))
