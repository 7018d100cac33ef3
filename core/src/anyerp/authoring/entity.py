"""An ERP's own description of one kind of record, whichever format it was published in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "decimal", "integer", "digits", "boolean", "day", "instant", "choice"]


@dataclass(frozen=True, slots=True)
class Property:
    """One native field: where it is, what it holds, how much of it, and what the metadata says about writing it.

    `codec` is the source of the codec that carries it on this wire; `label` the ERP's name of it for people.
    """

    path: str
    kind: Kind
    codec: str
    max_length: int | None = None
    read_only: bool = False
    create_only: bool = False
    label: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Children:
    """A list of parts within a record: the path of the list, and what one part is."""

    name: str
    path: str
    entity: Entity


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record: its key's properties, all its properties, its lists."""

    name: str
    key: tuple[str, ...]
    properties: tuple[Property, ...]
    children: tuple[Children, ...] = field(default=())
