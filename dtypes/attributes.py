"""What dtypes and items answer in other libraries' terms: NumPy's attributes, pickling, the Array API.

Attaches cold methods to the C types; NumPy is imported only to make a NumPy dtype.
"""

from __future__ import annotations

import copyreg
import importlib
import sys
from types import MappingProxyType
from typing import Any as Anything

from arraykit import _core
from arraykit._core import DType, Item

from .hierarchy import Record

# ---- NumPy's names for what a dtype is -------------------------------------------------------------------


def _numpy_by_name(d: DType, name: str) -> Anything:
    """NumPy's dtype of that name; TypeError if its elements have another size."""
    import numpy

    found = numpy.dtype(name)
    if found.itemsize != d.itemsize:
        raise TypeError(
            f"{d.name}: elements of NumPy's {name!r} have {found.itemsize} bytes, its own {d.itemsize}"
        )
    return found


def _numpy_dtype(d: DType) -> Anything:
    """The NumPy dtype of the same elements; AttributeError if NumPy has none."""
    own: Anything = getattr(d, "_numpy_dtype_", None)
    if own is not None:  # of another package, if that is imported
        if (theirs := own()) is not None:
            return theirs
    elif d._native:
        if d._pep3118 is not None:
            return _numpy_by_name(d, d._numpy or d.name)
        extra = getattr(sys.modules.get("ml_dtypes"), d.name, None)
        if extra is not None:
            import numpy

            return numpy.dtype(extra)
    elif d._numpy or (d._layout and _all_have_numpy(d)):
        if d._numpy:
            return _numpy_by_name(d, d._numpy)
        import numpy

        names, parts, offsets = zip(*d._layout, strict=True)
        formats = [part.__numpy_dtype__ for part in parts]
        return numpy.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": d.itemsize})
    raise AttributeError(f"NumPy has no dtype for {d.name}{_because(d)}")


def _because(d: DType) -> str:
    """Which fields of a record NumPy has no dtype for, and what may be done."""
    lacking = [
        (n, p) for n, p, _ in d._layout or () if p._pep3118 is None and not (p._layout and _all_have_numpy(p))
    ]
    if not lacking or not issubclass(d, Record):
        return ""
    told = " and ".join(f"{name!r} of {part.name}" for name, part in lacking)
    return f", whose fields have {told}; give them other dtypes by astype, or take the fields one by one"


def _all_have_numpy(d: DType) -> bool:
    return all(
        part._pep3118 is not None or (part._layout and _all_have_numpy(part)) for _, part, _ in d._layout
    )


def _byteorder(d: DType) -> str:
    return "=" if d._native and d.itemsize > 1 else "|"


def _typestr(d: DType) -> str:
    order = {"little": "<", "big": ">"}[sys.byteorder] if _byteorder(d) == "=" else "|"
    return f"{order}{d.kind}{d.itemsize}"


def _fields(d: DType) -> MappingProxyType[str, tuple[DType, int]] | None:
    return MappingProxyType({name: (part, offset) for name, part, offset in d._layout}) if d._layout else None


def _names(d: DType) -> tuple[str, ...] | None:
    return tuple(name for name, _, _ in d._layout) if d._layout else None


_DTYPE_ATTRIBUTES = {
    "__numpy_dtype__": _numpy_dtype,
    "dtype": _numpy_dtype,  # what numpy.dtype() asked a class before it knew __numpy_dtype__
    "str": _typestr,
    "byteorder": _byteorder,
    "fields": _fields,
    "names": _names,
    "type": lambda d: d,
    "base": lambda d: d,
    "subdtype": lambda d: None,
    "shape": lambda d: (),
    "ndim": lambda d: 0,
    "isnative": lambda d: True,
    "hasobject": lambda d: False,
}
for _name, _get in _DTYPE_ATTRIBUTES.items():
    setattr(DType, _name, property(_get, doc=_get.__doc__ or f"NumPy's dtype.{_name}."))


_TEXTS = "TS"  # kinds
_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")


def answers(d: DType, method: str) -> bool:
    """Whether items of one dtype have an operator of their own, without the generic function behind it.

    Numbers of C have them all, text the comparisons; other items those of their class, equality by fields,
    and the order that a class's `<` or a plug-in's function gives.
    """
    own = getattr(d, method, None) is not getattr(Item, method, None)
    if own or method in ("__eq__", "__ne__") or (d._native and (method in _ORDER or d.kind not in _TEXTS)):
        return True
    if method in ("__gt__", "__le__", "__ge__"):
        return answers(d, "__lt__")
    return method == "__lt__" and d._is_ordered


# ---- pickling by name ------------------------------------------------------------------------------------


def _dtype_named(name: str, module: str) -> DType:
    """The dtype of that name; its module is imported if the name is not known yet."""
    if name not in _core.dtypes():
        importlib.import_module(module)
    found = _core.dtypes().get(name)
    if found is None:
        raise TypeError(f"the pickle names the dtype {name!r}, which {module!r} does not declare")
    return found


def _reduce(d: DType) -> Anything:
    if _core.dtypes().get(d.name) is not d:
        return f"{d.__qualname__}"
    return _dtype_named, (d.name, d.__module__)


copyreg.pickle(DType, _reduce)


# ---- items as 0-d arrays ---------------------------------------------------------------------------------

_PLAIN = {"b": bool, "i": int, "u": int, "f": float, "c": complex, "T": str, "S": bytes}


def _item(item: Item) -> Anything:
    """The plain Python value: a number, or what the item's `_to_python_` gives; else the item itself."""
    own = getattr(item, "_to_python_", None)
    if own is not None:
        return own()
    plain = _PLAIN.get(item.dtype.kind)
    return item if plain is None else plain(item)


def _plain(item: Item) -> Anything:
    """As NumPy stores it: a number, or a tuple of the fields; what `_to_numpy_` of the item gives."""
    own = getattr(item, "_to_numpy_", None)
    if own is not None:
        return own()
    if isinstance(item, Item) and item.dtype.names:
        return tuple(_plain(getattr(item, name)) for name in item.dtype.names)
    return item.item() if isinstance(item, Item) else item


def _array(item: Item, dtype: Anything = None, copy: bool | None = None) -> Anything:
    """A 0-d NumPy array of the same value."""
    import numpy

    try:
        kind = type(item).__numpy_dtype__
    except AttributeError as error:
        if not isinstance(item, bytes):
            raise TypeError(f"__array__: {error}") from None
        kind = f"S{len(item)}"  # byte strings of any length: NumPy's of this one
    made = numpy.array(_plain(item), kind)
    return made if dtype is None else made.astype(dtype)


def _array_namespace(item: Item, /, *, api_version: str | None = None) -> Anything:
    """The module of functions that take the item: arraykit."""
    return importlib.import_module("arraykit")


_ITEM_METHODS = {
    "item": _item,
    "tolist": _item,
    "__array__": _array,
    "__array_namespace__": _array_namespace,
    "device": property(lambda item: "cpu", doc="Where the element lies: 'cpu'."),
    "mT": property(lambda item: item, doc="The item itself."),
}
for _name, _method in _ITEM_METHODS.items():
    setattr(Item, _name, _method)
