"""A sample for each rule; one goes on from another."""

from __future__ import annotations

RULE_SAMPLES = {
    "Map": '''
from decimal import Decimal

from anyerp.lens import (
    Absent,
    Codec,
    Derived,
    Each,
    Join,
    Lens,
    Map,
    Nest,
    Refused,
    absent,
    choice,
    decimal,
    integer,
    text,
)
from anyerp.lens.domain import TextDomain
from anyerp.model import Address, PurchaseOrder, PurchaseOrderLine, Ref, Vendor


def rest(model: type, *spoken: str) -> tuple[Absent, ...]:
    """All other fields, for the samples of this page; a connector gives each its reason."""
    unspoken = (name for name in model.model_fields if name not in (*spoken, "raw", "extra", "dimensions"))
    return absent("todo: not mapped yet", *unspoken)


states = choice({"A": "active", "B": "blocked"}, otherwise="other")
VENDOR = Lens(
    Vendor,
    (
        Map("id", "id", text(10), read_only=True),
        Map("status", "state", states, native="native_status"),
        *rest(Vendor, "id", "status", "native_status"),
    ),
)
vendor = VENDOR.get({"id": "7", "state": "Z"})
assert (vendor.status, vendor.native_status) == ("other", "Z")
assert VENDOR.create(Vendor(status="blocked")).native == {"state": "B"}
''',
    "Join": '''
def street() -> Codec:
    """Two native lines of 30 characters; the codec speaks tuples, of which single members may be None."""

    def encode(value: str) -> tuple[str, str]:
        first, _, second = value.partition("\\n")
        if not first or "\\n" in second or value.endswith("\\n") or max(len(first), len(second)) > 30:
            raise Refused("this ERP stores two lines of 30 characters")
        return first, second

    return Codec(
        "acme_street",
        decode=lambda parts: "\\n".join(part for part in parts if part) or None,
        encode=encode,
        native=(str, str),
        empty="",
        domain=TextDomain(30),
    )


STREET = Join("street", ("street1", "street2"), street())
''',
    "Nest": """
ADDRESS = Nest("address", (STREET, Map("city", "town", text(30)), *rest(Address, "street", "city")), at="address")
LOCATED = Lens(Vendor, (ADDRESS, *rest(Vendor, "address")))
where = LOCATED.get({"address": {"street1": "Clay Road 1", "street2": "Hall 7", "town": "Kiel"}}).address
assert (where.street, where.city) == ("Clay Road 1\\nHall 7", "Kiel")

# A reference whose number and name come along. It is written by its id, which `resolve` finds for a number alone.
REFERENCE = Nest(
    "vendor",
    (
        Map("id", "supplier/key", text(20)),
        Map("number", "supplier/no", text(20), follows=True),
        Map("name", "supplier/title", text(80), follows=True),
    ),
)
BOUGHT = Lens(PurchaseOrder, (REFERENCE, *rest(PurchaseOrder, "vendor")))
assert BOUGHT.create(PurchaseOrder(vendor=Ref(id="7", name="Kiln"))).native == {"supplier": {"key": "7"}}
(problem,) = BOUGHT.create(PurchaseOrder(vendor=Ref(number="V-7"))).problems  # nothing is lost without a word
assert problem.pointer == "/vendor/number"
""",
    "Each": """
LINE = (
    Map("number", "no", integer(1, 9999)),
    Map("quantity", "qty", decimal(12, 3)),
    Map("unit_price", "price", decimal(11, 2)),
)
ORDER = Lens(
    PurchaseOrder,
    (
        Each(
            "lines",
            "lines",
            (*LINE, *rest(PurchaseOrderLine, "number", "quantity", "unit_price")),
            key=("number", "no"),
        ),
        *rest(PurchaseOrder, "lines"),
    ),
)
assert ORDER.get({"lines": [{"no": 10, "qty": 3, "price": 2}]}).lines[0].quantity == 3
""",
    "Derived": """
def amount(quantity: Decimal | None, price: Decimal | None) -> Decimal | None:
    return None if quantity is None or price is None else quantity * price


def total(lines: list[dict] | None) -> Decimal | None:
    return None if lines is None else sum((line["amount"] for line in lines if line["amount"] is not None), Decimal(0))


AMOUNT = Derived("amount", amount, uses=("quantity", "unit_price"))
LINES = Each(
    "lines",
    "lines",
    (*LINE, AMOUNT, *rest(PurchaseOrderLine, "number", "quantity", "unit_price", "amount")),
    key=("number", "no"),
)
TOTAL = Derived("total_excl_tax", total, uses=("lines",))
SUMMED = Lens(PurchaseOrder, (LINES, TOTAL, *rest(PurchaseOrder, "lines", "total_excl_tax")))
assert SUMMED.get({"lines": [{"no": 10, "qty": 3, "price": 2}]}).total_excl_tax == 6
""",
    "Absent": """
written = VENDOR.create(Vendor(status="active", website="https://kiln.example"))
assert written.native == {"state": "A"}
assert [problem.pointer for problem in written.problems] == ["/website"]  # told, not lost: `create` refuses
""",
}
