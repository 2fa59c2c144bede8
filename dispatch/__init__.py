"""arraykit.dispatch."""

if __name__ != "arraykit.dispatch":
    raise ImportError(f"this folder is the package arraykit.dispatch; import it by that name, not as {__name__!r}")
