"""What an array's memory is like, as `a.flags` tells it.

Reads the bits that C keeps with each array; it changes none.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Flags", "of_bits"]


@dataclass(frozen=True)
class Flags:
    """What an array's memory is like: order, ownership, alignment, and whether it may be written to."""

    c_contiguous: bool
    f_contiguous: bool
    owndata: bool
    writeable: bool
    aligned: bool
    inline: bool

    @property
    def contiguous(self) -> bool:
        """In C order without gaps."""
        return self.c_contiguous

    def __getitem__(self, name: str) -> bool:
        return getattr(self, name.lower())


_C, _F, _WRITEABLE, _ALIGNED, _OWNS, _INLINE = (1 << i for i in range(6))


def of_bits(bits: int) -> Flags:
    """The flags that an array's `_flag_bits` stand for."""
    return Flags(
        c_contiguous=bool(bits & _C),
        f_contiguous=bool(bits & _F),
        owndata=bool(bits & (_OWNS | _INLINE)),
        writeable=bool(bits & _WRITEABLE),
        aligned=bool(bits & _ALIGNED),
        inline=bool(bits & _INLINE),
    )
