"""Instants as callers write them: text of ISO 8601, and never a bare number of seconds."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter

_SPELT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}")
_READ = TypeAdapter(datetime)


def _text(value: object) -> object:
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, str) and _SPELT.match(value):
        return _READ.validate_python(value)
    raise ValueError("an instant is written as 2026-01-31T09:30:00Z")


Moment = Annotated[datetime, BeforeValidator(_text)]
