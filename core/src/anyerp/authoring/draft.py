"""A lens module proposed for an entity. It constructs as it stands; what could not be matched is `todo:`."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from anyerp.authoring.emit import imported
from anyerp.authoring.entity import Entity
from anyerp.authoring.propose import Proposal, proposed
from anyerp.authoring.synonym import words
from anyerp.errors import ConfigError
from anyerp.model import RESOURCES

_OTHER_NAMES = {
    "vendors": ("supplier", "creditor"),
    "items": ("product", "material"),
    "locations": ("plant", "warehouse", "site"),
    "companies": ("subsidiary", "legal entity", "company code"),
    "units": ("unit of measure",),
}
_RULES = re.compile(r"\b(Absent|Each|Lens|Map|Nest)\(|\b(?<!\.)([a-z_]+)\(")


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted module and what it comes to."""

    model: str
    source: str
    mapped: int
    absent: int
    unused: int


def guessed(entity: str) -> str:
    """The resource that an entity's name speaks of, the longest name first. Raises `ConfigError` where none does."""
    spoken = " ".join(words(entity))
    names = {name: [" ".join(words(model.__name__)), *_OTHER_NAMES.get(name, ())] for name, model in RESOURCES.items()}
    pairs = [(phrase, name) for name, phrases in names.items() for phrase in phrases if phrase in spoken]
    if not pairs:
        hint = f"say it by --resource: {', '.join(sorted(RESOURCES))}"
        raise ConfigError(f"nothing tells which resource {entity!r} is", hint=hint)
    return max(pairs, key=lambda pair: len(pair[0]))[1]


def draft_of(entity: Entity, resource: str) -> Draft:
    """The module that is proposed for an entity."""
    model = RESOURCES[resource]
    found = proposed(model, entity)
    constant = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).upper()
    blocks = [*found.blocks, ("RULES", found.lines)]
    body = "\n\n".join(f"{name}: tuple[Rule, ...] = (\n" + "\n".join(lines) + "\n)" for name, lines in blocks)
    lens = f"{constant}: Lens[{model.__name__}] = Lens({model.__name__}, RULES)"
    unused = [name for name in found.unused if re.fullmatch(r"[\w.@$/-]+", name)]
    source = "\n".join([*_head(entity, model.__name__, body), "", body, "", lens, *_rest(unused), ""])
    return Draft(model.__name__, source, found.mapped, found.absent, len(found.unused))


def _head(entity: Entity, model: str, body: str) -> list[str]:
    name = re.sub(r"[^\w.@$-]", "?", entity.name)[:60]
    used = {
        rule or codec for rule, codec in _RULES.findall(re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', "", body))
    }
    kit = ["from anyerp.kits.odata import v2"] if re.search(r"\bv2\.", body) else []
    return [
        f'"""{model}, drafted from the entity {name}.',
        "",
        "Matched by names and types: check each line against the ERP's documentation, then delete this sentence.",
        '"""',
        "",
        *kit,
        imported("anyerp.lens", {*used, "Lens", "Rule"}),
        f"from anyerp.model import {model}",
    ]


def _rest(unused: list[str]) -> list[str]:
    if not unused:
        return []
    told = textwrap.wrap(", ".join(unused), 116, break_long_words=False, break_on_hyphens=False)
    return ["", "# Nothing above uses these properties; a customer's own are mapped as extra.NAME:"] + [
        f"# {line}" for line in told
    ]


__all__ = ["Draft", "Proposal", "draft_of", "guessed"]
