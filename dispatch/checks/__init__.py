"""Ties found without calls: of one multimethod, and of all in a process.

The real resolution judges each pair that is looked at, so that a check and a call never disagree.
"""
