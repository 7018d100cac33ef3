"""Fields that minor versions added to the model: a table that is older than they are has them absent, and works on."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel

from anyerp.lens.fields import model_of
from anyerp.lens.rule import Absent, Each, Map, Nest, Rule

#: By class and field, the minor of plugin API 1 that brought it: `{"Vendor": {"iban": 1}}`. What 1.0 has is not here.
ADDED: dict[str, dict[str, int]] = {}


def completed(model: type[BaseModel], rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules, and an `Absent` for each added field that they do not speak of, in nested values and lines too."""
    if not ADDED:
        return rules
    found = [_within(model, rule) for rule in rules]
    spoken = {
        name.partition(".")[0] for rule in rules for name in (rule.field, isinstance(rule, Map) and rule.native) if name
    }
    for field, minor in ADDED.get(model.__name__, {}).items():
        if field not in spoken:
            found.append(Absent(field, f"todo: came with 1.{minor}, this table is older"))
    return tuple(found)


def _within(model: type[BaseModel], rule: Rule) -> Rule:
    if isinstance(rule, (Nest, Each)) and rule.field in model.model_fields:
        inner = model_of(model, rule.field)
        if inner is not None:
            return replace(rule, rules=completed(inner, rule.rules))
    return rule
