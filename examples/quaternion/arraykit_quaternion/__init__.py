"""Quaternions as elements of arraykit arrays; importing this package registers them."""

import arraykit
from arraykit_quaternion import _quaternion

quaternion = arraykit.load_plugin(_quaternion.plugin)["quaternion"]

__all__ = ["quaternion"]
