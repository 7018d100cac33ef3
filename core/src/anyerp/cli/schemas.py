"""`anyerp schemas`: the unified model as JSON Schema."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anyerp.cli.output import tell
from anyerp.errors import ConfigError
from anyerp.model.schema import schemas as every_schema
from anyerp.model.schema import write_schemas


def schemas(
    *, out: Annotated[Path | None, Parameter(help="Write a file for each resource into this folder.")] = None
) -> int:
    """Print the JSON Schema of every resource as one object, or write one file each."""
    if out is None:
        sys.stdout.write(json.dumps(every_schema(), indent=2, ensure_ascii=False) + "\n")
        return 0
    try:
        written = write_schemas(out)
    except OSError as error:
        raise ConfigError(f"{out} cannot be written to: {error.strerror}") from None
    tell(f"{len(written)} schemas in {out}")
    return 0
