"""What multipledispatch offers beside dispatching: its own."""

from multipledispatch.utils import _toposort, expand_tuples, groupby, raises, reverse_dict, typename

__all__ = ["_toposort", "expand_tuples", "groupby", "raises", "reverse_dict", "typename"]
