"""Coverage: what each unified field can do in an ERP, told from the same rules that read and write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from anyerp.lens.check import fields_of
from anyerp.lens.rule import Absent, Derived, Each, Join, Map, Nest, Rule, Slots, writable

#: Whether a row of a list says what stands at a native path (of a line: `lines/*/quantity`).
Listed = Callable[[str], bool]
#: The remark on a field that lists leave out.
GET_ONLY = "get only: lists leave it out"


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """What one unified field can do here: `rw`, `create`, `read` or `absent`, on which native paths, and why not.

    `listed` is False for a field that only `get` gives: in a list it is empty because nobody asked.
    """

    field: str
    mode: Literal["rw", "create", "read", "absent"]
    paths: tuple[str, ...] = ()
    because: str | None = None
    listed: bool = True


def coverage(rules: Iterable[Rule], listed: Listed | None = None) -> tuple[FieldCoverage, ...]:
    """Each field of a table, lines as `lines.quantity`; `listed` says which native paths a list has (None: all)."""
    return tuple(_coverage(rules, listed, "", ""))


def left_out(covered: Iterable[FieldCoverage], fields: Sequence[str]) -> tuple[str, ...]:
    """Those of some fields (`incoterms`, `ship_to`, `lines.tax_code`) of which lists say nothing at all."""
    known = [one for one in covered if one.mode != "absent"]
    found = []
    for name in fields:
        parts = [one for one in known if one.field == name or one.field.startswith(f"{name}.")]
        if parts and not any(one.listed for one in parts):
            found.append(name)
    return tuple(found)


def _coverage(rules: Iterable[Rule], listed: Listed | None, prefix: str, at: str) -> Iterator[FieldCoverage]:
    rules = tuple(rules)
    missing = {rule.field for rule in rules if not _in_lists(rule, listed, at)}
    for rule in rules:
        name = prefix + rule.field
        there = rule.field not in missing and not (isinstance(rule, Derived) and missing.intersection(rule.uses))
        remark = None if there else GET_ONLY
        match rule:
            case Absent(because=because):
                yield FieldCoverage(name, "absent", (), because)
            case Derived(native=native):
                yield FieldCoverage(
                    name, "read", tuple(path for path, _ in native), remark or "computed when reading", there
                )
            case Nest(rules=inner, at=below):
                yield from _coverage(inner, listed, f"{name}.", at + (f"{below}/" if below else ""))
            case Each(path=path, rules=inner):
                yield from _coverage(inner, listed, f"{name}.", f"{at}{path}/*/")
            case Map(path=path):
                mode = _mode(rule, create_only=rule.create_only)
                for field in fields_of(rule):
                    yield FieldCoverage(prefix + field, mode, (path,), remark, there)
            case Join(paths=paths):
                yield FieldCoverage(name, _mode(rule, create_only=rule.create_only), paths, remark, there)
            case Slots(paths=paths):
                yield FieldCoverage(name, _mode(rule, create_only=False), paths, remark, there)


def _in_lists(rule: Rule, listed: Listed | None, at: str) -> bool:
    if listed is None:
        return True
    match rule:
        case Map(path=path):
            return listed(at + path)
        case Join(paths=paths) | Slots(paths=paths):
            return all(listed(at + path) for path in paths)
        case Derived(native=native):
            return all(listed(at + path) for path, _ in native)
    return True


def _mode(rule: Rule, *, create_only: bool) -> Literal["rw", "create", "read"]:
    if not writable(rule):
        return "read"
    return "create" if create_only else "rw"
