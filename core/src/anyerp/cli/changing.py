"""`anyerp changes`: what was created, updated and deleted since the last call, remembered in a file."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anyerp.cli.names import ConnectionName, ResourceName, collection, opened, resource_named
from anyerp.cli.output import line, tell
from anyerp.cli.reading import dumped
from anyerp.errors import ConfigError


def changes(
    connection: ConnectionName,
    resource: ResourceName,
    /,
    *,
    state: Annotated[Path, Parameter(help="Where the state is kept; without the file everything is new.")],
    deletions: Annotated[
        bool, Parameter(help="Look for deletions where the ERP has a change stamp (else always).", negative="")
    ] = False,
) -> int:
    """What changed since the last call, one JSON line each; the state is written once all lines are out."""
    name = resource_named(resource)
    before = _read(state)
    with opened(connection) as erp:
        found = collection(erp, name).changes(before, deletions=deletions)
    for change, records in (("created", found.created), ("updated", found.updated)):
        for record in records:
            sys.stdout.write(line({"change": change, "id": record.id, "record": dumped(record)}) + "\n")
    for gone in found.deleted:
        sys.stdout.write(line({"change": "deleted", "id": gone, "record": None}) + "\n")
    sys.stdout.flush()
    _write(state, found.state)
    tell(f"{len(found.created)} created, {len(found.updated)} updated, {len(found.deleted)} deleted")
    return 0


def _read(path: Path) -> str | None:
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ConfigError(f"the state in {path} cannot be read ({type(error).__name__})") from None


def _write(path: Path, text: str) -> None:
    """Put the new state in the place of the old one, whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            file.write(text)
        os.replace(file.name, path)  # noqa: PTH105 - atomic on every system
    except OSError as error:
        raise ConfigError(f"the state cannot be written to {path} ({type(error).__name__})") from None
