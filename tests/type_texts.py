"""Texts of types for the tests: what each means as canonical text, and what is none, with the place.

The families here are declared by the tests, so that the language is tested without any element type.
"""

from arraykit.dtypes import Any, Parametrised


class sample(Parametrised, Any):
    """A family that takes any parameters that are written."""

    @classmethod
    def _parameters_(cls, *given):
        if given and given[0] == "refused":
            raise ValueError("sample: the first parameter may not be 'refused'")
        return given

    @classmethod
    def _declare_(cls, name, *parameters):
        return cls.declare(name, parameters, storage={"code": "int64"})


# text → canonical text
CANONICAL = {
    "float64": "float64",
    "f8": "float64",
    " float64\n": "float64",
    "float64 # a comment": "float64",
    "?float64": "?float64",
    "? float64": "?float64",
    "??int": "?int64",
    "missing[int]": "?int64",
    "3*float64": "3 * float64",
    "3*4*?bool": "3 * 4 * ?bool_",
    "0 * int8": "0 * int8",
    "var*int8": "var * int8",
    "3 * var * float64": "3 * var * float64",
    "N*M*float64": "N * M * float64",
    "Rows * Columns * T": "Rows * Columns * T",
    "...*T": "... * T",
    "Dims...*3*T": "Dims... * 3 * T",
    "2 * Dims ... * T": "2 * Dims... * T",
    "?T": "?T",
    "missing[T1]": "?T1",
    "Integral": "Integral",
    "N * Integral": "N * Integral",
    "sample[3,-4]": "sample[3, -4]",
    "sample[ 1.5, 1e3,]": "sample[1.5, 1000.0]",
    "sample['a', \"b\"]": 'sample["a", "b"]',
    "sample[ns]": 'sample["ns"]',
    "sample['\\'\"\\\\']": 'sample["\'\\"\\\\"]',
    'sample["\\n\\u00e9\\u0000"]': 'sample["\\né\\u0000"]',
    "sample[true, none]": "sample[True, None]",
    "sample[[1, 2], ['x']]": 'sample[[1, 2], ["x"]]',
    "sample[f8, ?i4]": "sample[float64, ?int32]",
    "sample[T, N]": "sample[T, N]",
    "sample[...]": "sample[...]",
    "sample[T, N...]": "sample[T, N...]",
    "sample[sample[T]]": "sample[sample[T]]",
    "sample": "sample",
    "3 * ?sample[1]": "3 * ?sample[1]",
    "{x: T, 'a b': ?N}": '{x: T, "a b": ?N}',
    "() -> int8": "() -> int8",
    "(T,T)->T": "(T, T) -> T",
    "(M * N * T, N * T) -> M * T": "(M * N * T, N * T) -> M * T",
    "((T) -> U, N * T) -> N * U": "((T) -> U, N * T) -> N * U",
}

# text → (part of the message, place of the caret)
REFUSED = {
    "": ("expected a dtype, found the end", 0),
    "   ": ("expected a dtype, found the end", 3),
    "flaot64": ("no dtype is named 'flaot64'; did you mean 'float64'", 0),
    "?flaot64": ("did you mean 'float64'", 1),
    "3 *": ("expected a dtype, found the end", 3),
    "3": ("expected '*' after a dimension", 1),
    "3 float64": ("expected '*' after a dimension, found 'float64'", 2),
    "-3 * float64": ("a whole number from 0", 0),
    "1.5 * float64": ("a whole number from 0", 0),
    f"{2**63} * float64": ("a whole number from 0", 0),
    f"{'9' * 5000} * float64": ("a number this long", 0),
    "float64 * 3": ("the dtype comes last", 0),
    "n * float64": ("a name with a capital", 0),
    "n... * float64": ("begins with a capital", 0),
    "... * A... * T": ("more than one ellipsis", 13),
    "var": ("no dtype is named 'var'", 0),
    "float64[3]": ("float64 takes no parameters", 7),
    "sample[]": ("sample has parameters", 7),
    "sample[1": ("expected ',' or ']', found the end", 8),
    "sample[1 2]": ("expected ',' or ']', found '2'", 9),
    "sample[1,,2]": ("expected a dtype, found ','", 9),
    "sample[a=1]": ("parameters have no names", 7),
    "sample[refused]": ("sample: the first parameter may not be", 6),
    "sample[1]]": ("the type ends here, but ']' follows", 9),
    "missing[nonsense]": ("no dtype is named 'nonsense'", 7),
    "T[3]": ("no dtype is named 'T'", 0),
    "unheard[3]": ("no dtype is named 'unheard'", 0),
    "{x int8}": ("expected ':' after the name of a field", 3),
    "{3: int8}": ("expected the name of a field, found '3'", 1),
    "{x: T, x: U}": ("two fields are named 'x'", 7),
    "{x: T": ("expected ',' or '}', found the end", 5),
    "(int8)": ("'->' after the operands", 6),
    "int8 int8": ("the type ends here, but 'int8' follows", 5),
    "int8 -> int8": ("the type ends here, but '->' follows", 5),
    "'open": ("this quote is not closed", 0),
    "int8 !": ("'!' has no meaning", 5),
    "3x * int8": ("a name, which begins with a letter", 0),
    "?" * 200 + "int8": ("nested deeper than 40", 40),
    "sample[" * 200: ("nested deeper than 40", 280),
    "sample[" + "[" * 200: ("nested deeper than 40", 46),
}
