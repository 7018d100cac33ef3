"""Narrow lenses: only some fields of a table, with what they are computed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from anyerp.lens.check import fields_of
from anyerp.lens.rule import Absent, Derived, Each, Nest, Rule


def narrowed(rules: Iterable[Rule], fields: Iterable[str], always: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules for some fields: `vendor`, `lines` (whole lines) or `lines.quantity`, `extra.project`.

    Lists keep their key, and computed fields what they are computed from. Raises `ValueError` naming every field
    that the table does not have.
    """
    rules = tuple(rules)
    wanted = set(fields)
    known = {name for rule in rules for name in fields_of(rule)} | {f"{r.field}.{f}" for r in rules for f in _inner(r)}
    unknown = sorted(wanted - known - {name.partition(".")[0] for name in known})
    if unknown:
        raise ValueError(f"no such field: {', '.join(unknown)}")
    wanted |= set(always)
    used: set[str] = set()
    for rule in rules:
        if isinstance(rule, Derived) and rule.field in wanted:
            # Which parts of a used list the computation looks at is its own business: it gets whole lines, unless
            # the caller names them one by one.
            used |= set(rule.uses)
            wanted |= {name for name in rule.uses if not any(w.startswith(f"{name}.") for w in wanted)}
    return tuple(kept for rule in rules if (kept := _kept(rule, wanted, used)) is not None)


def _inner(rule: Rule) -> set[str]:
    return {name for inner in rule.rules for name in fields_of(inner)} if isinstance(rule, (Each, Nest)) else set()


def _kept(rule: Rule, wanted: set[str], used: set[str]) -> Rule | None:
    if isinstance(rule, Absent):
        return rule
    below = {name.partition(".")[2] for name in wanted if name.startswith(f"{rule.field}.")}
    if isinstance(rule, (Each, Nest)) and below and rule.field not in wanted:
        # Computations look at lines' status: where one is given some lines, it comes along.
        always = {rule.key[0], *(("status",) if rule.field in used else ())} if isinstance(rule, Each) else set()
        return replace(rule, rules=narrowed(rule.rules, below, always & _inner(rule)))
    heads = {name.partition(".")[0] for name in fields_of(rule)}
    return rule if wanted.intersection(fields_of(rule)) or wanted & heads else None
