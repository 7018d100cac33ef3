"""Forms from a connector's models: a field for each setting and each credential."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
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


def fields(
    model: type[BaseModel], prefix: str, given: Mapping[str, str], errors: Mapping[str, str], *, kept: bool = False
) -> list[Field]:
    """The fields of a model; `given` are texts as they were typed, passwords are never shown again.

    `kept`: what is left empty stays as it is, so that no password need be typed again.
    """
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
                label=label(name),
                kind=kind,
                required=name in schema.get("required", ()) and not (kept and kind == "password"),
                value="" if kind == "password" else value,
                about="Left empty, it stays as it is." if kept and kind == "password" else _about(model, name, facts),
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


def label(name: str) -> str:
    """What a field is called on a page: `base_url` is the Base URL."""
    words = [word.upper() if word in _SMALL else word for word in name.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _about(model: type[BaseModel], name: str, facts: Mapping[str, Any]) -> str:
    return _plain(str(facts.get("description") or _documented(model).get(name, "")))


@cache
def _documented(model: type[BaseModel]) -> dict[str, str]:
    """What stands below each field of a model, as authors document them."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if each is BaseModel or not issubclass(each, BaseModel):
            continue
        try:
            body = ast.parse(textwrap.dedent(inspect.getsource(each))).body[0]
        except (OSError, TypeError, SyntaxError):  # an installation without sources has forms all the same
            continue
        for row, below in pairwise(getattr(body, "body", [])):
            match row, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = inspect.cleandoc(text)
    return found


def title_of(model: type[BaseModel]) -> str:
    """What a way of signing in is called: how its docstring begins."""
    return re.split(r"[:;]|\. ", _first_line(model))[0]


def about_of(model: type[BaseModel]) -> str:
    """What else the first line of its docstring says."""
    rest = _first_line(model)[len(title_of(model)) :].lstrip(":;. ")
    return f"{rest[:1].upper()}{rest[1:]}." if rest else ""


def _first_line(model: type[BaseModel]) -> str:
    return _plain((model.__doc__ or model.__name__).strip().splitlines()[0].rstrip("."))


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())
