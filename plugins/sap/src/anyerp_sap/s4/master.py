"""Companies and locations: reading (sap sheet §12)."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.kits.odata import v2

from anyerp_sap.s4.lens.master import COMPANY, LOCATION
from anyerp_sap.s4.service import EntitySet

COMPANIES = EntitySet("API_COMPANYCODE_SRV", "A_CompanyCode", ("CompanyCode",), called="company code")
PLANTS = EntitySet(
    "API_PLANT_SRV",
    "A_Plant",
    ("Plant",),
    lacks=frozenset({"StorageLocation", "StorageLocationName"}),
    called="plant",
)
STORAGE = EntitySet(
    "API_STORAGELOCATION_SRV",
    "StorageLocation",
    ("Plant", "StorageLocation"),
    lacks=frozenset({"PlantName", "CompanyCode"}),
    called="storage location",
)

READ_ONLY = dict.fromkeys(
    ("create", "update", "delete", "cancel", "close"), "never: organisation data is customizing, the service only reads"
)


def company(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One company code."""
    return (yield from COMPANIES.one(ctx, CompanyCode=id))


def location(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """A plant (`1010`) or a storage location (`1010~171A`)."""
    plant, _, storage = id.partition("~")
    if storage:
        return (yield from STORAGE.one(ctx, Plant=plant, StorageLocation=storage))
    return (yield from PLANTS.one(ctx, Plant=plant))


def locations(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """All plants, then all storage locations, each set page by page."""
    within, below = (state or {}).get("storage", False), (state or {}).get("state")
    answer = yield from (STORAGE if within else PLANTS).page(ctx, query, below)
    following = answer.next
    # Flat entities: each has one metadata object, so that rows can be counted without parsing.
    if following is None and answer.full is not None and answer.content.count(b'"__metadata"') >= answer.full:
        last = _last_key(answer.content, STORAGE.key if within else PLANTS.key)
        following = {"after": last}
    if following is not None:
        return PageAnswer(answer.content, next={"storage": within, "state": following})
    return PageAnswer(answer.content, next=None if within else {"storage": True, "state": None})


def _last_key(content: bytes, key: tuple[str, ...]) -> dict[str, str]:
    rows = v2.rows(content)
    return {name: str(rows[-1][name]) for name in key}


NO_KEY = {"find": "never: nobody writes these here, so there is no lost answer to settle"}
RESOURCES: dict[str, Resource[Any]] = {
    "companies": Resource(
        lens=COMPANY, rows="d/results", page=COMPANIES.page, get=company, because=READ_ONLY | NO_KEY
    ),
    "locations": Resource(lens=LOCATION, rows="d/results", page=locations, get=location, because=READ_ONLY | NO_KEY),
}  # fmt: skip
