"""Values for the laws: every writable place of a lens, the edges of its domain, and random records inside it.

What a codec declares (its `domain`) and what the model demands are the only sources; nothing is asked of the codec's
own functions. Metadata that is not known here raises, so that no field is tried with invalid values in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from anyerp.lens import Codec, Each, Join, Lens, Map, Nest, Rule, Slots
from anyerp.lens.domain import (
    ChoiceDomain,
    DayDomain,
    DecimalDomain,
    Domain,
    InstantDomain,
    IntegerDomain,
    RefDomain,
    TextDomain,
)
from anyerp.lens.fields import members, model_of
from anyerp.lens.rule import writable
from anyerp.model import Ref

Fate = Literal["accept", "refuse", "either"]

#: Values for the patterns of the model's own types.
PATTERNS: dict[str, tuple[str, ...]] = {
    r"^[A-Z]{3}$": ("EUR", "JPY", "KWD", "USD"),
    r"^[A-Z]{2}$": ("DE", "US", "JP"),
    r"^[A-Z0-9]{2,3}$": ("C62", "KGM", "HUR", "EA"),
}


class UnknownPattern(ValueError):
    """The model has a pattern that no values are known for."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A value worth trying, and what must become of it: `either` means carried whole or refused."""

    value: Any
    fate: Fate
    why: str


@dataclass(frozen=True, slots=True)
class Place:
    """A writable place in a record: the fields that lead to it (`lines`, `quantity`) and the rule that carries it."""

    lens: Lens[Any]
    trail: tuple[Rule, ...]
    rule: Map | Join | Slots
    model: type[BaseModel]

    @property
    def codec(self) -> Codec:
        """The rule's codec."""
        return self.rule.codec

    @property
    def name(self) -> str:
        """The field as in the coverage table."""
        return ".".join([*(rule.field for rule in self.trail), self.rule.field])

    @property
    def paths(self) -> str:
        """The native paths, for messages."""
        own = (self.rule.path,) if isinstance(self.rule, Map) else self.rule.paths
        before = [
            (r.path + "/*") if isinstance(r, Each) else (r.at or "") for r in self.trail if isinstance(r, Each | Nest)
        ]
        return ", ".join("/".join([*filter(None, before), path]) for path in own)

    @property
    def create_only(self) -> bool:
        """Whether it is set at creation and never again."""
        return getattr(self.rule, "create_only", False)

    @property
    def in_line(self) -> bool:
        """Whether it stands in a line."""
        return any(isinstance(rule, Each) for rule in self.trail)

    def nested(self, value: Any) -> dict[str, Any]:
        """The value at its place, in the least record that can hold it."""
        head, _, custom = self.rule.field.partition(".")
        found: dict[str, Any] = {head: {custom: value}} if custom else {head: value}
        for rule in reversed(self.trail):
            if isinstance(rule, Each):
                key = key_of(rule)
                if key is not None and key.field not in found:
                    found = {key.field: first(key.codec.domain), **found}
                found = {rule.field: [found]}
            else:
                found = {rule.field: found}
        return found

    def record(self, value: Any) -> Any:
        """A record that holds nothing else. Raises `ValidationError` where the model does not take the value."""
        return self.lens.model.model_validate(self.nested(value))

    def of(self, record: Any, line: int = 0) -> Any:
        """What stands at this place in a record, None where nothing does."""
        for rule in self.trail:
            record = getattr(record, rule.field, None)
            if isinstance(rule, Each):
                record = record[line] if record and len(record) > line else None
        head, _, custom = self.rule.field.partition(".")
        found = getattr(record, head, None)
        return (found or {}).get(custom) if custom else found

    def settled(self, value: Any) -> Any:
        """What the codec declares that the value becomes."""
        if isinstance(self.rule, Slots):
            return tuple(self.codec.settle(one) for one in value)
        return self.codec.settle(value)

    def edges(self) -> list[Edge]:
        """The edges of its domain that the model takes."""
        found = [*edges(self.codec.domain), *self._of_the_model()] if self.codec.domain is not None else []
        if isinstance(self.rule, Slots):
            room = len(self.rule.paths)
            one = next((edge.value for edge in found if edge.fate == "accept"), None)
            found = [Edge((edge.value,), edge.fate, edge.why) for edge in found]
            if one is not None:
                found += [
                    Edge((one,) * room, "accept", "every slot filled"),
                    Edge((one,) * (room + 1), "refuse", "more values than slots"),
                ]
        return [edge for edge in found if self._valid(edge.value)]

    def _valid(self, value: Any) -> bool:
        try:
            self.record(value)
        except ValidationError:
            return False
        return True

    def _of_the_model(self) -> Iterator[Edge]:
        head = self.rule.field.partition(".")[0]
        annotation = [self.model.model_fields[head].annotation, *self.model.model_fields[head].metadata]
        domain = self.codec.domain
        if isinstance(domain, TextDomain):
            for pattern in patterns(annotation):
                if pattern not in PATTERNS:
                    raise UnknownPattern(f"{self.name}: no values are known for the pattern {pattern}")
                yield from (Edge(v, "accept", "a code") for v in PATTERNS[pattern] if len(v) <= domain.max_length)
        if isinstance(domain, ChoiceDomain):
            for part in members(annotation[0]):
                if get_origin(part) is Literal:
                    known = (value for value in get_args(part) if value not in domain.values)
                    yield from (Edge(value, "refuse", "a choice that the table lacks") for value in known)


def patterns(annotation: Iterable[Any]) -> Iterator[str]:
    """Every pattern that a field's annotation and metadata demand."""
    for one in annotation:
        for part in members(one):
            for facts in (part, *getattr(part, "metadata", ()), *getattr(part, "__metadata__", ())):
                pattern = getattr(facts, "pattern", None)
                if isinstance(pattern, str):
                    yield pattern


def places(lens: Lens[Any]) -> list[Place]:
    """Every writable place of a lens."""
    return list(_places(lens, lens.rules, (), lens.model))


def _places(lens: Lens[Any], rules: Iterable[Rule], trail: tuple[Rule, ...], model: Any) -> Iterator[Place]:
    for rule in rules:
        if not writable(rule):
            continue
        match rule:
            case Nest() | Each():
                yield from _places(lens, rule.rules, (*trail, rule), model_of(model, rule.field))
            case Map() | Join() | Slots():
                yield Place(lens, trail, rule, model)
            case _:
                pass


def key_of(rule: Each) -> Map | None:
    """The rule of a line's key, if it is ours to write."""
    for inner in rule.rules:
        if isinstance(inner, Map) and (inner.field, inner.path) == rule.key and writable(inner):
            return inner
    return None


def first(domain: Domain | None) -> Any:
    """Some value of a domain."""
    match domain:
        case IntegerDomain(minimum=low, maximum=high):
            return min(max(low, 10), high)
        case None:
            raise UnknownPattern("a key's codec declares no domain")
        case _:
            return next(edge.value for edge in edges(domain) if edge.fate == "accept")


def edges(domain: Domain) -> list[Edge]:
    """The edges of a domain, both sides of each."""
    match domain:
        case TextDomain():
            return list(_text(domain))
        case DecimalDomain():
            return list(_decimal(domain))
        case IntegerDomain(minimum=low, maximum=high):
            inside = [Edge(v, "accept", "inside the bounds") for v in dict.fromkeys((low, min(low + 1, high), high))]
            return [*inside, Edge(low - 1, "refuse", "below the least"), Edge(high + 1, "refuse", "above the most")]
        case DayDomain(minimum=low, maximum=high):
            days = (low, date(1999, 12, 31), date(2024, 2, 29), date(2025, 6, 30), high)
            inside = [Edge(day, "accept", "a day inside the bounds") for day in days if low <= day <= high]
            return [*inside, Edge(date(1, 1, 1), "either", "the day that means nothing"), Edge(date.max, "either", "")]
        case InstantDomain():
            zone = timezone(timedelta(hours=5, minutes=30))
            moments = (
                datetime(2000, 1, 1, tzinfo=UTC),
                datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
                datetime(2025, 6, 30, 1, 2, 3, 456789, tzinfo=zone),
            )
            return [Edge(moment, "accept", "a moment") for moment in moments]
        case ChoiceDomain(values=values):
            return [Edge(value, "accept", "a choice of the table") for value in values]
        case RefDomain(key=key):
            keys = list(_text(key))
            by_id = [Edge(Ref(id=edge.value), edge.fate, edge.why) for edge in keys if edge.value]
            by_number = [Edge(Ref(number=edge.value), "either", edge.why) for edge in keys if edge.value]
            return [*by_id, *by_number, Edge(Ref(name="by name only"), "either", "a reference without a key")]


def _text(domain: TextDomain) -> Iterator[Edge]:
    most = domain.max_length
    if domain.digits:
        yield Edge("7", "accept", "one digit")
        yield Edge("9" * most, "accept", f"all {most} digits")
        yield Edge("9" * (most + 1), "refuse", f"{most + 1} digits where {most} are declared")
        return
    samples = ("A", "aB9", "Mixed case 1", "Gr\u00f6\u00dfe \u00c9", "\u65e5\u672c", "a/b?c&d=e'f\"<g>")
    for sample in samples:
        if len(sample) <= most and len(sample.upper()) <= most:
            yield Edge(sample, "accept", "text inside the length")
    yield Edge("Ab" * (most // 2) + "X" * (most % 2), "accept", f"all {most} characters")
    yield Edge(
        "Ab" * (most // 2) + "X" * (most % 2) + "Y", "refuse", f"{most + 1} characters where {most} are declared"
    )
    for sample in ("007", "0", " led", "trailed ", "\u00df" * most, "two\nlines", "a\x00b"):
        yield Edge(sample, "either", "text that some ERPs change")


def _decimal(domain: DecimalDomain) -> Iterator[Edge]:
    least, whole = Decimal(1).scaleb(-domain.places), Decimal(10) ** (domain.digits - domain.places)
    low, high = domain.minimum, domain.maximum
    inside = [Decimal(1), Decimal(0), Decimal(-1), least, whole - least, Decimal("1E+1"), Decimal(3) * least]
    if domain.places:
        inside.append(Decimal("0.10") if domain.places > 1 else Decimal("0.3"))
    for value in inside:
        if (low is None or value >= low) and (high is None or value <= high) and abs(value) < whole:
            yield Edge(value, "accept", f"{domain.digits} digits, {domain.places} behind the point")
    yield Edge(whole, "refuse", f"{domain.digits - domain.places + 1} digits before the point")
    yield Edge(max(low or Decimal(1), Decimal(1)) + least / 10, "refuse", f"{domain.places + 1} decimal places")
    if low is not None:
        yield Edge(low - 1, "refuse", f"less than {low}")
    if high is not None:
        yield Edge(high, "accept", "the most")
        yield Edge(high + least, "refuse", f"more than {high}")


def strategy(lens: Lens[Any]) -> Any:
    """Random records inside the declared domains, as a Hypothesis strategy."""
    from hypothesis import strategies as st  # noqa: PLC0415 - only the deep laws need it

    return _rules(lens, lens.rules, (), lens.model, st).map(lens.model.model_validate)


def _rules(lens: Lens[Any], rules: Iterable[Rule], trail: tuple[Rule, ...], model: Any, st: Any) -> Any:
    optional: dict[str, Any] = {}
    custom: dict[str, dict[str, Any]] = {}
    for rule in rules:
        if not writable(rule):
            continue
        match rule:
            case Nest(field=field):
                optional[field] = _rules(lens, rule.rules, (*trail, rule), model_of(model, field), st)
            case Each(field=field):
                optional[field] = _lines(lens, rule, trail, model_of(model, field), st)
            case Map() | Join() | Slots():
                values = [edge.value for edge in Place(lens, trail, rule, model).edges() if edge.fate == "accept"]
                if not values:
                    continue
                made = _of(rule.codec.domain, st) if not isinstance(rule, Slots) else None
                plain = made is not None and not list(
                    patterns([model.model_fields[rule.field.partition(".")[0]].annotation])
                )
                one = st.one_of(st.sampled_from(values), made) if plain else st.sampled_from(values)
                head, _, name = rule.field.partition(".")
                if name:
                    custom.setdefault(head, {})[name] = one
                else:
                    optional[head] = one
            case _:
                pass
    for head, fields in custom.items():
        optional[head] = st.fixed_dictionaries({}, optional=fields)
    return st.fixed_dictionaries({}, optional=optional)


def _lines(lens: Lens[Any], rule: Each, trail: tuple[Rule, ...], model: Any, st: Any) -> Any:
    line = _rules(lens, rule.rules, (*trail, rule), model, st)
    key = key_of(rule)
    if key is None:
        return st.lists(line, max_size=3)
    keyed = st.tuples(line, _of(key.codec.domain, st)).map(lambda pair: {**pair[0], key.field: pair[1]})
    return st.lists(keyed, max_size=3, unique_by=lambda found: key.codec.settle(found[key.field]))


_LETTERS = "ABCxyz019-.\u00c4\u00e9\u65e5"


def _of(domain: Domain | None, st: Any) -> Any:
    match domain:
        case TextDomain(max_length=most, digits=digits):
            return st.text("123456789" if digits else _LETTERS, min_size=1, max_size=min(most, 60))
        case DecimalDomain(digits=digits, places=places_, minimum=low, maximum=most_):
            top = 10**digits - 1 if most_ is None else int(most_ * 10**places_)
            bottom = -top if low is None else int(low * 10**places_)
            return st.integers(bottom, top).map(lambda n: Decimal(n).scaleb(-places_))
        case IntegerDomain(minimum=low_, maximum=high):
            return st.integers(low_, high)
        case DayDomain(minimum=first_day, maximum=last_day):
            return st.dates(first_day, last_day)
        case InstantDomain():
            return st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
        case ChoiceDomain(values=values):
            return st.sampled_from(values)
        case RefDomain(key=key):
            return _of(key, st).map(lambda value: Ref(id=value))
        case _:
            return None


def each(found: Any, check: Callable[[Any], None], count: int) -> None:
    """Run a check on random values of a strategy, the same ones each time unless many are asked for."""
    from hypothesis import HealthCheck, given, settings  # noqa: PLC0415

    quick = count <= 100
    chosen: Any = settings(
        max_examples=count,
        derandomize=quick,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    search: Any = given(found)
    chosen(search(check))()
