"""The whole battery for one dtype, to be subclassed and given a table.

A law is a method whose name says what must be true; laws that nothing in the table is a parameter of are not there.
"""

from __future__ import annotations

from .casting_laws import CastingLaws, PromotionLaws
from .computing_laws import ElementwiseLaws, ProductLaws, ReductionLaws
from .keeping_laws import ExchangeLaws, KeepingLaws
from .making_laws import CreationLaws, ItemLaws, TextLaws
from .moving_laws import IndexingLaws, MovingLaws
from .order_laws import OrderLaws
from .table import holds
from .wrapping_laws import MissingLaws, RecordLaws

__all__ = ["DTypeTests"]


class DTypeTests(
    CreationLaws,
    TextLaws,
    ItemLaws,
    CastingLaws,
    PromotionLaws,
    ElementwiseLaws,
    ReductionLaws,
    ProductLaws,
    OrderLaws,
    IndexingLaws,
    MovingLaws,
    KeepingLaws,
    ExchangeLaws,
    MissingLaws,
    RecordLaws,
):
    """What must hold of every dtype; subclass it in a file of tests and fill in the table.

    dtype        the dtype, or the text that names it
    samples      at least two different values: items, or what the dtype reads
    exact        those whose sums and products are exact in any order; all samples unless stated
    neighbours   other dtypes, or their texts → what the two join to; None: nothing
    failures     "test_name", "test_name[parameter]" or a parameter alone → why it fails; it must fail then
    definitions  operation → function of items that gives what it must; of a reduction: of the list of items
    ulps         how far rounded functions may be off

    Everything else follows from the operations that take the dtype (`arraykit.coverage`).

    >>> from arraykit.testing import DTypeTests
    >>> class TestInt16(DTypeTests):
    ...     dtype, samples = "int16", (0, 1, -3, 32767)
    ...     exact = (0, 1, -3)
    ...     neighbours = {"int8": "int16", "uint16": "int32"}
    >>> TestInt16().test_sort_ascends()
    """

    def test_every_expected_failure_names_a_test(self) -> None:
        """What `failures` names is a test, or a parameter of one."""
        from .table import _label

        labels = {_label(value) for values in self.parameters().values() for value in values}
        for name in self.failures:
            test, _, rest = name.partition("[")
            known = callable(getattr(self, test, None)) and (not rest or rest.removesuffix("]") in labels)
            holds(known or name in labels, "an expected failure must name a test", failure=name)
