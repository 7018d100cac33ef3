"""What Brickworks publishes about itself: an OpenAPI document, as vendors write them."""

from __future__ import annotations

from typing import Any


def _text(length: int | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "string", **({"maxLength": length} if length else {}), **more}


_STAMPS = {
    "id": _text(10, readOnly=True),
    "revision": _text(10, readOnly=True),
    "changed": _text(format="date-time", readOnly=True),
}

SCHEMAS: dict[str, Any] = {
    "Stamped": {"type": "object", "properties": _STAMPS},
    "Supplier": {
        "allOf": [{"$ref": "#/components/schemas/Stamped"}],
        "properties": {
            "supplier_name": _text(40),
            "vat_no": {**_text(20), "type": ["string", "null"]},
            "mail": {**_text(80), "type": ["string", "null"]},
            "state": _text(enum=["ACTIVE", "BLOCKED"]),
            "currency": _text(3),
            "our_ref": {**_text(24), "type": ["string", "null"]},
            "address": {
                "type": "object",
                "properties": {"street": _text(40), "town": _text(30), "zip": _text(10), "country": _text(2)},
            },
        },
    },
    "PurchaseOrder": {
        "allOf": [{"$ref": "#/components/schemas/Stamped"}],
        "properties": {
            "supplier": _text(10),
            "state": _text(enum=["DRAFT", "SENT", "CLOSED", "CANCELLED"]),
            "date": _text(format="date"),
            "currency": _text(3),
            "our_ref": {**_text(24), "type": ["string", "null"]},
            "remarks": _text(200),
            "total": {"type": "number", "readOnly": True},
            "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
        },
    },
    "Line": {
        "type": "object",
        "properties": {
            "no": {"type": "integer", "minimum": 1, "maximum": 9999},
            "article": _text(20),
            "text": _text(60),
            "qty": {"type": "number", "multipleOf": 0.001},
            "unit": _text(enum=["pc", "kg", "h"]),
            "price": {"type": "number", "multipleOf": 0.01},
        },
    },
}

OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "Brickworks", "version": "1"},
    "paths": {},
    "components": {"schemas": SCHEMAS},
}
