"""Values on the wire of OData V4: numbers are numbers, days are ISO, nothing but dates may be null (sap sheet §5)."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from anyerp_sap.sandbox.codes import fixed, unit_out
from anyerp_sap.sandbox.edm import Property, Row, Value
from anyerp_sap.sandbox.errors import bad_request
from anyerp_sap.sandbox.v4.schema import Twin
from anyerp_sap.sandbox.values import accepted as accepted_v2
from anyerp_sap.sandbox.values import amount_places

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NULLABLE = {"date", "dto", "guid"}
#: The scale of an amount that stands in a body: as many decimals as any currency has.
_MOST_PLACES = 3


def shown(prop: Property, twin: Twin, row: Row, language: str, *, as_text: bool) -> Any:
    """Give the JSON form of one property of a V4 row; `as_text` is what IEEE754Compatible asks for."""
    value = row.get(prop.name, prop.initial)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal):
        text = fixed(value, amount_places(prop, twin.entity, row))
        return text if as_text else Decimal(text)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond:06}Z"
    if isinstance(value, date):
        return value.isoformat()
    return unit_out(value, language) if prop.external_unit and isinstance(value, str) else value


def accepted(prop: Property, twin: Twin, raw: Any, language: str, *, as_text: bool) -> Value:
    """Read one property of a body. Raises a 400 for null where none may be, and for numbers sent as strings."""
    if raw is None and prop.kind not in _NULLABLE:
        raise bad_request("/IWFND/CM_MGW/023", prop.name, "null", target=prop.name)
    if raw is not None and prop.kind == "D":
        number = isinstance(raw, (int, Decimal)) and not isinstance(raw, bool)
        if isinstance(raw, str) is not as_text or not (number or as_text):
            raise bad_request("/IWFND/CM_MGW/023", prop.name, raw, target=prop.name)
        scale = _MOST_PLACES if prop.name in twin.amounts else prop.scale
        wide = Property(prop.name, "D", precision=(prop.precision or 0) + (scale or 0) - (prop.scale or 0), scale=scale)
        return accepted_v2(wide, f"{raw:f}" if isinstance(raw, Decimal) else str(raw), language)
    if raw is not None and prop.kind == "date":
        if not isinstance(raw, str) or not _DAY.fullmatch(raw):
            raise bad_request("/IWFND/CM_MGW/023", prop.name, raw, target=prop.name)
        return accepted_v2(prop, f"{raw}T00:00:00", language)
    return accepted_v2(prop, raw, language)
