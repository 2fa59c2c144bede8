"""Dispatch on the Python types of two arguments: goals beside a plain call, then every peer."""

from .dispatchers import PEERS, classes
from .measure import statement
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
        names = {"f": PEERS[peer](pairs), "a": kinds[0](), "b": kinds[1]()}
        self.call = statement("f(a, b)", names)
        self.call(1)

    def time_100_calls(self, peer: str, methods: int) -> None:
        self.call(100)
