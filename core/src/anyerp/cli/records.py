"""Records from a file or a pipe: one JSON object, a JSON array, or JSON lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from pydantic import ValidationError

from anyerp.cli.output import tell
from anyerp.errors import ConfigError, InvalidRecord
from anyerp.jsonlimits import InvalidJson, load_json
from anyerp.lens.compiled import explained
from anyerp.model import RESOURCES
from anyerp.model.base import Record

Source = Annotated[
    str,
    Parameter(help="A file with one JSON object, a JSON array or JSON lines; - for stdin.", allow_leading_hyphen=True),
]


def read(resource: str, source: str) -> list[Record | InvalidRecord]:
    """Every record, or in its place why it is none.

    Raises `ConfigError`, before anything is sent, for what is no JSON: a file that is cut off must not be half sent.
    """
    return [_record(RESOURCES[resource], number, value) for number, value in enumerate(_values(_content(source)), 1)]


def _content(source: str) -> bytes:
    if source == "-":
        if sys.stdin.isatty():
            tell("anyerp: reading JSON from the terminal; Ctrl-D ends it")
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise ConfigError(f"{source} cannot be read: {error.strerror}") from None


def _values(content: bytes) -> list[Any]:
    if not content.strip():
        raise ConfigError("there is no record to read", hint="give a file, or pipe JSON into the command")
    try:
        whole = load_json(content)
    except InvalidJson as error:
        lines = [(number, text) for number, text in enumerate(content.splitlines(), 1) if text.strip()]
        if len(lines) == 1:
            raise ConfigError(f"the input is no JSON: {error}") from None
    else:
        return whole if isinstance(whole, list) else [whole]
    values = []
    for number, text in lines:
        try:
            values.append(load_json(text))
        except InvalidJson as error:
            raise ConfigError(f"the input is no JSON, and line {number} is none by itself: {error}") from None
    return values


def _record(model: type[Record], number: int, value: Any) -> Record | InvalidRecord:
    try:
        # Through JSON, so that exactly the documents are taken that the published JSON Schema describes.
        return model.model_validate_json(json.dumps(value, default=float))
    except ValidationError as error:
        return InvalidRecord(
            f"record {number} does not fit the model",
            problems=explained(error),
            hint='`anyerp schemas` prints the model; amounts and quantities are text: "10.50"',
        )
