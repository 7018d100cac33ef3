"""Vendors, customers and employees."""

from __future__ import annotations

from anyerp_netsuite.sandbox.field import (
    Field,
    RecordType,
    Shape,
    boolean,
    integer,
    number,
    ref,
    sublist,
    subrecord,
    text,
)
from anyerp_netsuite.sandbox.schema.common import address, stamps


def _currencies(owner: str) -> Field:
    return sublist(
        "currencyList",
        Shape(
            f"{owner}-currencyListElement",
            ref("currency", required=True),
            number("balance", read_only=True),
            key=("currency",),
        ),
    )


def _addresses(owner: str) -> Field:
    return sublist(
        "addressBook",
        Shape(
            f"{owner}-addressBookElement",
            integer("internalId"),
            text("label", 150),
            boolean("defaultBilling"),
            boolean("defaultShipping"),
            text("addressBookAddress_text", read_only=True),
            subrecord("addressBookAddress", address(f"{owner}-addressBook-addressBookAddress")),
            key=("internalId",),
        ),
    )


def _person() -> tuple[Field, ...]:
    return (
        text("entityId", 83),
        boolean("autoName"),
        boolean("isPerson"),
        text("firstName", 32),
        text("lastName", 32),
        text("companyName", 83),
        text("email", 254),
        text("phone", 22),
        text("fax", 22),
        text("url", 100),
        text("comments", 4000),
        boolean("isInactive"),
        ref("subsidiary"),
        ref("currency"),
        ref("terms", "term"),
        text("accountNumber", 99),
        text("defaultAddress", read_only=True),
        number("balance", read_only=True),
    )


VENDOR = RecordType(
    "vendor",
    "Vendor",
    Shape(
        "vendor",
        *stamps("dateCreated"),
        *_person(),
        text("legalName", 83),
        text("printOnCheckAs", 83),
        ref("category", "vendorCategory"),
        ref("expenseAccount", "account"),
        ref("payablesAccount", "account"),
        ref("incoterm", links="empty"),
        number("creditLimit"),
        _currencies("vendor"),
        _addresses("vendor"),
        text("custentity_risk_class", 300),
    ),
    family="entity",
    sql_type="Vendor",
    shown="entityId",
    prefix="V-",
)
CUSTOMER = RecordType(
    "customer",
    "Customer",
    Shape(
        "customer",
        *stamps("dateCreated"),
        *_person(),
        ref("parent", "customer"),
        ref("receivablesAccount", "account"),
        number("creditLimit"),
        _currencies("customer"),
        _addresses("customer"),
        text("custentity_segment", 300),
    ),
    family="entity",
    sql_type="CustJob",
    shown="entityId",
    prefix="C-",
)
EMPLOYEE = RecordType(
    "employee",
    "Employee",
    Shape(
        "employee",
        *stamps("dateCreated"),
        text("entityId", 83),
        text("firstName", 32, required=True),
        text("lastName", 32, required=True),
        text("title", 100),
        text("email", 254),
        text("phone", 22),
        boolean("isInactive"),
        ref("subsidiary"),
        ref("department"),
        ref("location"),
        ref("supervisor", "employee"),
    ),
    family="entity",
    sql_type="Employee",
    shown="entityId",
)
