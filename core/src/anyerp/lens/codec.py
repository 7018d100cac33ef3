"""A codec: the pair of functions that carries one value between the native and the unified side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyerp.lens.domain import Domain


class Refused(ValueError):
    """A value that this side cannot carry; the text says why, in words that end a sentence."""


def unchanged(value: Any) -> Any:
    """The value itself."""
    return value


@dataclass(frozen=True, slots=True)
class Simple:
    """A regular expression that holds for these two functions: a codec made from another one may have others."""

    pattern: str
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Codec:
    """How one value travels.

    `decode` gets a native value of type `native` (never None) and gives the unified one, or None where the native
    value means nothing ("" or 0000-00-00). `encode` gets a unified value (never None) and gives the native one, or
    raises `Refused`. `settle` is the declared normalisation: what a value becomes by being stored (upper case,
    stripped zeros). `empty` is how the native side writes "nothing" on an update.

    `native` may be a tuple of types, for a codec that joins several native values: then both functions speak tuples,
    of which single members may be None.

    `memo` says that values repeat and decoding is pure, so that the compiled path remembers them; `inline` is an
    expression in `{v}` that does the same as `decode`, None included, without a call; `one_key` says that a value is a
    reference by one key, and settles it (`str`: as it stands). `simple` is a regular expression for text (of a number
    its digits, of a reference its one key) that is the native form, which `encode` leaves and `decode` gives back as it
    stands. `domain` is what the codec promises to carry, and `data` its description, from which `codec_from_data` makes
    it again.
    """

    name: str
    decode: Callable[[Any], Any] = unchanged
    encode: Callable[[Any], Any] = unchanged
    native: type | tuple[type, ...] = str
    settle: Callable[[Any], Any] = unchanged
    empty: Any = None
    memo: bool = False
    inline: str | None = None
    one_key: Callable[[str], str] | None = None
    simple: str | Simple | None = None
    domain: Domain | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.simple, str):
            object.__setattr__(self, "simple", Simple(self.simple, self.encode, self.decode))

    def as_it_stands(self) -> str | None:
        """The regular expression `simple`, where it holds for this codec's functions."""
        known = self.simple
        own = isinstance(known, Simple) and known.encode is self.encode and known.decode is self.decode
        return known.pattern if isinstance(known, Simple) and own else None

    def __repr__(self) -> str:
        options = ", ".join(f"{k}={v!r}" for k, v in self.data.items() if k != "codec")
        return f"{self.name}({options})"
