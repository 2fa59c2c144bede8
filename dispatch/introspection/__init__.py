"""What can be asked of multimethods without calling them, as text, tables and pictures; and what calls took.

Nothing is decided here, and nothing here is read before it is asked for.
"""
