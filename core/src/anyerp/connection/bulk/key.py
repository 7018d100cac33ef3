"""Keys for records that have none: what makes it safe to ask again after a crash."""

from __future__ import annotations

import secrets
from typing import Any

from anyerp.connector import Resource
from anyerp.lens import Lens, Map
from anyerp.lens.domain import TextDomain

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: what a person reads aloud stays what it is
_LONGEST, _LEAST, _DIGITS = 16, 8, 4
_FIELD = "external_reference"


def new_run() -> str:
    """A random name for a run, from which its keys are made."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LONGEST - _DIGITS))


class Keys:
    """The keys of one run: its name and a running number, in capitals and digits, as long as the ERP's field allows."""

    def __init__(self, run: str, length: int) -> None:
        self._run, self._length = run, length

    def __call__(self, index: int) -> str:
        """The key of the record at a place; the same whenever it is asked for."""
        digits = ""
        number = index
        while number or len(digits) < _DIGITS:
            number, rest = divmod(number, len(_LETTERS))
            digits = _LETTERS[rest] + digits
        return self._run[: self._length - len(digits)] + digits


def keys_of(resource: Resource[Any], lens: Lens[Any], run: str) -> Keys | None:
    """The keys that a run makes; None where none of ours may stand in the key field and be found again there.

    A key field with a meaning of its own (a vendor's number) is left to the host, and so is one that is too short for
    keys that never meet.
    """
    length = min(_room(lens), _LONGEST)
    if resource.find is None or resource.key_field != _FIELD or length < _LEAST:
        return None
    return Keys(run, length)


def _room(lens: Lens[Any]) -> int:
    for rule in lens.rules:
        if isinstance(rule, Map) and rule.field == _FIELD and not rule.read_only:
            return rule.codec.domain.max_length if isinstance(rule.codec.domain, TextDomain) else _LONGEST
    return 0
