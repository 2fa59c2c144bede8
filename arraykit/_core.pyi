# What the C types of arraykit offer. The cold methods of Multimethod, DType and Array are written in Python
# and attached to the C types when their packages are imported; they stand here as if they were in C.

from collections.abc import Callable, Iterator, Sequence
from inspect import Signature
from types import UnionType
from typing import Any, Literal, Self, TypeVar, overload

from .dispatch.checks.ambiguities import Ambiguity
from .dispatch.introspection.diagram import Diagram
from .dispatch.introspection.explanation import Explanation
from .dispatch.introspection.listing import Methods
from .dispatch.method import Method

__version__: str
compiler: str
level: str

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Registered = TypeVar("_Registered", bound=Callable[..., Any] | classmethod[Any, Any, Any])
_Delegate = TypeVar("_Delegate", bound="Delegate")
_Axes = int | Sequence[int] | None
_Address = Any  # an int or a capsule

# ---- tier 1 ---------------------------------------------------------------------------------------------

class Fork:
    def __init__(
        self, multimethod: Multimethod, positional: int, names: tuple[str, ...], slots: Any
    ) -> None: ...

class Multimethod:
    __name__: str
    __qualname__: str
    __signature__: Any
    _given_signature: Any
    _latest: Any
    _named: set[str]
    _table: Any
    _unread: Any
    _membership: Any
    _early: Any
    _coming: Any
    _heirs: Any
    _declared: Any
    _origin: Any
    _place: Any
    _definition: Any
    __isabstractmethod__: bool
    _strict: bool
    _executions: Any
    _keeps_not_implemented: bool
    _find: Any
    _refuse: Any
    _plain_index: Any
    operation: Any
    row: Any
    def __init__(
        self,
        name: str,
        *,
        doc: str | None = None,
        module: str | None = None,
        signature: Signature | str | None = None,
        strict: bool = False,
    ) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> Any: ...
    def __set_name__(self, owner: type, name: str) -> None: ...
    def __getattr__(self, name: str) -> Any: ...
    @overload
    def register(
        self, first: type[Any] | UnionType | None, /, *types: Any, precedence: int = 0
    ) -> Callable[[_Registered], _Registered]: ...
    @overload
    def register(self, function: _Registered, /, *, precedence: int = 0) -> _Registered: ...
    @overload
    def register(self, *types: Any, precedence: int = 0) -> Callable[[_Registered], _Registered]: ...
    def unregister(self, *types: Any) -> None: ...
    def resolve(self, *types: Any) -> Method: ...
    def invoke(self, types: tuple[Any, ...], *args: Any, **kwargs: Any) -> Any: ...
    def diagram(self, *types_or_args: Any, **named: Any) -> Diagram: ...
    def explain(self, *types_or_args: Any, **named: Any) -> Explanation: ...
    def ambiguities(self, *, existing: bool = True) -> list[Ambiguity]: ...
    @staticmethod
    def adopt(dispatcher: Any) -> Multimethod: ...
    @property
    def methods(self) -> Methods: ...
    def source(self, *types: Any) -> str: ...

def announce() -> None: ...
def await_classes(meet: Callable[[type], object], /) -> None: ...
def trace_begin(f: Multimethod, /) -> None: ...
def trace_end(f: Multimethod, /) -> None: ...
def trace_counts(f: Multimethod, /) -> dict[Method | None, tuple[int, ...]]: ...
def seal_multimethod() -> None: ...
def seal_delegate(cls: type[_Delegate]) -> type[_Delegate]: ...

class Delegate:
    _function: Any
    _declined: Any
    def _delegate_to(self, function: Any, *, declines: type[BaseException] = ..., by: int = -1) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class MethodDelegate(Delegate):
    def __get__(self, instance: object, owner: type | None = None) -> Any: ...

def as_callable(function: Any, /) -> Any: ...
def ordinary(
    function: Any, types: tuple[Any, ...], /
) -> tuple[tuple[str | None, ...], tuple[str, ...] | None] | None: ...

class MethodIndex:
    def setdefault(self, classes: tuple[type, ...], method: Any, /) -> Any: ...
    def best(self, *classes: type) -> Any: ...
    def __setitem__(self, classes: tuple[type, ...], method: Any) -> None: ...

class CTarget:
    capsule: Any
    library: str | None
    symbol: str | None
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

# ---- dtypes ---------------------------------------------------------------------------------------------

class DType(type):
    def __getattr__(cls, name: str) -> Any: ...
    @property
    def name(cls) -> str: ...
    @property
    def kind(cls) -> str: ...
    @property
    def char(cls) -> str: ...
    @property
    def str(cls) -> str: ...
    @property
    def is_concrete(cls) -> bool: ...
    @property
    def itemsize(cls) -> int: ...
    @property
    def alignment(cls) -> int: ...

class ItemOperators:
    dtype: Any
    shape: tuple[()]
    ndim: Literal[0]
    size: Literal[1]
    def __add__(self, other: Any, /) -> Any: ...
    def __radd__(self, other: Any, /) -> Any: ...
    def __sub__(self, other: Any, /) -> Any: ...
    def __rsub__(self, other: Any, /) -> Any: ...
    def __mul__(self, other: Any, /) -> Any: ...
    def __rmul__(self, other: Any, /) -> Any: ...
    def __truediv__(self, other: Any, /) -> Any: ...
    def __rtruediv__(self, other: Any, /) -> Any: ...
    def __floordiv__(self, other: Any, /) -> Any: ...
    def __mod__(self, other: Any, /) -> Any: ...
    def __pow__(self, other: Any, mod: Any = None, /) -> Any: ...
    def __neg__(self) -> Any: ...
    def __abs__(self) -> Any: ...

class Item(ItemOperators, metaclass=DType):
    def __new__(cls, *values: Any) -> Any: ...
    def __getattr__(self, name: str) -> Any: ...

def default(scalar: type, /) -> DType: ...
def dtype_epoch() -> int: ...
def dtypes() -> dict[str, DType]: ...
def make_item(dtype: DType, values: Any, /) -> Any: ...
def watch_promotion(variable: Any, /) -> None: ...
def set_default(scalar: type, dtype: DType, /) -> None: ...

# ---- kernels and plans ----------------------------------------------------------------------------------

class Kernel:
    def __init__(
        self,
        operation: str,
        signature: str,
        *,
        strided: _Address,
        contiguous: _Address = 0,
        state: _Address = 0,
        flags: int = 0,
        owner: object = None,
        provenance: str = "adopted",
        nulls: int = 0,
        cast_level: int = 0,
        lengths: _Address = 0,
    ) -> None: ...
    operation: str
    signature: str
    provenance: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    address: int
    contiguous: int
    state: int
    flags: int
    nulls: int
    cast_level: int
    needs_python: bool
    commutative: bool
    associative: bool
    binds: bool
    idempotent: bool
    native: bool
    owner: Any

class Plan:
    def __init__(
        self,
        kernel: Kernel,
        operands: tuple[Any, ...],
        inputs: tuple[DType, ...],
        outputs: tuple[DType, ...],
        results: tuple[DType, ...],
        *,
        identity: Any = None,
        path: str = "exact",
        nulls: str | None = None,
    ) -> None: ...
    kernel: Kernel
    operands: tuple[Any, ...]
    path: str
    trivial: bool
    nullable: bool
    inputs: tuple[DType, ...]
    outputs: tuple[DType, ...]
    results: tuple[DType, ...]
    casts: tuple[Kernel | None, ...]
    identity: Any

def kernels() -> list[Kernel]: ...
def item_kernel(
    operation: str,
    signature: str,
    function: Callable[..., Any],
    in_dtypes: Sequence[DType],
    out_dtypes: Sequence[DType],
    provenance: str = "definition",
    flags: int = 0,
    /,
) -> Kernel: ...

item_reduction = item_kernel
item_gufunc = item_kernel

def read_plugin(capsule: Any, /) -> tuple[str, list[DType], list[Kernel], list[DType]]: ...

# ---- tier 2 ---------------------------------------------------------------------------------------------

class Operation:
    def __init__(
        self,
        name: str,
        kind: str,
        nin: int,
        nout: int,
        *,
        core: Any = None,
        resolve: Callable[..., Plan],
        otherwise: Callable[..., Any] | None = None,
        loops: bool = True,
    ) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __getattr__(self, name: str) -> Any: ...
    def clear(self) -> None: ...
    def plans(self) -> list[Plan]: ...

# ---- arrays ---------------------------------------------------------------------------------------------

class Array(ItemOperators):
    shape: tuple[int, ...]  # type: ignore[assignment]
    ndim: int  # type: ignore[assignment]
    size: int  # type: ignore[assignment]
    dtype: Any
    strides: tuple[int, ...]
    itemsize: int
    nbytes: int
    def __getattr__(self, name: str) -> Any: ...
    def __getitem__(self, key: Any, /) -> Any: ...
    def __setitem__(self, key: Any, value: Any, /) -> None: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def tolist(self) -> Any: ...
    readonly: bool

def __getattr__(name: str) -> Any: ...
