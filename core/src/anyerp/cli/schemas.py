"""`anyerp schemas`: the unified model as JSON Schema."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from anyerp.cli.output import tell
from anyerp.errors import ConfigError
from anyerp.model import RESOURCES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas(
    *, out: Annotated[Path | None, Parameter(help="Write a file for each resource into this folder.")] = None
) -> int:
    """Print the JSON Schema of every resource as one object, or write one file each."""
    every = {name: schema(name) for name in RESOURCES}
    if out is None:
        sys.stdout.write(json.dumps(every, indent=2, ensure_ascii=False) + "\n")
        return 0
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, found in every.items():
            (out / f"{name}.json").write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise ConfigError(f"{out} cannot be written to: {error.strerror}") from None
    tell(f"{len(every)} schemas in {out}")
    return 0


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one resource's records."""
    return {"$schema": DIALECT, **RESOURCES[name].model_json_schema(mode="validation")}
