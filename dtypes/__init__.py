"""arraykit.dtypes."""

if __name__ != "arraykit.dtypes":
    raise ImportError(f"this folder is the package arraykit.dtypes; import it by that name, not as {__name__!r}")
