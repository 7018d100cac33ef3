"""Companies and locations (sap sheet §12)."""

from __future__ import annotations

from typing import Any

from anyerp.lens import Codec, Join, Lens, Map, absent, reference, text
from anyerp.model import Company, Location

NO_UI = "upstream: the API host does not know the address of the user interface"
NO_STAMP = "upstream: the service keeps no change stamp"

COMPANY = Lens(Company, (
    Map("id", "CompanyCode", text(4), read_only=True),
    Map("number", "CompanyCode", text(4), read_only=True),
    Map("name", "CompanyCodeName", text(25), read_only=True),
    Map("currency", "Currency", text(5), read_only=True),
    Map("country", "Country", text(3), read_only=True),
    Map("city", "CityName", text(25), read_only=True),
    *absent(NO_UI, "url"),
    *absent(NO_STAMP, "version", "created_at", "updated_at"),
    *absent("upstream: the tax registration is not in this service", "tax_number"),
))  # fmt: skip


def _place(parts: tuple[str | None, str | None]) -> str | None:
    plant, storage = parts
    return f"{plant}~{storage}" if plant and storage else plant or None


def _kind(parts: tuple[str | None, str | None]) -> str:
    return "storage" if parts[1] else "site"


def _either(parts: tuple[str | None, str | None]) -> str | None:
    return parts[0] or parts[1] or None


_KEYS = ("Plant", "StorageLocation")


def _joined(name: str, decode: Any) -> Codec:
    """One value from two texts, for reading only."""
    return Codec(name, decode=decode, native=(str, str))


def _parent(parts: tuple[str | None, str | None]) -> Any:
    return {"id": parts[0], "number": parts[0]} if parts[1] else None


LOCATION = Lens(Location, (
    Join("id", _KEYS, _joined("sap_place", _place), read_only=True),
    Join("number", _KEYS, _joined("sap_place_number", lambda parts: parts[1] or parts[0]), read_only=True),
    Join("name", ("PlantName", "StorageLocationName"), _joined("sap_place_name", _either), read_only=True),
    Join("kind", _KEYS, _joined("sap_place_kind", _kind), read_only=True),
    Map("company", "CompanyCode", reference(4), read_only=True),
    Join("parent", _KEYS, _joined("sap_plant_of", _parent), read_only=True),
    *absent("never: plant and storage location are its kinds", "native_kind"),
    *absent(NO_UI, "url"),
    *absent(NO_STAMP, "version", "created_at", "updated_at"),
    *absent("upstream: the plant service has no address", "address"),
    *absent("upstream: the plant service has no status", "active"),
))  # fmt: skip
