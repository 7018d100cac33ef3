"""Sales orders: SalesOrderHeadersV2 and SalesOrderLines (dynamics sheet §1.3, §1.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from anyerp.lens import Derived, Each, Join, Lens, Map, Nest, Rule, absent, reference, text
from anyerp.model import SalesOrder

from anyerp_dynamics.fno.codec import company, day, instant, line_number, number, place, positive, yes_no
from anyerp_dynamics.fno.country import country
from anyerp_dynamics.fno.lens.master import NO_LINK
from anyerp_dynamics.fno.lens.purchase_order import KEY_LENGTH, kind_of_line, total
from anyerp_dynamics.fno.lens.version import version
from anyerp_dynamics.fno.unit import unit

_STATUS = {"Backorder": "open", "Delivered": "shipped", "Invoiced": "closed", "Canceled": "cancelled"}
_PARTLY = ("PartiallyDelivered", "PartiallyInvoiced", "DeliveredPartiallyInvoiced")


def _line_status(native: str | None) -> str:
    return _STATUS.get(native or "Backorder", "other")


def _shipped(quantity: Decimal | None, native: str | None) -> Decimal | None:
    """A line that is delivered is delivered whole; how much of others has gone out is in no entity."""
    return quantity if native in ("Delivered", "Invoiced") else None


def _billed(quantity: Decimal | None, native: str | None) -> Decimal | None:
    return quantity if native == "Invoiced" else None


def _status(native: str | None, processing: str | None, stopped: bool | None) -> str:
    found = _STATUS.get(native or "Backorder", "other")
    if found == "open" and stopped:
        return "on_hold"
    return "partially_shipped" if found == "open" and processing in _PARTLY else found


def _day_of(moment: datetime | None) -> date | None:
    """An order has no date of its own: it is of the day on which it was made."""
    return None if moment is None else moment.date()


def _if_counted(amount: Decimal | None, counted: bool | None) -> Decimal | None:
    """The service counts totals only where it is set to, and writes 0 elsewhere."""
    return amount if counted else None


_COUNTED = ("AreTotalsCalculated", yes_no())

LINE: tuple[Rule, ...] = (
    Map("number", "LineNumber", line_number(), create_only=True),
    Map("id", "InventoryLotId", text(20), read_only=True),
    Derived("kind", kind_of_line, native=(("ItemNumber", text()), ("SalesProductCategoryName", text()))),
    Map("item", "ItemNumber", reference(20, empty=""), create_only=True),
    Map("customer_item_number", "ExternalItemNumber", text(60, empty="")),
    Map("description", "LineDescription", text(1000, empty="")),
    Map("quantity", "OrderedSalesQuantity", number()),
    Map("unit", "SalesUnitSymbol", unit(), native="native_unit"),
    Map("unit_price", "SalesPrice", number()),
    Map("price_quantity", "SalesPriceQuantity", positive(nothing=1)),
    Map("discount_percent", "LineDiscountPercentage", number()),
    Map("amount", "LineAmount", number(), read_only=True),
    Map("tax_code", "SalesTaxItemGroupCode", text(10, empty="")),
    Map("requested_date", "RequestedReceiptDate", day()),
    Map("confirmed_date", "ConfirmedReceiptDate", day()),
    Join("location", ("ShippingSiteId", "ShippingWarehouseId"), place()),
    Map("dimensions.ledger", "DefaultLedgerDimensionDisplayValue", text(500, empty="")),
    Derived("quantity_shipped", _shipped, uses=("quantity", "native_status")),
    Derived("quantity_billed", _billed, uses=("quantity", "native_status")),
    Derived("status", _line_status, uses=("native_status",)),
    Map("native_status", "SalesOrderLineStatus", text(20), read_only=True),
    Map("extra.SalesProductCategoryName", "SalesProductCategoryName", text(254, empty=""), create_only=True),
    *absent("upstream: taxes are computed inside the ERP for the whole order", "tax_amount"),
)

SALES_ORDER = Lens(SalesOrder, (
    Map("id", "SalesOrderNumber", text(20), read_only=True),
    Map("number", "SalesOrderNumber", text(20), read_only=True),
    version("SalesOrderLines"),
    Map("created_at", "OrderCreationDateTime", instant(), read_only=True),
    Map("updated_at", "@anyerp.modified", instant(), read_only=True),
    Map("company", "dataAreaId", company(), create_only=True),
    Map("customer", "OrderingCustomerAccountNumber", reference(20), create_only=True),
    # The form calls it the customer's requisition; it is where the number of the customer's own order is kept.
    Map("customer_reference", "CustomerRequisitionNumber", text(20, empty="")),
    Map("external_reference", "CustomersOrderReference", text(KEY_LENGTH, empty="")),
    Derived("status", _status, native=(
        ("SalesOrderStatus", text(20)), ("SalesOrderProcessingStatus", text(30)),
        ("IsSalesProcessingStopped", yes_no()))),
    Map("native_status", "SalesOrderStatus", text(20), read_only=True),
    Derived("order_date", _day_of, native=(("OrderCreationDateTime", instant()),)),
    Map("requested_date", "RequestedReceiptDate", day()),
    Map("currency", "CurrencyCode", text(3, upper=True, empty="")),
    Map("payment_terms", "PaymentTermsName", reference(10, empty="")),
    Map("incoterms", "DeliveryTermsCode", text(10, empty="")),
    Map("sales_person", "OrderResponsiblePersonnelNumber", reference(25, empty="")),
    Nest("ship_to", (
        Map("name", "DeliveryAddressName", text(60, empty="")),
        Map("street", "DeliveryAddressStreet", text(250, empty="")),
        Map("city", "DeliveryAddressCity", text(60, empty="")),
        Map("postal_code", "DeliveryAddressZipCode", text(10, empty="")),
        Map("region", "DeliveryAddressStateId", text(10, empty="")),
        Map("country", "DeliveryAddressCountryRegionId", country()),
    )),
    Nest("bill_to", (
        Map("street", "InvoiceAddressStreet", text(250), read_only=True),
        Map("city", "InvoiceAddressCity", text(60), read_only=True),
        Map("postal_code", "InvoiceAddressZipCode", text(10), read_only=True),
        Map("region", "InvoiceAddressStateId", text(10), read_only=True),
        Map("country", "InvoiceAddressCountryRegionId", country(), read_only=True),
        *absent("upstream: the invoice address comes without a name", "name"),
    )),
    Map("extra.SalesOrderProcessingStatus", "SalesOrderProcessingStatus", text(30), read_only=True),
    Map("extra.SalesOrderOriginCode", "SalesOrderOriginCode", text(10), read_only=True),
    Map("extra.DefaultShippingWarehouseId", "DefaultShippingWarehouseId", text(10), read_only=True),
    Map("extra.Email", "Email", text(80, empty="")),
    Each("lines", "SalesOrderLines", LINE, key=("number", "LineNumber")),
    Derived("total_excl_tax", total, uses=("lines",), native=(
        ("TotalDiscountPercentage", number()), ("ArePricesIncludingSalesTax", yes_no()), ("CurrencyCode", text(3)))),
    Derived("total_tax", _if_counted, native=(("OrderTotalTaxAmount", number()), _COUNTED)),
    Derived("total_incl_tax", _if_counted, native=(("OrderTotalAmount", number()), _COUNTED)),
    *absent("never: terms of delivery are a code without a place", "incoterms_location"),
    *absent("upstream: when an order was approved is in no entity", "approved_at"),
    *absent("upstream: notes are attached documents, not text of the order", "notes"),
    *absent("upstream: this version of the entity has no rate", "exchange_rate"),
    *absent(NO_LINK, "url"),
))  # fmt: skip
