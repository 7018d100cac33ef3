"""The catalogue of events: every type that the hub emits, what it means, and the JSON Schema of its data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from anyerp.model import RESOURCES

from anyerp_hub.connection.state import Health, Lifecycle

_TEXT: Mapping[str, Any] = {"type": "string"}
_MAYBE: Mapping[str, Any] = {"type": ["string", "null"]}
_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0}


def _schema(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"connection_id": _MAYBE, **properties},
        "required": ["connection_id", *properties],
        "additionalProperties": False,
    }


_MOVED = {"from": _TEXT, "to": _TEXT, "connector": _TEXT, "name": _TEXT}
_JOB = {
    "job_id": _TEXT,
    "kind": _TEXT,
    "resource": _MAYBE,
    "state": _TEXT,
    "reason": _MAYBE,
    "counts": {"type": "object", "additionalProperties": _COUNT},
}
_RUN = {"flow": _TEXT, "run_id": _TEXT, "state": _TEXT, "reason": _MAYBE, "counts": _JOB["counts"]}

_OWN: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"connection.{state}": (f"A connection became {state}.", _schema(**_MOVED)) for state in Lifecycle},
    **{
        f"connection.{health}": (
            f"A connection's health became {health}.",
            _schema(**_MOVED, reason=_MAYBE, resource=_MAYBE),
        )
        for health in Health
    },
    "connection.reauthorization_required": (
        "Somebody must reconnect; told once for each time.",
        _schema(reason=_TEXT, since=_TEXT, message=_MAYBE, connector=_TEXT, name=_TEXT),
    ),
    **{
        f"job.{state}": (f"A job became {state}.", _schema(**_JOB))
        for state in ("queued", "running", "paused", "waiting", "succeeded", "partial", "failed", "cancelled")
    },
    **{
        f"flow.{state}": (f"A run of a flow became {state}.", _schema(**_RUN))
        for state in ("started", "succeeded", "partial", "failed")
    },
    "webhook.test": ("Sent on request, to try an endpoint.", _schema(message=_TEXT)),
    "webhook.endpoint_disabled": (
        "An endpoint failed for too long, or said that it is gone; nothing more is sent to it.",
        _schema(endpoint_id=_TEXT, url=_TEXT, reason=_TEXT),
    ),
}

#: What may have happened to a record of a watched resource.
CHANGES = ("created", "updated", "deleted")


@cache
def _of_record(resource: str, change: str) -> tuple[str, dict[str, Any]]:
    about = f"A watched connection's {resource.replace('_', ' ')}: one was {change}."
    named: dict[str, Any] = {"watch_id": _TEXT, "resource": {"const": resource}, "id": _TEXT}
    if change == "deleted":
        return about, _schema(**named)
    model = RESOURCES[resource]
    made = model.model_json_schema()
    inside = made.pop("$defs", {})
    found = _schema(**named, record={"$ref": f"#/$defs/{model.__name__}"})
    return about, {**found, "$defs": {**inside, model.__name__: made}}


class _Events(Mapping[str, tuple[str, dict[str, Any]]]):
    """Every event by its type. The schemas of records are made when they are asked for."""

    _records: Mapping[str, tuple[str, str]] = MappingProxyType(
        {f"{resource}.{change}": (resource, change) for resource in RESOURCES for change in CHANGES}
    )

    def __getitem__(self, type: str) -> tuple[str, dict[str, Any]]:
        return _OWN[type] if type in _OWN else _of_record(*self._records[type])

    def __contains__(self, type: object) -> bool:
        return type in _OWN or type in self._records

    def __iter__(self) -> Iterator[str]:
        return iter((*_OWN, *self._records))

    def __len__(self) -> int:
        return len(_OWN) + len(self._records)


EVENTS = _Events()


def schema_of(type: str) -> dict[str, Any]:
    """The JSON Schema of an event's data. Raises `KeyError` for what is no event."""
    return EVENTS[type][1]


def matches(patterns: tuple[str, ...] | list[str], type: str) -> bool:
    """Whether an endpoint that asked for these (`connection.*`, `job.failed`; none: all) wants an event."""
    return not patterns or any(
        pattern == type or (pattern.endswith(".*") and type.startswith(pattern[:-1])) for pattern in patterns
    )
