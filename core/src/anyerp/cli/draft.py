"""`anyerp draft`: a lens proposed from what an ERP publishes about itself."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anyerp.authoring import edmx, openapi
from anyerp.authoring.draft import Draft, draft_of, guessed
from anyerp.authoring.entity import Entity
from anyerp.cli.names import opened, resource_named
from anyerp.cli.output import clean, tell
from anyerp.connector import ask
from anyerp.errors import ConfigError, Unavailable
from anyerp.transport import HttpTransport
from anyerp.wire import Request

_ACCEPT = {"Accept": "application/xml, application/json;q=0.9, */*;q=0.1"}


def draft(
    entity: Annotated[str | None, Parameter(help="The entity's name; without one the names that there are.")] = None,
    /,
    *,
    odata: Annotated[str | None, Parameter(help="OData metadata ($metadata), V2 or V4: a file or a URL.")] = None,
    schema: Annotated[str | None, Parameter(help="A JSON Schema or OpenAPI document (JSON): a file or a URL.")] = None,
    resource: Annotated[str | None, Parameter(help="The unified resource; guessed from the entity's name.")] = None,
    connection: Annotated[str | None, Parameter(help="Fetch the URL as this connection of anyerp.toml.")] = None,
    out: Annotated[Path | None, Parameter(help="Write the module to this file instead of printing it.")] = None,
) -> int:
    """Propose a lens: fields matched by name and type, lengths taken over, the rest absent with a `todo:`.

    The module that it prints constructs as it stands. It is a proposal: names are no proof of meaning.
    """
    if (odata is None) == (schema is None):
        raise ConfigError("draft needs either --odata or --schema")
    source = odata or schema or ""
    found = (edmx if odata is not None else openapi).read(_content(source, connection))
    if entity is None:
        sys.stdout.write("".join(f"{clean(name)}\n" for name in sorted(found)))
        return 0
    made = draft_of(_named(entity, found), resource_named(resource) if resource else guessed(entity))
    if out is None:
        sys.stdout.write(made.source)
    elif out.exists():
        raise ConfigError(f"{out} is there already", hint="name another file; a draft writes nothing over")
    else:
        try:
            out.write_text(made.source, "utf-8")
        except OSError as error:
            raise ConfigError(f"{out} cannot be written to: {error.strerror}") from None
    tell(_told(made))
    return 0


def _told(made: Draft) -> str:
    return f"{made.mapped} fields of {made.model} mapped, {made.absent} left to do, {made.unused} properties unused"


def _named(name: str, found: dict[str, Callable[[], Entity]]) -> Entity:
    if name not in found:
        near = difflib.get_close_matches(name, found, 3, 0.4)
        hint = f"did you mean {', '.join(near)}?" if near else "leave the name out to see those that there are"
        raise ConfigError(f"there is no entity {name!r}", hint=hint)
    return found[name]()


def _content(source: str, connection: str | None) -> bytes:
    """The bytes of a file, or of what a URL answers. Raises `ConfigError` or what the transport raises."""
    if connection is None and "://" not in source:
        try:
            return Path(source).read_bytes()
        except OSError as error:
            raise ConfigError(f"{source} cannot be read: {error.strerror}") from None
    request = Request("GET", source, headers=_ACCEPT)
    if connection is not None:
        with opened(connection) as erp:
            return erp._runner.run(ask(request)).content  # noqa: SLF001 - no flow of a connector asks for metadata
    transport = HttpTransport(trust_origin=source)
    try:
        answer = transport.send(request, source)
    finally:
        transport.close()
    if answer.status != 200:
        hint = "where it needs a login: --connection NAME, or save it to a file"
        raise Unavailable(f"the metadata was answered with status {answer.status}", status=answer.status, hint=hint)
    return answer.content
