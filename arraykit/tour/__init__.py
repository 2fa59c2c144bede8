"""The tour: what arraykit does, on real data, checked in front of the user.

Uses public names only, as any outside package would.
"""
