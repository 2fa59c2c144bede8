"""Quaternions against the laws that hold for every dtype."""

from arraykit.testing import DTypeTests
from arraykit_quaternion import quaternion


class TestQuaternion(DTypeTests):
    dtype = quaternion
    samples = (
        quaternion(1, 2, 3, 4),
        quaternion(0, 1, 0, 0),
        quaternion(-2, 0, 0.5, 1),
        quaternion(0, 0, 0, 0),
    )
