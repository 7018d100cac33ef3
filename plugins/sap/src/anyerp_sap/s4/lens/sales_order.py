"""Sales orders of the V2 service (sap sheet §12, A_SalesOrder and its parts)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyerp.kits.odata import v2
from anyerp.lens import Derived, Each, Join, Lens, Map, Nest, Rule, absent, choice, integer_text, reference, text
from anyerp.model import SalesOrder

from anyerp_sap.s4.codec import amount, plant_and_storage, positive, price_quantity
from anyerp_sap.s4.header import CREATED, linked
from anyerp_sap.s4.lens.partner import STREET
from anyerp_sap.units import unit

#: The condition type of prices in SAP's best practices (own knowledge); a system of another kind needs an overlay.
CONDITION = "PPR0"
#: The header text for the customer (own knowledge).
TEXT = "TX01"
PRICE = f"to_PricingElement/results/ConditionType={CONDITION}"
#: The sum of the schedule lines, which the flow makes; no field of SAP's.
SHIPPED = "_anyerp/shipped"


def _line_status(rejected: str | None, process: str | None, delivery: str | None) -> str:
    """A open, B partly, C complete, nothing where it does not apply (sap sheet §10)."""
    if rejected:
        return "cancelled"
    if process == "C":
        return "closed"
    return {"B": "partially_shipped", "C": "shipped"}.get(delivery or "", "open")


def _status(
    lines: Iterable[dict[str, Any]] | None,
    rejected: str | None,
    process: str | None,
    delivery: str | None,
    block: str | None,
) -> str:
    states = {line.get("status") for line in lines or ()}
    if rejected == "C" or states == {"cancelled"}:
        return "cancelled"
    if process == "C":
        return "closed"
    if delivery == "C":
        return "shipped"
    if block:
        return "on_hold"
    return "partially_shipped" if delivery == "B" else "open"


def _sum(lines: Iterable[dict[str, Any]] | None, *fields: str) -> Decimal | None:
    if lines is None:
        return None
    alive = [line for line in lines if line.get("status") != "cancelled"]
    return sum((line.get(field) or Decimal(0) for line in alive for field in fields), Decimal(0))


def _tax(lines: Iterable[dict[str, Any]] | None) -> Decimal | None:
    return _sum(lines, "tax_amount")


def _gross(lines: Iterable[dict[str, Any]] | None) -> Decimal | None:
    return _sum(lines, "amount", "tax_amount")


LINE: tuple[Rule, ...] = (
    Map("number", "SalesOrderItem", integer_text(6, zero_is_nothing=True), create_only=True),
    Map("kind", "SalesOrderItemCategory", choice({"TAN": "item", "TAD": "service", "TATX": "text"}, otherwise="other"),
        create_only=True),
    Map("item", "Material", reference(40, upper=True, trim=True, empty="")),
    Map("customer_item_number", "MaterialByCustomer", text(35, upper=True, empty="")),
    Map("description", "SalesOrderItemText", text(40, empty="")),
    Map("quantity", "RequestedQuantity", amount(15, 3)),
    Map("unit", "RequestedQuantityUnit", unit(), native="native_unit"),
    Map("unit_price", f"{PRICE}/ConditionRateValue", amount(24, 9)),
    Map("price_quantity", f"{PRICE}/ConditionQuantity", price_quantity()),
    Map("amount", "NetAmount", amount(16, 3), read_only=True),
    Map("tax_amount", "TaxAmount", amount(14, 3), read_only=True),
    Map("requested_date", "to_ScheduleLine/results/0/RequestedDeliveryDate", v2.day()),
    Map("confirmed_date", "to_ScheduleLine/results/0/ConfirmedDeliveryDate", v2.day(), read_only=True),
    Join("location", ("ProductionPlant", "StorageLocation"), plant_and_storage()),
    Map("dimensions.profit_center", "ProfitCenter", text(10, upper=True, empty="")),
    Map("quantity_shipped", SHIPPED, amount(15, 3), read_only=True),
    Derived("status", _line_status, native=(
        ("SalesDocumentRjcnReason", text(2)), ("SDProcessStatus", text(1)), ("DeliveryStatus", text(1)))),
    Map("native_status", "SDProcessStatus", text(1), read_only=True),
    *absent("never: the item number is the line's key", "id"),
    *absent("upstream: conditions of the pricing elements, of which a customer may have any", "discount_percent"),
    *absent("upstream: taxes are conditions, whose codes a customer may have any of", "tax_code"),
    *absent("upstream: the service says whether an item is billed, not how much of it", "quantity_billed"),
)  # fmt: skip


def _address(field: str, function: str) -> tuple[Rule, ...]:
    """The address of a partner function by its internal code (own knowledge), which no logon language changes.

    Addresses are changed through the function's own set, not here.
    """
    at = f"to_Partner/results/PartnerFunctionInternalCode={function}/to_Address/results/0"
    street = Join("street", ("StreetName", "HouseNumber"), STREET, read_only=True)
    plain = {
        "name": ("AddresseeFullName", 80),
        "city": ("CityName", 40),
        "postal_code": ("PostalCode", 10),
        "region": ("Region", 3),
        "country": ("Country", 3),
    }
    rules = (Map(name, path, text(length), read_only=True) for name, (path, length) in plain.items())
    return (Nest(field, (street, *rules), at=at),)


SALES_ORDER = Lens(SalesOrder, (
    Map("id", "SalesOrder", text(10), read_only=True),
    Map("number", "SalesOrder", text(10), read_only=True),
    Map("version", "__metadata/etag", text(), read_only=True),
    Map("updated_at", "LastChangeDateTime", v2.instant(), read_only=True),
    Map("company", "SalesOrganization", reference(4, upper=True), create_only=True),
    Map("customer", "SoldToParty", reference(10, upper=True, trim=True), create_only=True),
    Map("customer_reference", "PurchaseOrderByCustomer", text(35, empty="")),
    # The reference of the party that is delivered to: the one text that no later document takes over.
    Map("external_reference", "PurchaseOrderByShipToParty", text(35, empty="")),
    Derived("status", _status, uses=("lines",), native=(
        ("OverallSDDocumentRejectionSts", text(1)), ("OverallSDProcessStatus", text(1)),
        ("OverallTotalDeliveryStatus", text(1)), ("DeliveryBlockReason", text(2)))),
    Map("native_status", "OverallSDProcessStatus", text(1), read_only=True),
    Map("order_date", "SalesOrderDate", v2.day()),
    Map("requested_date", "RequestedDeliveryDate", v2.day()),
    Map("currency", "TransactionCurrency", text(5, upper=True)),
    Map("exchange_rate", "AccountingExchangeRate", positive(9, 5)),
    Map("payment_terms", "CustomerPaymentTerms", reference(4, upper=True, empty="")),
    Map("incoterms", "IncotermsClassification", text(3, upper=True, empty="")),
    Map("incoterms_location", "IncotermsLocation1", text(70, empty="")),
    Map("sales_person", "SalesGroup", reference(3, upper=True, empty="")),
    Map("extra.SalesOrderType", "SalesOrderType", text(4, upper=True), create_only=True),
    Map("extra.DistributionChannel", "DistributionChannel", text(2, upper=True), create_only=True),
    Map("extra.Division", "OrganizationDivision", text(2, upper=True), create_only=True),
    Each("lines", "to_Item/results", LINE, key=("number", "SalesOrderItem")),
    Map("total_excl_tax", "TotalNetAmount", amount(16, 3), read_only=True),
    Derived("total_tax", _tax, uses=("lines",)),
    Derived("total_incl_tax", _gross, uses=("lines",)),
    linked("SalesOrder", SalesOrder=("SalesOrder", 10)),
    CREATED,
    *absent("upstream: the moment of approval is not in this service", "approved_at"),
    *_address("ship_to", "WE"),
    *_address("bill_to", "RE"),
    Map("notes", f"to_Text/results/LongTextID={TEXT}/LongText", text(10_000, empty="")),
))  # fmt: skip
