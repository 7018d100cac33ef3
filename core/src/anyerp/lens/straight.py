"""Straight code for writing new objects: one generated function for those in which the same fields are set.

    def write(d, n):                        # the values given, the native object that grows
        v = d["quantity"]
        if v is not None:
            t = v if v.__class__ is str else str(v) if v.__class__ is Decimal else ""
            n["OrderQuantity"] = t if simple2(t) else carry2(v)
        ...

Its text is made from rules alone; names in it are ours (`anyerp.lens.fresh` says when it is used).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from anyerp.lens import carry, construct
from anyerp.lens.codec import Codec
from anyerp.lens.domain import DecimalDomain, RefDomain, TextDomain
from anyerp.lens.fields import members
from anyerp.lens.path import Keyed, Step, steps
from anyerp.lens.rule import Each, Join, Map, Nest, Rule, Slots, writable
from anyerp.model.base import Ref


class Function:
    """A function as it is written: lines of text, and what their names mean."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self._lines = ["def write(d, n):"]

    def __call__(self, depth: int, text: str) -> None:
        """Add a line."""
        self._lines.append("    " * (depth + 1) + text)

    def made(self) -> Callable[[Mapping[str, Any], dict[str, Any]], None]:
        """The function."""
        self(0, "return")
        own: dict[str, Any] = {}
        exec(compile("\n".join(self._lines), "<lens>", "exec"), self.names, own)  # noqa: S102 - text from rules, names are ours
        found: Callable[[Mapping[str, Any], dict[str, Any]], None] = own["write"]
        return found


def firsts(rules: Iterable[Rule], prefix: str = "") -> Counter[Step]:
    """How many writing rules share the first step of their paths."""
    found: Counter[Step] = Counter()
    for rule in rules:
        if not writable(rule):
            continue
        match rule:
            case Map(path=path) | Each(path=path):
                found[steps(prefix + path)[0]] += 1
            case Join(paths=paths) | Slots(paths=paths):
                found.update(steps(prefix + path)[0] for path in paths)
            case Nest(rules=inner, at=at):
                found += firsts(inner, prefix if at is None else f"{prefix}{at}/")
            case _:
                pass
    return found


def planting(source: Function, path: str, shared: Counter[Step], depth: int, value: str) -> None:
    """Lines that put a value at a path of the native object; what is missing on the way is made."""
    first, *rest = way = steps(path)
    inside = _literal(tuple(rest), value) if shared[first] == 1 else None
    if len(way) == 1:
        source(depth, f"n[{first!r}] = {value}")
    elif inside is not None:
        source(depth, f"n[{first!r}] = {inside}")
    else:
        name = f"way{len(source.names)}"
        source.names[name] = way
        source(depth, f"plant(n, {name}, {value})")


def _literal(way: tuple[Step, ...], value: str) -> str | None:
    """An expression for what holds only this value; None where it is not written so simply."""
    if not way:
        return value
    step, *after = way
    inside = _literal(tuple(after), value)
    if inside is None:
        return None
    if isinstance(step, str):
        return f"{{{step!r}: {inside}}}"
    if isinstance(step, int):
        return f"[{'{}, ' * step}{inside}]"
    named = after and isinstance(after[0], str)
    return f"[{{{step.member!r}: {step.value!r}, {inside[1:]}]" if named else None


def plant(native: dict[str, Any], way: tuple[Step, ...], value: Any) -> None:
    """Put a value at a path of an object that is ours alone."""
    here: Any = native
    for step, after in zip(way, (*way[1:], None), strict=True):
        at: Any = step
        if isinstance(step, Keyed):
            at = next((n for n, item in enumerate(here) if item.get(step.member) == step.value), len(here))
            if at == len(here):
                here.append({step.member: step.value})
        elif isinstance(step, int):
            while len(here) <= step:
                here.append({})
        if after is None:
            here[at] = value
            return
        here = here.setdefault(at, {} if isinstance(after, str) else []) if isinstance(here, dict) else here[at]
        if isinstance(here, dict) is not isinstance(after, str):
            raise carry.Hard  # two shapes at one path


_DAY = "v if v.__class__ is str or v.__class__ is date else None"


def name_of(annotation: Any) -> tuple[carry.Name, str]:
    """Under what a field's values are remembered, as a function and as an expression in `v`."""
    if construct.form(annotation) == "decimal":
        return carry.by_digits, 'v if v.__class__ is str else str(v) if v.__class__ is Decimal else ""'
    kinds = members(annotation)
    if int in kinds:
        return carry.by_whole, "v if v.__class__ is int else None"
    if Ref in kinds:
        return carry.by_keys, "by_keys(v)"
    return carry.by_text, "v if v.__class__ is str else None" if str in kinds else _DAY


def simple(annotation: Any, codec: Codec) -> tuple[Callable[[str], Any], str, str] | None:
    """For values that may be their own native form: the test of a text, the text of `v`, and the native form in `t`."""
    pattern = codec.as_it_stands()
    if pattern is None:
        return None
    test, form, one_key = re.compile(pattern).fullmatch, construct.form(annotation), Ref in members(annotation)
    if form == "decimal" and isinstance(codec.domain, DecimalDomain):
        one = codec.encode(Decimal(1))
        native = "t" if isinstance(one, str) else "(v if v.__class__ is Decimal else Decimal(t))"
        return test, 'v if v.__class__ is str else str(v) if v.__class__ is Decimal else ""', native
    if form == "text" and isinstance(codec.domain, TextDomain):
        return test, 'v if v.__class__ is str else ""', "t"
    key = 'v["id"] if v.__class__ is dict and len(v) == 1 and "id" in v else one_key(v)'
    return (test, key, "t") if one_key and isinstance(codec.domain, RefDomain) else None


NAMES: dict[str, Any] = {
    "Decimal": Decimal,
    "Hard": carry.Hard,
    "by_keys": carry.by_keys,
    "date": date,
    "one_key": carry.one_key,
    "plant": plant,
}
