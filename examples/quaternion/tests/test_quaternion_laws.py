"""Quaternions against the laws that hold for every dtype."""

from arraykit.testing import DTypeTests
from arraykit_quaternion import quaternion

NO_TRUTH = "quaternions are neither true nor false, which only the call finds out"
FOLDS = (
    "test_it_folds_its_operation",
    "test_it_runs_along_an_axis",
    "test_it_keeps_dimensions",
    "test_it_skips_what_where_leaves_out",
    "test_of_nothing_it_is_its_identity_or_an_error",
)


class TestQuaternion(DTypeTests):
    dtype = quaternion
    samples = (
        quaternion(1, 2, 3, 4),
        quaternion(0, 1, 0, 0),
        quaternion(-2, 0, 0.5, 1),
        quaternion(0, 0, 0, 0),
    )
    failures = {
        **{f"{fold}[{name}]": NO_TRUTH for fold in FOLDS for name in ("all", "any")},
        **dict.fromkeys(("logical_and", "logical_not", "logical_or", "logical_xor"), NO_TRUTH),
        "test_the_buffer_protocol": "a memoryview tells the fields, not the dtype",
    }
