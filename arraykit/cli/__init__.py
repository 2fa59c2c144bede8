"""The commands of `arraykit` on a command line, one file each.

A command is a function `run` from parsed arguments to an exit status; it prints through a `Page`, and says
by `UsageError` what is wrong with its arguments.
"""

__all__ = ["UsageError"]


class UsageError(Exception):
    """What the user typed names nothing; the text says what would."""
