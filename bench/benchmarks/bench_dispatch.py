"""Dispatch on the Python types of two arguments: goals beside a plain call, then every peer."""

from collections.abc import Callable

from .building import BUILDING
from .dispatchers import PEERS, classes
from .measure import compare, statement
from .ratios_of import benchmarks

Dispatch = benchmarks("Dispatch", "dispatch")


class Peers:
    """A call of two arguments with 5 or 1000 methods, by each dispatcher."""

    param_names = ("peer", "methods")
    params = (list(PEERS), [5, 1000])
    timeout = 300

    def setup(self, peer: str, methods: int) -> None:
        kinds = classes(32)
        pairs = [(p, q) for p in kinds for q in kinds][:methods]
        self.names = {
            "f": PEERS[peer](pairs),
            "plain": PEERS["plain call"](pairs),
            "a": kinds[0](),
            "b": kinds[1](),
        }
        self.call = statement("f(a, b)", self.names)
        self.call(1)

    def time_100_calls(self, peer: str, methods: int) -> None:
        self.call(100)

    def track_ratio(self, peer: str, methods: int) -> float:
        return compare("f(a, b)", "plain(a, b)", self.names).ratio

    track_ratio.unit = "peer / plain call"  # type: ignore[attr-defined]


def over(f: Callable[..., object], arguments: list[tuple[object, object]]) -> None:
    for a, b in arguments:
        f(a, b)


class CallSite:
    """One call site that meets 64 pairs of classes, by each dispatcher."""

    param_names = ("peer",)
    params = (list(PEERS),)

    def setup(self, peer: str) -> None:
        kinds = classes(8)
        pairs = [(p, q) for p in kinds for q in kinds]
        self.names = {
            "f": PEERS[peer](pairs),
            "plain": PEERS["plain call"](pairs),
            "over": over,
            "arguments": [(p(), q()) for p, q in pairs],
        }

    def track_ratio(self, peer: str) -> float:
        return compare("over(f, arguments)", "over(plain, arguments)", self.names).ratio

    track_ratio.unit = "peer / plain call"  # type: ignore[attr-defined]


class Build:
    """What 1000 methods cost to register, to resolve, and to change; seconds."""

    param_names = ("what",)
    params = ([row.what for row in BUILDING],)

    def track_seconds(self, what: str) -> float:
        (row,) = (row for row in BUILDING if row.what == what)
        return min(row.seconds() for _ in range(5))

    track_seconds.unit = "s"  # type: ignore[attr-defined]
