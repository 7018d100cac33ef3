"""Rules proposed for a model: each field gets the property whose name and type fit it best, or a todo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from anyerp.authoring.emit import call, literal
from anyerp.authoring.entity import Children, Entity, Property
from anyerp.authoring.fit import Fit, fit, fitting, need_of
from anyerp.authoring.skeleton import TODO
from anyerp.authoring.synonym import closeness, words
from anyerp.lens.check import UNRULED
from anyerp.lens.fields import is_list, model_of

#: Never written, whatever the metadata says.
READ_ONLY = frozenset({"id", "number", "version", "url", "created_at", "updated_at"})
#: How line numbers are called, where the metadata names no key of the lines.
LINE_NUMBERS = (
    "line number",
    "line no",
    "line num",
    "item number",
    "sequence",
    "position",
    "line",
    "item",
    "number",
    "no",
)


@dataclass(slots=True)
class Proposal:
    """Lines of source for one table, the tables of its lists before it, and how well the two sides met."""

    lines: list[str] = field(default_factory=list)
    blocks: list[tuple[str, list[str]]] = field(default_factory=list)
    mapped: int = 0
    absent: int = 0
    unused: list[str] = field(default_factory=list)

    def absence(self, name: str, because: str = TODO, indent: int = 4) -> None:
        """Say that a field is left to do."""
        self.absent += 1
        self.lines.append(call("Absent", literal(name), literal(because), indent=indent))


def proposed(model: type[BaseModel], entity: Entity) -> Proposal:
    """A table for a model, of whole lines, lists included."""
    told, used = _Told(read_only=READ_ONLY), set[str]()
    fields = [name for name in model.model_fields if name not in UNRULED]
    nested = [name for name in fields if model_of(model, name) and not _ref(model, name)]
    flat = [name for name in fields if name not in nested]
    record = "id" in flat and "version" in flat
    chosen = _keys(entity, told) if record else {}
    chosen |= _matched(
        model, [name for name in flat if name not in chosen | told.reasons], entity.properties, entity.name, told
    )
    if "number" in flat and "id" in chosen:
        chosen.setdefault("number", chosen["id"])
    for name in flat:
        _flat(told.out, name, chosen.get(name), told)
    used |= {one.path for one, _ in chosen.values()}
    for name in nested:
        if is_list(model, name):
            _list(told, model, name, entity, used)
        else:
            _nest(told, model, name, entity, used)
    told.out.unused = [one.path for one in entity.properties if one.path not in used]
    return told.out


@dataclass(slots=True)
class _Told:
    """The proposal in the making, reasons for what nearly fitted, and fields that another rule fills along."""

    out: Proposal = field(default_factory=Proposal)
    reasons: dict[str, str] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)
    read_only: frozenset[str] = frozenset()


Chosen = dict[str, tuple[Property, Fit]]


def _ref(model: type[BaseModel], name: str) -> bool:
    return need_of(model, name).kind == "ref"


def _keys(entity: Entity, told: _Told) -> Chosen:
    by_path = {one.path: one for one in entity.properties}
    keys = [by_path[name] for name in entity.key if name in by_path]
    if len(keys) == 1 and keys[0].kind in ("text", "digits"):
        return {"id": (keys[0], Fit(_as_text(keys[0])))}
    if keys:
        kinds = ", ".join(f"{one.path} ({one.kind})" for one in keys)
        told.reasons["id"] = f"todo: the key is {kinds}; write a codec that makes it one text, with Join"
    return {}


def _as_text(one: Property) -> str:
    return f"text({one.max_length or ''})"


def _matched(
    model: type[BaseModel], fields: Iterable[str], properties: Sequence[Property], entity: str, told: _Told
) -> Chosen:
    """The best pairs first; a property serves one field. What means a field but does not fit becomes its reason."""
    pairs = []
    for name in fields:
        need = need_of(model, name)
        for one in properties:
            score = closeness(name, one.path, entity)
            if not score:
                continue
            found = fit(need, one)
            if isinstance(found, str):
                told.reasons.setdefault(name, found)
            else:
                pairs.append((score, name, one, found))
    chosen: Chosen = {}
    taken: set[str] = set()
    for _, name, one, found in sorted(pairs, key=lambda pair: (-pair[0], pair[2].path, pair[1])):
        if name not in chosen and one.path not in taken and name not in told.filled:
            chosen[name] = one, found
            taken.add(one.path)
            native = f"native_{name}"
            if found.native and native in model.model_fields:
                told.filled.add(native)
                chosen.pop(native, None)
    for name, (one, _) in chosen.items():
        if name.startswith("native_"):
            told.reasons[name.removeprefix("native_")] = (
                f"todo: {one.path} holds the ERP's own code; write a choice of it"
            )
    return {name: pair for name, pair in chosen.items() if name not in told.filled}


def _flat(out: Proposal, name: str, pair: tuple[Property, Fit] | None, told: _Told, indent: int = 4) -> None:
    """The line of a field that is no nested model."""
    if name in told.filled:
        return
    if pair is None:
        out.absence(name, told.reasons.get(name, TODO), indent)
        return
    one, found = pair
    options = []
    if one.read_only or found.read_only or name in told.read_only:
        options.append("read_only=True")
    elif one.create_only:
        options.append("create_only=True")
    if f"native_{name}" in told.filled:
        options.append(f'native="native_{name}"')
    out.mapped += 1
    out.lines.append(call("Map", literal(name), literal(one.path), found.codec, *options, indent=indent))


def _nest(told: _Told, model: type[BaseModel], name: str, entity: Entity, used: set[str]) -> None:
    inner = model_of(model, name)
    assert inner is not None
    spoken = {"ship_to": ("ship", "delivery"), "bill_to": ("bill", "invoice")}.get(name)
    free = [
        one for one in entity.properties
        if one.path not in used and (spoken is None or words(one.path)[:1] in [(word,) for word in spoken])
    ]  # fmt: skip
    own = entity.name if spoken is None else " ".join([*(f"{word} to address" for word in spoken), *spoken])
    below = _Told()
    fields = [field for field in inner.model_fields if field not in UNRULED]
    chosen = _matched(inner, fields, free, own, below)
    if len(chosen) < 2:
        told.out.absence(name)
        return
    used |= {one.path for one, _ in chosen.values()}
    told.out.lines += ["    Nest(", f"        {literal(name)},", "        ("]
    before = len(told.out.lines)
    for field_ in fields:
        _flat(told.out, field_, chosen.get(field_), below, indent=12)
    assert len(told.out.lines) > before
    told.out.lines += ["        ),", "    ),"]


def _list(told: _Told, model: type[BaseModel], name: str, entity: Entity, used: set[str]) -> None:
    inner = model_of(model, name)
    assert inner is not None
    best: tuple[int, Children, Proposal] | None = None
    for children in entity.children:
        table = _line_table(inner, children.entity, entity.key)
        if table is None:
            continue
        score = table.mapped + (20 if closeness(name, children.name, entity.name) else 0)
        if best is None or score > best[0]:
            best = score, children, table
    if best is None:
        told.out.absence(name, "todo: no list of the entity has a line number" if entity.children else TODO)
        return
    _, children, table = best
    constant = name.upper()
    told.out.blocks.append((constant, table.lines))
    told.out.mapped += table.mapped
    told.out.absent += table.absent
    key = next(line for line in table.lines if line.lstrip().startswith('Map("number"'))
    path = key.split(", ")[1]
    told.out.lines.append(call("Each", literal(name), literal(children.path), constant, f'key=("number", {path})'))


def _line_table(inner: type[BaseModel], entity: Entity, above: tuple[str, ...]) -> Proposal | None:
    """A table for lines; None where nothing tells them apart."""
    told = _Told()
    fields = [name for name in inner.model_fields if name not in UNRULED]
    if "number" not in fields:
        return None
    chosen = _line_number(inner, entity, above)
    if chosen is None:
        return None
    pairs: Chosen = {"number": chosen}
    free = [one for one in entity.properties if one.path != chosen[0].path]
    simple = [name for name in fields if name != "number" and (model_of(inner, name) is None or _ref(inner, name))]
    pairs |= _matched(inner, simple, free, entity.name, told)
    for name in fields:
        _flat(told.out, name, pairs.get(name), told)
    return told.out


def _line_number(inner: type[BaseModel], entity: Entity, above: tuple[str, ...]) -> tuple[Property, Fit] | None:
    """What numbers the lines: the last part of their key that is not the document's, else what is called so."""
    need = need_of(inner, "number")
    candidates = [(one, found) for one in entity.properties if (found := fitting(need, one)) is not None]
    keys = [pair for pair in candidates if pair[0].path in entity.key and pair[0].path not in above]
    if keys:
        return keys[-1]
    for phrase in LINE_NUMBERS:
        for one, found in candidates:
            if " ".join(words(one.path)).endswith(phrase):
                return one, found
    return None
