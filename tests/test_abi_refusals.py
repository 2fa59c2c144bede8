"""Plug-ins in C with a mistake are refused with an error that names it, and nothing of them stays."""

import arraykit as ak
import c_plugins
import pytest
from arraykit import _core
from leaks import assert_keeps_nothing

REFUSED = {
    "major": (ImportError, r"built for arraykit ABI 7\.0, and this is ABI 1\.1: rebuild it"),
    "no_dtype": (TypeError, "table of dtypes has a NULL in it"),
    "no_name": (TypeError, "a plug-in's dtype has no name"),
    "other_major": (TypeError, r"built for arraykit ABI 7\.0, and this is ABI 1\.1: rebuild it"),
    "tiny": (TypeError, "has no name"),
    "taken": (TypeError, "two dtypes are named 'float64'"),
    "twice": (TypeError, r"two dtypes are named 'broken\.good'"),
    "unknown_base": (TypeError, r"broken\.base: its bases \['Reel'\] are no abstract dtypes"),
    "concrete_base": (TypeError, r"broken\.base: its bases \['float64'\] are no abstract dtypes"),
    "fields": (
        TypeError,
        r"broken\.fields: the fields 'x float64' should read like 'x: float64, y: float64'",
    ),
    "field_dtype": (TypeError, "no dtype is named 'flout64'"),
    "align": (ValueError, r"broken\.align: an itemsize of 12 bytes with an alignment of 8 is impossible"),
    "negative": (ValueError, r"broken\.negative: an itemsize of -4 bytes"),
    "pep3118": (TypeError, r"broken\.format: pep3118='d' has 8 bytes, and an item has 4"),
    "dlpack": (TypeError, r"broken\.dlpack: dlpack= says 64 bits, and an item has 32"),
    "no_kernel": (TypeError, "no_kernel: kernel 1 has no operation or no signature"),
    "no_operation": (TypeError, "no_operation: kernel 1 has no operation or no signature"),
    "no_loop": (TypeError, "subtract: the plug-in's kernel .* has no loop"),
    "kernel_major": (TypeError, r"the kernel add was built for arraykit ABI 7\.0, and this is ABI 1\.1"),
    "signature": (ValueError, "broken.good"),
    "operands": (ValueError, "subtract: a kernel takes 2 operands to 1"),
    "nulls": (TypeError, "subtract: nulls must be 0, or 3 for AK_NULLS_HANDLES, not 1"),
    "cast_level": (TypeError, "cast: the plug-in's kernel states the cast level 9"),
    "init": (OverflowError, "init: it cannot begin"),
    "wordless": (Exception, "wordless"),
}


@pytest.fixture
def broken():
    return c_plugins.broken()


def test_a_name_that_a_loaded_plug_in_has_is_refused(broken):
    level = c_plugins.odd() and ak.dtype("odd.level")
    with pytest.raises(
        TypeError, match=r"two dtypes are named 'odd\.level': odd has the name, and clash wants it"
    ):
        ak.load_plugin(broken.clash)
    assert ak.dtype("odd.level") is level


@pytest.mark.parametrize("key", REFUSED)
def test_a_mistake_is_named_and_nothing_stays(broken, key):
    error, what = REFUSED[key]
    with pytest.raises(error, match=what):
        ak.load_plugin(getattr(broken, key))
    before = _core.dtypes(), ak.kernels("add")
    for _ in range(2):
        with pytest.raises(error, match=what):
            ak.load_plugin(getattr(broken, key))
        assert (_core.dtypes(), ak.kernels("add")) == before
        with pytest.raises(TypeError, match=r"broken\.good"):
            ak.dtype("broken.good")


@pytest.mark.parametrize("key", ["init", "major"])
def test_what_is_refused_leaves_nothing(broken, key):
    def load():
        try:
            ak.load_plugin(getattr(broken, key))
        except (TypeError, ValueError, OverflowError, ImportError):
            return
        raise AssertionError("it should be refused")

    assert_keeps_nothing(load, getattr(broken, key), calls=300)


@pytest.mark.parametrize("wrong", [None, 5, object(), "arraykit.plugin.v1"])
def test_what_is_no_capsule_is_refused(wrong):
    with pytest.raises((TypeError, ValueError), match=r"capsule|Capsule"):
        ak.load_plugin(wrong)
