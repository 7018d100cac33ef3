"""What the tables of all documents share: identity, money, lines, their dimensions (sap sheet §13, Document)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from anyerp.kits.custom import custom
from anyerp.lens import Codec, Derived, Join, Map, Nest, Rule, absent, integer, iso_day, reference, text
from anyerp.model import Ref

from anyerp_sap.b1 import stamp
from anyerp_sap.b1.codec import country, currency, key, number, number_reference, own_currency, street
from anyerp_sap.b1.lens import amount
from anyerp_sap.b1.lens.partner import NO_UI
from anyerp_sap.b1.lens.status import DRAFT
from anyerp_sap.b1.record import CUSTOM_FIELDS
from anyerp_sap.b1.stamp import ZONE

#: Where the caller's own key stands, unless an overlay says otherwise: Business One has no field for it.
REFERENCE = "U_ExternalRef"
LEAST = Decimal("0.000001")


def kind(item: str | None, account: str | None) -> str | None:
    """Lines of service documents have an account in place of an item."""
    if item:
        return "item"
    return "service" if account else None


def only_order(lines: Iterable[dict[str, Any]] | None) -> Ref | None:
    """The order that all lines are of, if it is one."""
    orders = {_id(line.get("purchase_order")) for line in lines or ()}
    (order,) = orders if len(orders) == 1 else (None,)
    return None if order is None else Ref(id=order)


def _id(ref: Any) -> str | None:
    found: str | None = ref.get("id") if isinstance(ref, dict) else getattr(ref, "id", None)
    return found


def posted(*rules: Rule) -> tuple[Rule, ...]:
    """Rules of a posted document: what is in the books is set at creation and stays."""
    return tuple(
        replace(rule, create_only=True) if isinstance(rule, Map | Join) and not rule.read_only else rule
        for rule in rules
    )


def _id_of(parts: tuple[int | None, bool | None]) -> str | None:
    """The DocEntry; of a document that an approval procedure keeps, that of its draft."""
    entry, draft = parts
    if entry is None:
        return None
    return f"draft-{entry}" if draft else str(entry)


IDENTITY: tuple[Rule, ...] = (
    Join("id", ("DocEntry", DRAFT), Codec("b1_document_id", decode=_id_of, native=(int, bool)), read_only=True),
    Map("number", "DocNum", key(), read_only=True),
    Map("version", "@odata.etag", text(), read_only=True),
    Join("created_at", ("CreationDate", "DocTime", ZONE), stamp.created(), read_only=True),
    Join("updated_at", ("UpdateDate", "UpdateTime", "CreationDate", "DocTime", ZONE), stamp.changed(), read_only=True),
    Map("company", "BPL_IDAssignedToInvoice", number_reference(), create_only=True),
    Map("external_reference", REFERENCE, text(100)),
    Map("notes", "Comments", text(254)),
    Map("extra", CUSTOM_FIELDS, custom(), follows=True),
    Map("extra.Series", "Series", integer(), create_only=True),
    *absent(NO_UI, "url"),
)  # fmt: skip

MONEY: tuple[Rule, ...] = (
    Map("currency", "DocCurrency", currency(), create_only=True),
    Map("exchange_rate", "DocRate", number(minimum=LEAST)),
    Map("payment_terms", "PaymentGroupCode", number_reference()),
    Derived("total_excl_tax", amount.net, uses=("lines",), native=(
        ("DocTotalFc", number()), ("DocTotal", number()), ("VatSumFc", number()), ("VatSum", number()))),
    Derived("total_tax", amount.own, native=(("VatSumFc", number()), ("VatSum", number()))),
    Derived("total_incl_tax", amount.own, native=(("DocTotalFc", number()), ("DocTotal", number()))),
    Map("extra.DocCurrency", "DocCurrency", own_currency(), read_only=True),
    Map("extra.DiscountPercent", "DiscountPercent", number(9, minimum=LEAST), create_only=True),
)  # fmt: skip

GOODS: tuple[Rule, ...] = (
    Map("item", "ItemCode", reference(50)),
    Map("description", "ItemDescription", text(200)),
    Map("quantity", "Quantity", number()),
    Map("unit", "UoMEntry@anyerp.code", text(3)),
    Map("native_unit", "UoMEntry@anyerp.name", text(100)),
    Map("location", "WarehouseCode", reference(8)),
    Map("extra", CUSTOM_FIELDS, custom(), follows=True),
    Map("extra.FreeText", "FreeText", text(100)),
    *absent("never: the line number is the line's key", "id"),
)

PRICE: tuple[Rule, ...] = (
    Derived("kind", kind, native=(("ItemCode", text(50)), ("AccountCode", text(15)))),
    Map("unit_price", "UnitPrice", number()),
    Map("discount_percent", "DiscountPercent", number(9)),
    Derived("amount", amount.line, uses=("quantity", "unit_price", "discount_percent"),
            native=(("RowTotalFC", number()), ("LineTotal", number()))),
    Map("tax_code", "VatGroup", text(8)),
    Derived("tax_amount", amount.own, native=(("NetTaxAmountFC", number()), ("NetTaxAmount", number()))),
    Map("dimensions.cost_center", "CostingCode", text(8)),
    Map("dimensions.dimension_2", "CostingCode2", text(8)),
    Map("dimensions.dimension_3", "CostingCode3", text(8)),
    Map("dimensions.dimension_4", "CostingCode4", text(8)),
    Map("dimensions.dimension_5", "CostingCode5", text(8)),
    Map("dimensions.project", "ProjectCode", text(20)),
    Map("extra.TaxCode", "TaxCode", text(8)),
    *absent("never: a price is for one unit of the line", "price_quantity"),
)  # fmt: skip


def address(field: str, prefix: str) -> Nest:
    """An address in a document: `ShipTo...` or `BillTo...`."""
    return Nest(field, (
        Join("street", (f"{prefix}Street", f"{prefix}StreetNo"), street()),
        Map("city", f"{prefix}City", text(100)),
        Map("postal_code", f"{prefix}ZipCode", text(20)),
        Map("region", f"{prefix}State", text(3)),
        Map("country", f"{prefix}Country", country()),
        *absent("never: the address in a document has no name", "name"),
    ), at="AddressExtension")  # fmt: skip


def day(field: str, path: str) -> Map:
    """A calendar date."""
    return Map(field, path, iso_day())
