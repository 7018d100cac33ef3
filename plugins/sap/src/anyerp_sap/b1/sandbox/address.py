"""Paths below the service root: an entity set, a key, an action, `$count`, a function of a service (sap sheet §13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from anyerp_sap.b1.sandbox.edm import Kind, Type
from anyerp_sap.b1.sandbox.errors import bad_query, unknown_path
from anyerp_sap.b1.sandbox.store import Key

_PATH = re.compile(r"(?P<name>\$?\w+)(?:\((?P<key>.*)\))?(?:/(?P<rest>[$\w]+))?\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """A path taken apart: `rest` is an action or `$count`."""

    name: str
    key: str | None = None
    rest: str | None = None


def read_path(path: str) -> Address:
    """Take a path apart. Raises `Refused`."""
    found = _PATH.match(unquote(path).strip("/"))
    if not found:
        raise unknown_path()
    return Address(found["name"], found["key"], found["rest"])


def read_key(text: str, type_: Type) -> Key:
    """The key between the brackets: text in quotes, numbers bare; `Name=value` is allowed. Raises `Refused`."""
    value = text.strip().removeprefix(type_.key).lstrip().removeprefix("=").strip() if "=" in text else text.strip()
    if type_.fields[type_.key].kind is Kind.INT:
        if re.fullmatch(r"-?\d{1,10}", value):
            return int(value)
    elif re.fullmatch(r"'(?:[^']|'')*'", value):
        return value[1:-1].replace("''", "'")
    raise bad_query("Query string error - Invalid key")
