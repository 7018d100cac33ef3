"""Keys: where the hub gets them. A `KeyProvider` of yours may ask a vault or an HSM instead."""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from anyerp.errors import ConfigError

#: The environment variable that holds the keys: `id:base64,id:base64`, the first one seals.
VARIABLE = "ANYERP_HUB_KEYS"
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Key:
    """256 bits and the name by which sealed values remember them."""

    id: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ConfigError("a key's id is up to 32 letters, digits, _ and -")
        if len(self.secret) != 32:
            raise ConfigError(f"key {self.id} has {len(self.secret)} bytes; 32 are needed")

    @classmethod
    def new(cls, id: str | None = None) -> Key:
        """A fresh random key."""
        return cls(id or secrets.token_hex(4), secrets.token_bytes(32))

    def __str__(self) -> str:
        return f"{self.id}:***"

    def text(self) -> str:
        """The key as it stands in a file or variable. A secret: show it to nobody."""
        return f"{self.id}:{base64.b64encode(self.secret).decode()}"


class KeyProvider(Protocol):
    """The seam for keys kept elsewhere."""

    def current(self) -> Key:
        """The key that seals from now on."""
        ...

    def key(self, id: str) -> Key:
        """A key by its id. Raises `ConfigError` where it is not to be had."""
        ...


class Keyring:
    """Keys in memory, the first of which seals."""

    def __init__(self, *keys: Key) -> None:
        if not keys:
            raise ConfigError("a keyring needs a key")
        self._keys: Mapping[str, Key] = {key.id: key for key in keys}
        self._current = keys[0]

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._keys)})"

    def current(self) -> Key:
        """The key that seals."""
        return self._current

    def key(self, id: str) -> Key:
        """A key by its id."""
        try:
            return self._keys[id]
        except KeyError:
            raise ConfigError(
                f"a value is sealed with key {id}, which is not in the keyring ({', '.join(self._keys)})",
                hint="add that key behind the current one, then rotate",
            ) from None

    @classmethod
    def parse(cls, text: str, where: str) -> Keyring:
        """Keys from `id:base64` parts, divided by commas or lines. Names no part of a key when one is wrong."""
        keys = []
        for number, part in enumerate(re.split(r"[,\s]+", text.strip()), 1):
            id, _, encoded = part.partition(":")
            try:
                keys.append(Key(id, base64.b64decode(encoded, validate=True)))
            except (binascii.Error, ValueError):
                raise ConfigError(f"{where}: key {number} is not written id:base64") from None
        return cls(*keys)


def default_keys(database_file: Path | None) -> Keyring:
    """The keys of the environment; else of the file `NAME.keys` beside an SQLite database, made when it is missing.

    Raises `ConfigError` on PostgreSQL without keys: whoever holds a copy of a database must not hold its key as well.
    """
    if text := os.environ.get(VARIABLE):
        return Keyring.parse(text, VARIABLE)
    if database_file is None:
        raise ConfigError(f"no keys: {VARIABLE} is not set", hint="`anyerp-hub new-key` makes one; keep it in a vault")
    path = database_file.with_name(f"{database_file.name}.keys")
    if not path.exists():
        _create(path, Key.new().text() + "\n")
    return Keyring.parse(path.read_text("ascii"), str(path))


def _create(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all; another process's file wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
