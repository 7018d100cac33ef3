"""Headers: who the document is for, what that fills in, and when it still lets itself be changed."""

from __future__ import annotations

from ...odata import Row
from ..document import ADDRESS, Document
from ..problem import dialog, validation
from ..schema import ZERO, decode
from ..store import Company
from ..total import recalculate
from .draft import CURRENCY, SHIPMENT, TERMS, Draft, Rules, Trigger
from .relation import SHORTCUTS, country, person

#: What the API calls Draft and Open, the table calls Open and Released (dynamics sheet §2.4).
_NATIVE = {"Draft": "Open", "Open": "Released", "In_x0020_Review": "Pending Approval"}


def need_draft(document: Document, header: Row) -> None:
    """Refuse unless the document is a draft. Raises `Problem` with the text of a failed status test."""
    if header["status"] == "Draft":
        return
    native = _NATIVE.get(header["status"], decode(header["status"]))
    raise validation(
        f"Status must be equal to 'Open'  in {document.table}: Document Type={document.kind}, "
        f"No.={header['number']}. Current value is '{native}'."
    )


def _address(draft: Draft, prefix: str, party: Row) -> None:
    draft.fill(**{prefix + here: party[there] for here, there in ADDRESS.items()})


def _pay(draft: Draft, document: Document, party: Row) -> None:
    payer, who = document.payer, document.party.capitalize()
    draft.fill(
        **{
            f"{payer}Name": party["displayName"],
            f"{payer}{who}Id": party["id"],
            f"{payer}{who}Number": party["number"],
        }
    )
    _address(draft, payer, party)
    draft.fill(currencyId=party["currencyId"], currencyCode=party["currencyCode"])
    if "paymentTermsId" in draft.row:
        draft.fill(paymentTermsId=party["paymentTermsId"])


def _take(draft: Draft, document: Document, party: Row) -> None:
    """A new party fills in, and overwrites, what is known of it: hence party first, addresses after."""
    name, kind = document.party, document.party.capitalize()
    if party["blocked"] == "All":
        raise dialog(f"You cannot create this type of document when {kind} {party['number']} is blocked with type All")
    draft.fill(**{f"{name}Id": party["id"], f"{name}Number": party["number"], f"{name}Name": party["displayName"]})
    _address(draft, document.role, party)
    _pay(draft, document, party)
    if document.party == "customer":
        draft.fill(
            shipToName=party["displayName"], phoneNumber=party["phoneNumber"], email=party["email"],
            shipmentMethodId=party["shipmentMethodId"],
        )  # fmt: skip
        _address(draft, "shipTo", party)


def _party(document: Document, prefix: str, caption: str, *, payer: bool) -> dict[str, Trigger]:
    id_name, number_name = f"{prefix}Id", f"{prefix}Number"

    def settle(draft: Draft, found: Row | None) -> None:
        if found is None:
            raise dialog(f"The {caption} cannot be found.")
        if found["id"] == draft.row[id_name]:
            return
        if payer:
            _pay(draft, document, found)
        else:
            _take(draft, document, found)

    def by_id(draft: Draft, value: str) -> None:
        if value == ZERO:
            return
        found = draft.company.get(document.parties, value)
        number = draft.given.get(number_name)
        if found is not None and number and found["number"] != number:
            raise dialog(f"The {caption} values do not match to a specific {document.party.capitalize()}.")
        settle(draft, found)

    def by_number(draft: Draft, value: str) -> None:
        if value:
            settle(draft, draft.company.find(document.parties, number=value))

    return {id_name: by_id, number_name: by_number}


def _with_tax(draft: Draft, value: bool) -> None:
    if value and draft.company.sales_tax:
        raise dialog('The "pricesIncludeTax" cannot be set to true if VAT Calculation Type is Sales Tax.')
    draft.fill(pricesIncludeTax=value)


def header_rules(document: Document) -> Rules:
    """The rules of a kind of document."""
    who = document.party.capitalize()

    def start(draft: Draft) -> None:
        today = draft.company.journal.instant().date()
        draft.fill(**dict.fromkeys(document.dated, today), status="Draft", currencyCode=draft.company.currency)

    def check(draft: Draft) -> None:
        if draft.row[f"{document.party}Id"] == ZERO:
            raise dialog(document.missing)
        if "dueDate" in draft.row and "dueDate" not in draft.given and (draft.new or "invoiceDate" in draft.given):
            try:
                draft.fill(dueDate=draft.company.due(draft.row["payToVendorId"], draft.row["invoiceDate"]))
            except (OverflowError, ValueError):
                raise validation("The date that follows from the payment terms is not valid.") from None
        if draft.new:
            draft.fill(number=draft.company.number(document.series))
        elif draft.before is not None and not set(draft.given) <= document.free:
            need_draft(document, draft.before)

    def stored(draft: Draft) -> None:
        recalculate(draft.company, document, draft.row)

    def delete(company: Company, row: Row) -> None:
        need_draft(document, row)
        for line in company.of(document.lines, row["id"]) if document.orders else ():
            if line[document.done]:
                raise validation(
                    f"{document.done_caption} must be equal to '0'  in {document.line_table}: "
                    f"Document Type={document.kind}, Document No.={row['number']}, Line No.={line['sequence']}. "
                    f"Current value is '{line[document.done]:f}'."
                )

    triggers: dict[str, Trigger] = {
        **_party(document, document.party, document.role_caption, payer=False),
        **_party(document, f"{document.payer}{who}", document.payer_caption, payer=True),
        **CURRENCY,
        **SHORTCUTS,
        "pricesIncludeTax": _with_tax,
        **country(f"{document.role}Country"),
        **country("shipToCountry"),
        **(
            person("purchaser", "Purchaser Code")
            if document.party == "vendor"
            else person("salesperson", "Salesperson Code")
        ),
    }
    if document.orders:
        triggers |= {**TERMS, **SHIPMENT}
    return Rules(triggers, start, check, stored, delete)
