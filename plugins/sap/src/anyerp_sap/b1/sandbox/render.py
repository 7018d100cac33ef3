"""Rows as JSON: every field of a type, or those selected; complex collections always whole (sap sheet §13)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from anyerp_sap.b1.sandbox.dialect import Dialect
from anyerp_sap.b1.sandbox.edm import Kind, Row, Type
from anyerp_sap.b1.sandbox.values import write


def etag(row: Row) -> str:
    """SHA-1 of the version counter: two documents of the same version have the same etag."""
    return f'W/"{hashlib.sha1(str(row["DataVersion"]).encode(), usedforsecurity=False).hexdigest().upper()}"'


def entity(
    types: Mapping[str, Type], type_: Type, row: Row, dialect: Dialect, names: Iterable[str] | None = None
) -> dict[str, Any]:
    """An entity, its etag first."""
    body: dict[str, Any] = {dialect.note + "etag": etag(row)} if type_.etagged else {}
    body.update(_members(types, type_, row, dialect, names))
    return body


def _members(
    types: Mapping[str, Type], type_: Type, row: Row, dialect: Dialect, names: Iterable[str] | None = None
) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name in type_.fields if names is None else names:
        field = type_.fields[name]
        value = row.get(name, field.default)
        if field.kind is Kind.LIST:
            body[name] = [_members(types, types[field.of], inner, dialect) for inner in value or ()]
        elif field.kind is Kind.PART:
            part = types[field.of]
            body[name] = _members(types, part, value or part.blank(), dialect)
        else:
            body[name] = write(field, value, dialect)
    return body
