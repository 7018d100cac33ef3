"""Fields and lists that several record types share: addresses, inventory detail, statuses, countries."""

from __future__ import annotations

from anyerp_netsuite.sandbox.field import (
    Field,
    Shape,
    boolean,
    day,
    enum,
    instant,
    integer,
    number,
    quantity,
    ref,
    sublist,
    subrecord,
    text,
)

COUNTRIES = {
    "US": "United States",
    "DE": "Germany",
    "JP": "Japan",
    "KW": "Kuwait",
    "TN": "Tunisia",
    "SE": "Sweden",
    "GB": "United Kingdom",
    "FR": "France",
}
APPROVAL = {"11": "Open", "1": "Pending Approval", "2": "Approved", "3": "Rejected"}
ITEM_KINDS = {name: name for name in ("InvtPart", "NonInvtPart", "Service", "OthCharge", "Assembly", "Kit")}

#: Status letters and labels by SuiteQL type (netsuite sheet §4).
STATUSES = {
    "PurchOrd": {
        "A": "Pending Supervisor Approval",
        "B": "Pending Receipt",
        "C": "Rejected by Supervisor",
        "D": "Partially Received",
        "E": "Pending Billing/Partially Received",
        "F": "Pending Bill",
        "G": "Fully Billed",
        "H": "Closed",
        "P": "Planned",
    },
    "VendBill": {
        "A": "Open",
        "B": "Paid In Full",
        "C": "Cancelled",
        "D": "Pending Approval",
        "E": "Rejected",
        "F": "Payment In-Transit",
    },
    "SalesOrd": {
        "A": "Pending Approval",
        "B": "Pending Fulfillment",
        "C": "Cancelled",
        "D": "Partially Fulfilled",
        "E": "Pending Billing/Partially Fulfilled",
        "F": "Pending Billing",
        "G": "Billed",
        "H": "Closed",
    },
}


def letters(sql_type: str) -> dict[str, str]:
    """`orderStatus` shows the letter as its own label (netsuite sheet §3)."""
    return {letter: letter for letter in STATUSES[sql_type]}


def status(sql_type: str) -> Field:
    """The `status` of a transaction: its id is the label, although the metadata promises letters (sheet §3)."""
    return enum("status", STATUSES[sql_type], read_only=True, label_as_id=True)


def address(name: str) -> Shape:
    """An address subrecord."""
    return Shape(
        name,
        text("addressee", 83),
        text("attention", 83),
        text("addr1", 150),
        text("addr2", 150),
        text("addr3", 150),
        text("city", 50),
        text("state", 30),
        text("zip", 36),
        enum("country", COUNTRIES),
        text("addrPhone", 21),
        text("addrText", 999),
        boolean("override"),
    )


def inventory_detail(owner: str) -> Field:
    """Lot, serial and bin numbers of a line."""
    assignment = Shape(
        f"{owner}-item-inventoryDetail-inventoryAssignmentElement",
        integer("internalId"),
        text("receiptInventoryNumber", 100),
        ref("issueInventoryNumber", "inventoryNumber"),
        ref("binNumber", "bin"),
        day("expirationDate"),
        quantity("quantity"),
        key=("internalId",),
    )
    detail = Shape(
        f"{owner}-item-inventoryDetail", quantity("quantity"), text("unit"), sublist("inventoryAssignment", assignment)
    )
    return subrecord("inventoryDetail", detail)


def tax_details(owner: str) -> Field:
    """SuiteTax's list of what is taxed, each told by a reference that its line has too."""
    detail = Shape(
        f"{owner}-taxDetailsElement",
        enum("taxDetailsReference", {}, read_only=True),
        ref("taxCode", "salesTaxItem", read_only=True),
        number("netAmount", read_only=True),
        number("taxAmount", read_only=True),
    )
    return sublist("taxDetails", detail, read_only=True)


def stamps(created: str = "createdDate") -> tuple[Field, ...]:
    """The external id and the two instants that the system keeps."""
    return (text("externalId", 255), instant(created, read_only=True), instant("lastModifiedDate", read_only=True))


def dimensions() -> tuple[Field, ...]:
    """Department, class and location, of a header or of a line."""
    return (ref("department"), ref("class", "classification"), ref("location"))
