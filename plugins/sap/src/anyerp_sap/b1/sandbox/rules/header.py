"""The head of a document: partner, branch, currency and rate, dates, terms; what is left out is filled in."""

from __future__ import annotations

from decimal import Decimal

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.errors import Refused, business, invalid
from anyerp_sap.b1.sandbox.schema import DocumentKind
from anyerp_sap.b1.sandbox.world import ANY_CURRENCY, LOCAL_CURRENCY, MAIN_BRANCH, World

_USER_REQUESTS = 12


def complete(world: World, kind: DocumentKind, row: Row) -> None:
    """Fill in and check the head, in place. Raises `Refused`."""
    row["DocObjectCode"] = kind.object_type
    _dates(world, kind, row)
    _branch(world, kind, row)
    if kind.partner is None:
        row["ReqType"] = row["ReqType"] or _USER_REQUESTS
        row["Requester"] = row["Requester"] or "manager"
        row["DocCurrency"] = row["DocCurrency"] or LOCAL_CURRENCY
    else:
        _partner(world, kind, row)
    _rate(world, kind, row)
    if row["PaymentGroupCode"] != -1:
        world.require("PaymentTermsTypes", row["PaymentGroupCode"])


def _dates(world: World, kind: DocumentKind, row: Row) -> None:
    if kind.partner is None and row["RequriedDate"] is None:
        raise invalid("Specify a required date [OPRQ.ReqDate]")
    if kind.name == "Orders" and row["DocDueDate"] is None:
        raise invalid("Enter valid date [ORDR.DocDueDate]")
    row["DocDate"] = row["DocDate"] or world.today()
    row["TaxDate"] = row["TaxDate"] or row["DocDate"]
    row["DocDueDate"] = row["DocDueDate"] or row["RequriedDate"] or row["DocDate"]
    if row["DocDueDate"] < row["DocDate"]:
        raise invalid(f"Due date precedes posting date [{kind.table}.DocDueDate]")


def _branch(world: World, kind: DocumentKind, row: Row) -> None:
    if row["BPL_IDAssignedToInvoice"] is None and not world.branch_mandatory:
        row["BPL_IDAssignedToInvoice"] = MAIN_BRANCH
    branch = world.store.find("BusinessPlaces", row["BPL_IDAssignedToInvoice"])
    if branch is None or branch["Disabled"] == "tYES":
        raise invalid(f"Specify an active branch [{kind.table}.BPLId]")
    row["BPLName"], row["VATRegNum"] = branch["BPLName"], branch["VATRegNum"]


def _partner(world: World, kind: DocumentKind, row: Row) -> None:
    partner = world.store.find("BusinessPartners", row["CardCode"])
    if partner is None or partner["CardType"] != kind.partner:
        raise invalid(f"Invalid BP code [{kind.table}.CardCode] , '{row['CardCode'] or ''}'")
    if row["DocEntry"] is None and (partner["Frozen"] == "tYES" or partner["Valid"] == "tNO"):
        raise business(f"1470000344 - Business partner '{row['CardCode']}' is inactive [{kind.table}.CardCode]")
    own = LOCAL_CURRENCY if partner["Currency"] in (None, ANY_CURRENCY) else partner["Currency"]
    row["DocCurrency"] = row["DocCurrency"] or own
    if partner["Currency"] != ANY_CURRENCY and row["DocCurrency"] not in (own, LOCAL_CURRENCY):
        raise invalid(f"Currency is not that of the business partner [{kind.table}.DocCur]")
    row["CardName"] = row["CardName"] or partner["CardName"]
    row["FederalTaxID"] = row["FederalTaxID"] or partner["FederalTaxID"]
    if row["PaymentGroupCode"] is None:
        row["PaymentGroupCode"] = partner["PayTermsGrpCode"]
    contacts = {contact["InternalCode"] for contact in partner["ContactEmployees"]}
    if row["ContactPersonCode"] is not None and row["ContactPersonCode"] not in contacts:
        raise invalid(f"Contact person does not belong to the business partner [{kind.table}.CntctCode]")
    row["JournalMemo"] = row["JournalMemo"] or f"{kind.name} - {row['CardCode']}"[:50]


def _rate(world: World, kind: DocumentKind, row: Row) -> None:
    world.require("Currencies", row["DocCurrency"])
    if row["DocCurrency"] == LOCAL_CURRENCY:
        row["DocRate"] = Decimal(1)
    elif not row["DocRate"]:
        if row["DocCurrency"] not in world.rates:
            raise Refused(400, -4006, f"Update the exchange rate , '{row['DocCurrency']}' [{kind.table}.DocRate]")
        row["DocRate"] = world.rates[row["DocCurrency"]]
