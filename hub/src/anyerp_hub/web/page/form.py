"""Forms from a connector's models: a field for each setting and each credential."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

_SMALL = {"id", "url", "api", "sap", "oauth"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `kind`: text, password, url, number, checkbox, choice or json."""

    name: str
    label: str
    kind: str
    required: bool
    value: str = ""
    about: str = ""
    choices: tuple[str, ...] = ()
    error: str = ""


def fields(model: type[BaseModel], prefix: str, given: Mapping[str, str], errors: Mapping[str, str]) -> list[Field]:
    """The fields of a model; `given` are texts as they were typed, passwords are never shown again."""
    schema = model.model_json_schema()
    found = []
    for name, facts in schema.get("properties", {}).items():
        kind, choices = _kind(facts, schema, name)
        key = f"{prefix}.{name}"
        default = facts.get("default")
        value = given.get(key, "" if default is None else default if isinstance(default, str) else json.dumps(default))
        found.append(
            Field(
                name=key,
                label=_label(name),
                kind=kind,
                required=name in schema.get("required", ()),
                value="" if kind == "password" else value,
                about=_about(model, name, facts),
                choices=choices,
                error=errors.get(key, ""),
            )
        )
    return found


def values(model: type[BaseModel], prefix: str, given: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as values for a model; what was left empty is left out."""
    schema = model.model_json_schema()
    found: dict[str, Any] = {}
    for name, facts in schema.get("properties", {}).items():
        kind, _ = _kind(facts, schema, name)
        text = given.get(f"{prefix}.{name}", "").strip() if kind != "password" else given.get(f"{prefix}.{name}", "")
        if kind == "checkbox":
            found[name] = text not in ("", "false")
        elif text == "":
            continue
        elif kind in ("number", "json"):
            try:
                found[name] = json.loads(text)
            except ValueError:
                found[name] = text  # the model says what it wants
        else:
            found[name] = text
    return found


def _kind(facts: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> tuple[str, tuple[str, ...]]:
    options = [each for each in facts.get("anyOf", [facts]) if each.get("type") != "null"]
    facts = options[0] if len(options) == 1 else {}
    if "$ref" in facts:
        facts = schema.get("$defs", {}).get(facts["$ref"].rpartition("/")[2], {})
    if "enum" in facts:
        return "choice", tuple(str(each) for each in facts["enum"])
    match facts.get("type"):
        case "string" if facts.get("format") == "password":
            return ("json" if "pem" in name else "password"), ()
        case "string":
            return ("url" if name.endswith("url") else "text"), ()
        case "boolean":
            return "checkbox", ()
        case "integer" | "number":
            return "number", ()
        case _:
            return "json", ()


def _label(name: str) -> str:
    words = [word.upper() if word in _SMALL else word for word in name.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _about(model: type[BaseModel], name: str, facts: Mapping[str, Any]) -> str:
    return str(facts.get("description") or "")


def title_of(model: type[BaseModel]) -> str:
    """What a way of signing in is called: the first line of its docstring."""
    return (model.__doc__ or model.__name__).strip().splitlines()[0].rstrip(".")
