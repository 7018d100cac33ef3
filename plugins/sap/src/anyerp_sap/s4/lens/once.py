"""Documents that no service changes: whatever is written of them is written on creation only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from anyerp.lens import Each, Join, Map, Nest, Rule
from anyerp.lens.rule import writable


def once(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules with everything that they write marked as `create_only`."""
    return tuple(_once(rule) for rule in rules)


def _once(rule: Rule) -> Rule:
    match rule:
        case Map() | Join() if writable(rule):
            return replace(rule, create_only=True)
        case Each() | Nest():
            return replace(rule, rules=once(rule.rules))
        case _:
            return rule
