"""Flows as text: YAML of people, checked, with the line of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import yaml  # type: ignore[import-untyped]
from anyerp.errors import ConfigError
from pydantic import ValidationError

from anyerp_hub.flow.definition import Flow
from anyerp_hub.flow.path import verify

_SAME = ("name", "read", "write", "batch_size", "pause", "on_problem")
_KEYS = (*_SAME, "filter", "map", "trigger")
#: Where the parts of a flow stand in its text.
_PLACES: dict[tuple[str, ...], tuple[str, ...]] = {("transform", "only"): ("filter",), ("transform",): ("map",)}
_PLACES |= {(one,): ("trigger", "schedule", one) for one in ("every", "at")} | {("webhook",): ("trigger",)}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # untyped
    """YAML without its surprises: `0012` and `22:30` and `no` are texts, and no key stands twice."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node that is written out; an alias could stand for millions."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not read", problem_mark=self.peek_event().start_mark)
        return super().compose_node(parent, index)


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?[0-9]+\.[0-9]+", "-0123456789"),
    ("null", r"null|~|", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^({_pattern})$"), list(_first))


def read_file(path: str | Path) -> list[Flow]:
    """The flows of a YAML file: one, or several behind `---`. Raises `ConfigError` naming file, line and field."""
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    return read_text(text, str(path))


def read_text(text: str, source: str = "flow") -> list[Flow]:
    """The flows of a text in YAML. Raises `ConfigError` naming line and field."""
    loader = _Loader(text)
    flows = []
    try:
        while loader.check_node():
            node = loader.get_node()
            _once(node, source)
            flows.append(_flow(loader.construct_document(node), node, source))
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{source}{line}: {error.problem or 'this is not YAML'}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{source}: {error}") from None
    finally:
        loader.dispose()
    if not flows:
        raise ConfigError(f"{source}: there is no flow in it")
    names = [flow.name for flow in flows]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigError(f"{source}: two flows have the name {twice}", hint="give each its own")
    return flows


def _flow(data: Any, node: Any, source: str) -> Flow:
    def refuse(place: tuple[str, ...], message: str, hint: str | None = None) -> ConfigError:
        field = ".".join(place)
        said = (
            f"{source}:{_line(node, place)}: {field}: {message}" if field else f"{source}:{_line(node, ())}: {message}"
        )
        return ConfigError(said, hint=hint)

    if not isinstance(data, dict):
        raise refuse((), "a flow is a mapping of " + ", ".join(_KEYS))
    for key in data:
        if key not in _KEYS:
            raise refuse((str(key),), "there is no such part of a flow", "its parts: " + ", ".join(_KEYS))
    if isinstance(data.get("map"), dict) and "only" in data["map"]:
        raise refuse(("map", "only"), "is written as filter, beside map")
    values = {key: data[key] for key in _SAME if key in data}
    try:
        values["transform"] = {**_mapping(data, "map"), "only": _mapping(data, "filter")}
        if isinstance(translate := values["transform"].get("translate"), dict):
            values["transform"]["translate"] = {path: _texts(words) for path, words in translate.items()}
        values |= _trigger(data.get("trigger", "call"))
    except ValueError as error:
        raise refuse(tuple(str(one) for one in error.args[:-1]), str(error.args[-1])) from None
    try:
        flow = Flow.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        loc = tuple(str(one) for one in first["loc"])
        if loc[:1] == ("write",):
            loc = loc[:1] + loc[2:]  # without the kind of target
        raise refuse(_placed(loc), first["msg"].removeprefix("Value error, ")) from None
    try:
        verify(flow)
    except ConfigError as error:
        raise ConfigError(f"{source}:{_line(node, ())}: flow {flow.name}: {error.message}", hint=error.hint) from None
    return flow


def _placed(loc: tuple[str, ...]) -> tuple[str, ...]:
    for inside, place in _PLACES.items():
        if loc[: len(inside)] == inside:
            return place + loc[len(inside) :]
    return loc


def _mapping(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = data.get(key)
    if found is not None and not isinstance(found, dict):
        raise ValueError(key, "is not a mapping")
    return found or {}


def _texts(words: Any) -> Any:
    if not isinstance(words, dict):
        return words
    return {_text(key): _text(value) for key, value in words.items()}


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _trigger(found: Any) -> dict[str, Any]:
    if found in ("call", "webhook"):
        return {"webhook": found == "webhook"}
    schedule = found.get("schedule") if isinstance(found, dict) and set(found) == {"schedule"} else None
    if not isinstance(schedule, dict) or len(schedule) != 1 or not set(schedule) <= {"every", "at"}:
        raise ValueError(
            "trigger", "is call, webhook, or schedule with one of every (90, 15m, 6h, 1d) and at (02:00, UTC)"
        )
    every = schedule.get("every")
    if isinstance(every, str):
        match = re.fullmatch(r"([0-9]{1,8})([smhd])", every)
        if match is None:
            raise ValueError("trigger", "schedule", "every", "is not a time such as 90, 15m, 6h or 1d")
        return {"every": int(match[1]) * _UNITS[match[2]]}
    return dict(schedule)


def _once(node: Any, source: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ConfigError(f"{source}:{key.start_mark.line + 1}: a name is a text", hint="quote it")
            if key.value in seen:
                raise ConfigError(f"{source}:{key.start_mark.line + 1}: {key.value} stands twice", hint="remove one")
            seen.add(key.value)
            _once(value, source)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            _once(inner, source)


def _line(node: Any, place: tuple[str, ...]) -> int:
    """The line of a place, or of what is nearest above it."""
    line: int = node.start_mark.line + 1
    for name in place:
        if not isinstance(node, yaml.MappingNode):
            break
        found = next(((key, value) for key, value in node.value if key.value == name), None)
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line
