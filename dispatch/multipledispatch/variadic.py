"""Classes that stand for any number of arguments: multipledispatch's own."""

from multipledispatch.variadic import Variadic, VariadicSignatureMeta, VariadicSignatureType, isvariadic

__all__ = ["Variadic", "VariadicSignatureMeta", "VariadicSignatureType", "isvariadic"]
