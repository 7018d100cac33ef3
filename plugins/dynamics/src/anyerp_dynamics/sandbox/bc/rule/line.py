"""Lines: what they are of, how much, at what price, and what may still be changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...odata import Row
from ..document import Document
from ..problem import Problem, dialog, exists, unrelated, validation
from ..schema import ZERO, decode
from ..store import Company
from ..total import recalculate, rounded
from .draft import Draft, Rules, Trigger
from .header import need_draft

_STEP = 10_000
_NOTHING = Decimal(0)


class _Lines:
    """The triggers of one kind of line."""

    def __init__(self, document: Document) -> None:
        self.document = document

    # What the line is of -----------------------------------------------------------------------------------------

    def reset(self, draft: Draft, line_type: str, **values: Any) -> None:
        """Begin again with another object: price, discount, unit, text and tax are taken from it; quantity stays."""
        draft.fill(
            **{
                "lineType": line_type, "itemId": ZERO, "accountId": ZERO, "lineObjectNumber": "", "description": "",
                "description2": "", "unitOfMeasureId": ZERO, "unitOfMeasureCode": "", self.document.price: _NOTHING,
                "discountAmount": _NOTHING, "discountPercent": _NOTHING, "taxCode": "", "taxPercent": _NOTHING,
                "itemVariantId": ZERO, **values,
            }
        )  # fmt: skip

    def header(self, draft: Draft) -> Row:
        """The document that the line lives in."""
        header = draft.company.get(self.document.set, draft.row["documentId"])
        if header is None:
            raise dialog(self.document.gone)
        return header

    def price(self, draft: Draft, item: Row, unit: str) -> Decimal:
        """The item's price for a unit, in the document's currency."""
        rate = draft.company.rates.get(self.header(draft)["currencyCode"], Decimal(1))
        return rounded(item[self.document.item_price] * item["$units"][unit] / rate, 5).normalize() + 0

    def tax(self, draft: Draft, code: str) -> dict[str, Any]:
        """The tax of a group, if the other side is liable for it."""
        header = self.header(draft)
        party = draft.company.get(self.document.parties, header[f"{self.document.party}Id"])
        liable = party is not None and party["taxLiable"]
        return {"taxCode": code, "taxPercent": draft.company.taxes.get(code, _NOTHING) if liable else _NOTHING}

    def take_item(self, draft: Draft, item: Row | None) -> None:
        if item is None:
            raise dialog("Item does not exist.")
        if item["blocked"]:
            raise validation(f"Blocked must be equal to 'No'  in Item: No.={item['number']}. Current value is 'Yes'.")
        unit = item["baseUnitOfMeasureCode"]
        self.reset(
            draft, "Item", itemId=item["id"], lineObjectNumber=item["number"], description=item["displayName"],
            description2=item["displayName2"], unitOfMeasureId=item["baseUnitOfMeasureId"], unitOfMeasureCode=unit,
            **{self.document.price: self.price(draft, item, unit)}, **self.tax(draft, item["taxGroupCode"]),
        )  # fmt: skip

    def take_account(self, draft: Draft, account: Row | None) -> None:
        if account is None:
            raise dialog("Account does not exist.")
        if not account["directPosting"] or account["blocked"]:
            name = "Blocked" if account["blocked"] else "Direct Posting"
            wanted = "No" if account["blocked"] else "Yes"
            raise validation(f"{name} must be equal to '{wanted}'  in G/L Account: No.={account['number']}.")
        self.reset(
            draft, "Account", accountId=account["id"], lineObjectNumber=account["number"],
            description=account["displayName"],
        )  # fmt: skip

    def item_id(self, draft: Draft, value: str) -> None:
        self.not_both(draft)
        if value == draft.row["itemId"]:
            return
        if value == ZERO:
            self.reset(draft, "Comment")
        else:
            self.take_item(draft, draft.company.get("items", value))

    def account_id(self, draft: Draft, value: str) -> None:
        self.not_both(draft)
        if value == draft.row["accountId"]:
            return
        if value == ZERO:
            self.reset(draft, "Comment")
        else:
            self.take_account(draft, draft.company.get("accounts", value))

    @staticmethod
    def not_both(draft: Draft) -> None:
        if draft.given.get("itemId", ZERO) != ZERO and draft.given.get("accountId", ZERO) != ZERO:
            raise dialog('Both "itemId" and "accountId" are specified. Specify only one of them.')

    def line_type(self, draft: Draft, value: str) -> None:
        if value != draft.row["lineType"]:
            self.reset(draft, value)

    def object_number(self, draft: Draft, value: str) -> None:
        company, kind = draft.company, draft.row["lineType"]
        if value == draft.row["lineObjectNumber"]:
            return
        if not draft.new:
            raise dialog('The value for "lineObjectNumber" cannot be modified.')
        if kind == "Item":
            self.take_item(draft, company.find("items", number=value))
        elif kind == "Account":
            self.take_account(draft, company.find("accounts", number=value))
        elif kind == "Charge" and value in company.charges:
            self.reset(draft, kind, lineObjectNumber=value, description=company.charges[value])
        else:
            related = {"Comment": "Standard Text", "Charge": "Item Charge"}.get(kind, decode(kind))
            raise unrelated("No.", self.document.line_table, value, related)

    # How much, at what price -------------------------------------------------------------------------------------

    def quantity(self, draft: Draft, value: Decimal) -> None:
        row, document = draft.row, self.document
        row["quantity"] = value
        if document.orders:
            if abs(value) < abs(row[document.done]):
                raise validation(f"Quantity must not be less than {document.done_caption} in {self.where(draft)}.")
            draft.fill(
                **{document.todo: value - row[document.done], "invoiceQuantity": value - row["invoicedQuantity"]}
            )
        self.percent(draft, row["discountPercent"])

    def where(self, draft: Draft) -> str:
        header = self.header(draft)
        return (
            f"{self.document.line_table} Document Type='{self.document.kind}',Document No.='{header['number']}',"
            f"Line No.='{draft.row['sequence']}'"
        )

    def places(self, draft: Draft) -> int:
        return draft.company.decimals(self.header(draft)["currencyCode"])

    def unit_price(self, draft: Draft, value: Decimal) -> None:
        draft.row[self.document.price] = value
        self.percent(draft, draft.row["discountPercent"])

    def percent(self, draft: Draft, value: Decimal) -> None:
        if not 0 <= value <= 100:
            raise validation("The value of discountPercent must be between 0 and 100.")
        row = draft.row
        gross = rounded(row["quantity"] * row[self.document.price], self.places(draft))
        draft.fill(discountPercent=value, discountAmount=rounded(gross * value / 100, self.places(draft)))

    def discount(self, draft: Draft, value: Decimal) -> None:
        row, places = draft.row, self.places(draft)
        gross = rounded(row["quantity"] * row[self.document.price], places)
        percent = rounded(value * 100 / gross, 5) if gross else _NOTHING
        draft.fill(discountAmount=rounded(value, places), discountPercent=percent)

    def to_do(self, draft: Draft, value: Decimal) -> None:
        row, document = draft.row, self.document
        open_quantity = row["quantity"] - row[document.done]
        if abs(value) > abs(open_quantity):
            verb = "receive" if document.party == "vendor" else "ship"
            raise dialog(f"You cannot {verb} more than {open_quantity:f} units.")
        draft.fill(**{document.todo: value, "invoiceQuantity": row[document.done] + value - row["invoicedQuantity"]})

    def to_invoice(self, draft: Draft, value: Decimal) -> None:
        row, document = draft.row, self.document
        most = row[document.done] + row[document.todo] - row["invoicedQuantity"]
        if abs(value) > abs(most):
            raise dialog(f"You cannot invoice more than {most:f} units.")
        draft.fill(invoiceQuantity=value)

    def unit_code(self, draft: Draft, value: str) -> None:
        unit = draft.company.find("unitsOfMeasure", code=value) if value else None
        if value and unit is None:
            raise unrelated("Unit of Measure Code", self.document.line_table, value, "Unit of Measure")
        self.take_unit(draft, unit)

    def unit_id(self, draft: Draft, value: str) -> None:
        unit = None if value == ZERO else draft.company.get("unitsOfMeasure", value)
        if value != ZERO and unit is None:
            raise dialog('The "unitOfMeasureId" does not match to a Unit of Measure.')
        code = draft.given.get("unitOfMeasureCode")
        if unit is not None and code and code != unit["code"]:
            raise dialog("The unit of measure values do not match to a specific Unit of Measure.")
        if unit is not None or not code:
            self.take_unit(draft, unit)

    def take_unit(self, draft: Draft, unit: Row | None) -> None:
        """Another unit: an item knows its units and has a price for each; other lines take any."""
        row = draft.row
        item = draft.company.get("items", row["itemId"])
        code = "" if unit is None else unit["code"]
        if code == row["unitOfMeasureCode"]:
            return
        if item is not None:
            if code not in item["$units"]:
                table, related = self.document.line_table, "Item Unit of Measure"
                raise unrelated("Unit of Measure Code", table, code, related)
            self.unit_price(draft, self.price(draft, item, code))
        draft.fill(unitOfMeasureId=ZERO if unit is None else unit["id"], unitOfMeasureCode=code)

    def tax_code(self, draft: Draft, value: str) -> None:
        if value and value not in draft.company.taxes:
            raise unrelated("Tax Group Code", self.document.line_table, value, "Tax Group")
        draft.fill(**self.tax(draft, value))

    # Where it lives ----------------------------------------------------------------------------------------------

    @staticmethod
    def document_id(draft: Draft, value: str) -> None:
        if value == draft.row["documentId"]:
            return
        if not draft.new or draft.row["documentId"] != ZERO:
            raise dialog('The value for "documentId" cannot be modified.')
        draft.fill(documentId=value)

    @staticmethod
    def sequence(draft: Draft, value: int) -> None:
        if not draft.new and value != draft.row["sequence"]:
            raise dialog("The value for sequence cannot be modified. Delete and insert the line again.")
        draft.fill(sequence=value)

    def start(self, draft: Draft) -> None:
        """The document must be known before anything else can be worked out, wherever it stands in the body."""
        parent = draft.given.get("documentId", draft.row["documentId"])
        if parent == ZERO:
            raise dialog("You must specify an Id or a Document Id to get the lines.")
        if draft.row["documentId"] == ZERO:
            draft.fill(documentId=parent)
        need_draft(self.document, self.header(draft))

    def check(self, draft: Draft) -> None:
        company, row = draft.company, draft.row
        if not draft.new and not set(draft.given) <= self.document.line_free:
            need_draft(self.document, self.header(draft))
        if row["lineType"] == "Comment" and (row["quantity"] or row[self.document.price]):
            raise validation(f"Type must have a value in {self.where(draft)}. It cannot be zero or empty.")
        if draft.new:
            lines = company.of(self.document.lines, row["documentId"])
            if not row["sequence"]:
                row["sequence"] = max((line["sequence"] for line in lines), default=0) + _STEP
            elif any(line["sequence"] == row["sequence"] for line in lines):
                raise exists(self.document.line_table, "Line No.", str(row["sequence"]))

    def stored(self, draft: Draft) -> None:
        recalculate(draft.company, self.document, self.header(draft))

    def delete(self, company: Company, row: Row) -> None:
        header = company.get(self.document.set, row["documentId"])
        if header is not None:
            need_draft(self.document, header)
        if self.document.orders and row[self.document.done]:
            raise validation(
                f"{self.document.done_caption} must be equal to '0'  in {self.document.line_table}. "
                f"Current value is '{row[self.document.done]:f}'."
            )

    def deleted(self, company: Company, row: Row) -> None:
        header = company.get(self.document.set, row["documentId"])
        if header is not None:
            recalculate(company, self.document, header)


def _variant(draft: Draft, value: str) -> None:
    variant = None if value == ZERO else draft.company.get("itemVariants", value)
    if value != ZERO and (variant is None or variant["itemId"] != draft.row["itemId"]):
        raise dialog("The item variant does not belong to the item of the line.")
    draft.fill(itemVariantId=value)


def _location(draft: Draft, value: str) -> None:
    if value != ZERO and draft.company.get("locations", value) is None:
        raise Problem(400, "Internal_RecordNotFound", "The Location does not exist.")
    draft.fill(locationId=value)


def line_rules(document: Document) -> Rules:
    """The rules of the lines of a kind of document."""
    lines = _Lines(document)
    triggers: dict[str, Trigger] = {
        "documentId": lines.document_id, "sequence": lines.sequence, "itemId": lines.item_id,
        "accountId": lines.account_id, "lineType": lines.line_type, "lineObjectNumber": lines.object_number,
        "quantity": lines.quantity, document.price: lines.unit_price, "discountPercent": lines.percent,
        "discountAmount": lines.discount, "unitOfMeasureId": lines.unit_id, "unitOfMeasureCode": lines.unit_code,
        "taxCode": lines.tax_code, "itemVariantId": _variant, "locationId": _location,
    }  # fmt: skip
    if document.orders:
        triggers |= {document.todo: lines.to_do, "invoiceQuantity": lines.to_invoice}
    return Rules(triggers, lines.start, lines.check, lines.stored, lines.delete, lines.deleted)
