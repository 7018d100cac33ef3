"""What values need before they are sent: codes become ids, a company is held against the connection's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anyerp.connector import Context, Flow

from anyerp_dynamics.bc.codec import ZERO
from anyerp_dynamics.bc.company import company
from anyerp_dynamics.bc.lens.common import COMPANY
from anyerp_dynamics.bc.lens.document import UNIT
from anyerp_dynamics.bc.lookup import Problems, by_field, one

INCOTERMS = "shipmentMethod/code"
#: What a line is of by the field that names it.
_OF = {"itemId": "Item", "accountId": "Account"}


@dataclass(slots=True)
class Values:
    """A header or a line: native values by path, and the pointer to it in the unified record."""

    pointer: str
    values: dict[str, Any]


def flat(native: Mapping[str, Any], *without: str) -> dict[str, Any]:
    """A native record's values by path, as changes have them."""
    found: dict[str, Any] = {}
    for name, value in native.items():
        if name in without:
            continue
        if isinstance(value, Mapping):
            found |= {f"{name}/{inner}": value[inner] for inner in value}
        else:
            found[name] = value
    return found


def finished(ctx: Context, header: Values, lines: Sequence[Values]) -> Flow[None]:
    """Make the parts ready to send. Raises `InvalidRecord` naming everything that leads nowhere."""
    problems = Problems()
    yield from at_home(ctx, header, problems)
    yield from incoterms(ctx, header, problems)
    yield from units(ctx, lines, problems)
    for part in lines:
        _of_one_kind(part, problems)
    problems.demand()


def at_home(ctx: Context, part: Values, problems: Problems) -> Flow[None]:
    """A company that is given must be the connection's own; another one needs another connection."""
    wanted = part.values.pop(COMPANY, None)
    if wanted is not None:
        at = yield from company(ctx)
        if wanted != at.id:
            problems.add("/company", "company", "companies.id", f"this connection works in {at.name!r} ({at.id})")


def incoterms(ctx: Context, header: Values, problems: Problems) -> Flow[None]:
    """A shipment method's code becomes its id."""
    if INCOTERMS not in header.values:
        return
    code = header.values.pop(INCOTERMS)
    id: str | None = ZERO
    if code is not None and code != "":
        found = yield from by_field(ctx, "shipmentMethods", "code", [code])
        id, why = one(found, code)
        if id is None:
            problems.add("/incoterms", "incoterms", "shipmentMethods.code", why)
    header.values["shipmentMethodId"] = id


def units(
    ctx: Context, parts: Sequence[Values], problems: Problems, path: str = UNIT, code_path: str = "unitOfMeasureCode"
) -> Flow[None]:
    """A Rec 20 code becomes the unit's own, unless that is given too; then the two must agree."""
    wanted = [part for part in parts if part.values.get(path)]
    standard = "internationalStandardCode"
    known = yield from by_field(ctx, "unitsOfMeasure", standard, (part.values[path] for part in wanted), give="code")
    for part in wanted:
        unit, own = str(part.values.pop(path)), part.values.get(code_path)
        codes = known.get(unit.upper(), [])
        if own in codes:
            continue
        code, why = one(known, unit)
        if own:
            code, why = None, f"{unit!r} is not the unit {own!r} that native_unit names"
        if code is None:
            problems.add(f"{part.pointer}/unit", "unit", f"unitsOfMeasure.{standard}", why)
        part.values[code_path] = code
    for part in parts:
        if path in part.values:
            part.values.pop(path)
            part.values.setdefault(code_path, "")


def _of_one_kind(part: Values, problems: Problems) -> None:
    """A line is of what its kind says: the service would take the kind from the item, and say nothing."""
    kind = part.values.get("lineType")
    for field, expected in _OF.items():
        if kind is not None and part.values.get(field, ZERO) != ZERO and kind != expected:
            problems.add(
                f"{part.pointer}/kind", "kind", "lineType", f"a line with {field} is of type {expected}, not {kind}",
                "invalid",
            )  # fmt: skip
