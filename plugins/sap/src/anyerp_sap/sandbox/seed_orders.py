"""Purchase orders of the sandbox: a dozen that differ in everything that matters, and any number of plain ones.

They are written by the same rules as orders of clients, at their own time, and then receive, wait or are closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Row, Value
from anyerp_sap.sandbox.rules.goods_movement import GoodsMovementRules
from anyerp_sap.sandbox.rules.purchase_order import PurchaseOrderRules
from anyerp_sap.sandbox.world import ENTITIES, Work, World

_START = datetime(2025, 1, 13, 8, 5, 11, 204817, tzinfo=UTC)
_RULES = PurchaseOrderRules()


@dataclass(frozen=True, slots=True)
class _Line:
    material: str
    quantity: str
    price: str
    unit: str = ""
    per: int = 1
    #: Delivery dates with quantities; empty for one line planned by the system.
    schedule: tuple[tuple[date, str], ...] = ()
    cost_center: str = ""
    text: str = ""
    extra: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class _Order:
    company: str
    supplier: str
    lines: tuple[_Line, ...]
    currency: str = ""
    kind: str = "NB"
    reference: str = ""
    #: What becomes of the order: see `_become`.
    fate: str = ""


#: Where some orders go instead of to their plant, and who asked for the goods.
_SITE: tuple[tuple[str, Value], ...] = (
    ("DeliveryAddressName", "Baustelle Elbhafen"), ("DeliveryAddressStreetName", "Am Kaiserkai"),
    ("DeliveryAddressHouseNumber", "12a"), ("DeliveryAddressCityName", "Hamburg"),
    ("DeliveryAddressPostalCode", "20457"), ("DeliveryAddressRegion", "HH"), ("DeliveryAddressCountry", "DE"),
)  # fmt: skip
_ASKED: tuple[tuple[str, Value], ...] = (("RequisitionerName", "LINDQVIST"),)


_ORDERS = (
    _Order("1010", "10300001", (_Line("TG11", "5", "12.50"),), reference="REQ-1001"),
    _Order("1010", "10300002", (_Line("RM-M8X20", "40", "12.50", unit="KAR", per=100,
           extra=(("UnlimitedOverdeliveryIsAllowed", True),)), _Line("66", "250", "3.15")), fate="partly received"),
    _Order("1010", "17300080", (_Line("CABLE-3X15", "1200", "95.00", per=100, extra=_SITE),), currency="USD",
           fate="fully received"),
    _Order("2010", "10300005", (_Line("RM-M8X20", "5000", "1750", unit="ST", per=100),
           _Line("MAINT-HOUR", "8", "8800")), reference="購買-17"),
    _Order("3010", "10300006", (_Line("66", "75.5", "1.125", extra=(*_SITE, *_ASKED)),
           _Line("PALLET-EUR", "12", "2.750", extra=_ASKED))),
    _Order("4010", "10300007", (_Line("OIL-15W40", "208", "12.345"),), fate="partly received"),
    _Order("1010", "10300001", (_Line("STEEL-S235", "2.25", "780.00"),), kind="ZNBR", fate="in release"),
    _Order("1010", "10300003", (_Line("TG11", "100", "11.90"),), kind="ZNBR", fate="released"),
    _Order("1010", "10300003", (_Line("PALLET-EUR", "30", "9.75"),), kind="ZNBR", fate="rejected"),
    _Order("1010", "EWM17-SU01", (_Line("TG11", "7", "12.50"), _Line("66", "10", "3.20")), fate="items deleted"),
    _Order("1710", "17300080", (_Line("TG11", "20", "14.10", schedule=((date(2025, 3, 3), "12"),
           (date(2025, 4, 7), "8"))),), fate="archived"),
    _Order("1010", "10300002", (_Line("", "1", "480.00", unit="LE", text="Rework of press tool", cost_center="10101101",
           extra=(("MaterialGroup", "YBSVS1"), *_SITE, *_ASKED)),
           _Line("MAINT-HOUR", "6.5", "92.00", cost_center="10101201", extra=(*_SITE, *_ASKED))),
           reference="REQ-1012"),
    _Order("1010", "10300001", (_Line("TG11", "1", "12.50"),), fate="held"),
)  # fmt: skip


def purchase_orders(world: World, extra: int) -> None:
    """Write the seed orders, and `extra` plain ones behind them."""
    clock = world.now
    for index, order in enumerate(_ORDERS):
        moment = _START + timedelta(days=3 * index, minutes=17 * index, microseconds=391 * index)
        world.now = _stopped(moment)
        work = Work(world, "EN", "SETUP")
        number = _RULES.create(work, _draft(order))["PurchaseOrder"]
        work.settle()
        world.now = _stopped(moment + timedelta(hours=6, seconds=41))
        _become(world, str(number), order.fate)
    world.now = clock
    for row_set in _plain(world, extra):
        for name, row in row_set:
            world.store.put(name, row)


def _stopped(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def _draft(order: _Order) -> Draft:
    values: Row = {
        "CompanyCode": order.company,
        "PurchaseOrderType": order.kind,
        "Supplier": order.supplier,
        "PurchasingOrganization": order.company,
        "PurchasingGroup": "001",
        "CorrespncExternalReference": order.reference,
        "PurchasingCompletenessStatus": order.fate == "held",
    }
    if order.currency:
        values["DocumentCurrency"] = order.currency
    lines = [_item(line, order.company) for line in order.lines]
    return Draft(ENTITIES["A_PurchaseOrder"], values, {"to_PurchaseOrderItem": lines})


def _item(line: _Line, plant: str) -> Draft:
    values: Row = {
        "Material": line.material,
        "PurchaseOrderItemText": line.text,
        "Plant": plant,
        "StorageLocation": "101A",
        "OrderQuantity": Decimal(line.quantity),
        "PurchaseOrderQuantityUnit": line.unit,
        "NetPriceAmount": Decimal(line.price),
        "NetPriceQuantity": Decimal(line.per),
        "AccountAssignmentCategory": "K" if line.cost_center else "",
        **dict(line.extra),
    }
    if line.unit == "KAR":  # ordered in cartons, priced per pieces
        values |= {"OrderPriceUnit": "ST", "OrderPriceUnitToOrderUnitNmrtr": Decimal(200)}
    children: dict[str, list[Draft]] = {}
    if line.schedule:
        schedule = ENTITIES["A_PurchaseOrderScheduleLine"]
        children["to_ScheduleLine"] = [
            Draft(schedule, {"ScheduleLineDeliveryDate": day, "ScheduleLineOrderQuantity": Decimal(quantity)})
            for day, quantity in line.schedule
        ]
    if line.cost_center:
        account: Row = {"CostCenter": line.cost_center, "GLAccount": "61008000"}
        children["to_AccountAssignment"] = [Draft(ENTITIES["A_PurOrdAccountAssignment"], account)]
    return Draft(ENTITIES["A_PurchaseOrderItem"], values, children)


def _become(world: World, number: str, fate: str) -> None:
    items = [row for row in world.store.rows("A_PurchaseOrderItem") if row["PurchaseOrder"] == number]
    if fate in ("partly received", "fully received"):
        share = Decimal("0.4") if fate == "partly received" else Decimal(1)
        quantity = items[0]["OrderQuantity"]
        assert isinstance(quantity, Decimal)
        receive(world, number, str(items[0]["PurchaseOrderItem"]), round(quantity * share, 3))
    elif fate == "items deleted":
        work = Work(world, "EN", "SETUP")
        order = world.store.find("A_PurchaseOrder", number) or {}
        _RULES.delete(work, ENTITIES["A_PurchaseOrder"], order)
    elif fate:
        header(world, number, _FATES.get(fate, {}))


#: Header values of the fates that only mark the header.
_FATES: dict[str, Row] = {
    "released": {"PurchasingProcessingStatus": "05", "ReleaseIsNotCompleted": False},
    "rejected": {"PurchasingProcessingStatus": "08"},
    "archived": {"PurchasingDocumentDeletionCode": "L"},
}


def header(world: World, number: str, changes: Row) -> None:
    """Change header values of an order; its stamp moves."""
    row = world.store.find("A_PurchaseOrder", number)
    if row is None:
        raise KeyError(number)
    stamp = world.after(row.get("LastChangeDateTime"))
    world.store.put("A_PurchaseOrder", {**row, **changes, "LastChangeDateTime": stamp})


def receive(world: World, number: str, item: str, quantity: Decimal) -> Row:
    """Post a goods receipt for an item; a full one sets its completion flag. Gives the material document."""
    row = world.store.find("A_PurchaseOrderItem", number, item)
    if row is None:
        raise KeyError((number, item))
    day = world.now().date()
    line: Row = {
        "GoodsMovementType": "101",
        "GoodsMovementRefDocType": "B",
        "PurchaseOrder": number,
        "PurchaseOrderItem": item,
        "StorageLocation": row.get("StorageLocation") or "101A",
        "QuantityInEntryUnit": quantity,
    }
    values: Row = {
        "GoodsMovementCode": "01",
        "PostingDate": day,
        "DocumentDate": day,
        "ReferenceDocument": f"DN-{number[-4:]}-{item}",
    }
    draft = Draft(ENTITIES["A_MaterialDocumentHeader"], values)
    draft.children["to_MaterialDocumentItem"] = [Draft(ENTITIES["A_MaterialDocumentItem"], line)]
    work = Work(world, "EN", "WAREHOUSE")
    document = GoodsMovementRules().create(work, draft)
    work.settle()
    return document


def _plain(world: World, count: int) -> Iterator[list[tuple[str, Row]]]:
    """Make orders after the pattern of the first one, quickly: no checks, small differences."""
    model = world.store.rows("A_PurchaseOrder")[0]
    key = model["PurchaseOrder"]
    line = world.store.find("A_PurchaseOrderItem", key, "10") or {}
    schedule = world.store.find("A_PurchaseOrderScheduleLine", key, "10", "1") or {}
    price = world.store.find("A_PurOrdPricingElement", key, "10", str(key), "10", "10", "1") or {}
    for index in range(count):
        number = world.next_number("A_PurchaseOrder")
        stamp = _START + timedelta(days=60, seconds=97 * index, microseconds=index % 1000)
        reference = f"BULK-{index}"
        quantity = Decimal(1 + index % 50)
        yield [
            ("A_PurchaseOrder", {**model, "PurchaseOrder": number, "LastChangeDateTime": stamp,
                                 "CreationDate": stamp.date(), "PurchaseOrderDate": stamp.date(),
                                 "CorrespncExternalReference": reference}),
            ("A_PurchaseOrderItem", {**line, "PurchaseOrder": number, "OrderQuantity": quantity}),
            ("A_PurchaseOrderScheduleLine", {**schedule, "PurchasingDocument": number,
                                             "ScheduleLineOrderQuantity": quantity}),
            ("A_PurOrdPricingElement", {**price, "PurchaseOrder": number, "PricingDocument": number,
                                        "ConditionAmount": quantity * Decimal("12.5")}),
        ]  # fmt: skip
