"""The arithmetic of a document: prices, line totals, tax, and the sums of the head.

`LineTotal`, `TaxTotal`, `VatSum` and `DocTotal` are in the company's own currency; a document in a foreign currency has
its amounts beside them in `RowTotalFC`, `NetTaxAmountFC`, `VatSumFc` and `DocTotalFc`, which are 0 otherwise [own
knowledge]. Amounts are rounded to the decimals of their currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.payload import GIVEN
from anyerp_sap.b1.sandbox.values import rounded
from anyerp_sap.b1.sandbox.world import LOCAL_CURRENCY, World

#: Decimals of prices, and of everything that the database keeps.
PRICE = 6
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Currency:
    """A document's currency beside the company's: decimals of both, and the rate between them."""

    foreign: bool
    rate: Decimal
    decimals: int
    local_decimals: int

    def own(self, amount: Decimal) -> Decimal:
        """An amount in the document's currency."""
        return rounded(amount, self.decimals)

    def local(self, amount: Decimal) -> Decimal:
        """An amount of the document's in the company's currency."""
        return rounded(amount * self.rate, self.local_decimals) if self.foreign else amount

    def beside(self, amount: Decimal) -> Decimal:
        """What the foreign field beside a local one holds."""
        return amount if self.foreign else _ZERO


@dataclass(slots=True)
class _Sum:
    """Amounts summed in both currencies."""

    own: Decimal = _ZERO
    local: Decimal = _ZERO

    def add(self, own: Decimal, local: Decimal) -> None:
        self.own += own
        self.local += local


def total(world: World, document: Row) -> None:
    """Compute everything computed, in place."""
    money = _Currency(
        document["DocCurrency"] != LOCAL_CURRENCY,
        document["DocRate"],
        world.decimals(document["DocCurrency"]),
        world.decimals(LOCAL_CURRENCY),
    )
    net, tax, freight = _Sum(), _Sum(), _Sum()
    kept = 1 - document["DiscountPercent"] / _HUNDRED
    for line in document["DocumentLines"]:
        _line(world, document, line, money, kept, net, tax)
    for expense in document["DocumentAdditionalExpenses"]:
        _expense(world, document, expense, money, freight, tax)
    discount = money.own(net.own * document["DiscountPercent"] / _HUNDRED)
    due_local = net.local - money.local(discount) + freight.local + tax.local
    document.update(
        TotalDiscount=money.local(discount),
        VatSum=tax.local,
        VatSumSys=tax.local,
        VatSumFc=money.beside(tax.own),
        DocTotal=due_local,
        DocTotalSys=due_local,
        DocTotalFc=money.beside(net.own - discount + freight.own + tax.own),
    )


def _line(world: World, document: Row, line: Row, money: _Currency, kept: Decimal, net: _Sum, tax: _Sum) -> None:
    price = rounded(line["UnitPrice"] * (1 - line["DiscountPercent"] / _HUNDRED), PRICE)
    percent = vat_rate(world, line["VatGroup"], document["DocDate"])
    amount = money.own(line["Quantity"] * price)
    tax_amount = money.own(amount * kept * percent / _HUNDRED)
    local, tax_local = money.local(amount), money.local(tax_amount)
    gross_price = rounded(price * (1 + percent / _HUNDRED), PRICE)
    line.update(
        Price=price,
        Currency=document["DocCurrency"],
        Rate=money.beside(money.rate),
        LineTotal=local,
        RowTotalFC=money.beside(amount),
        RowTotalSC=local,
        TaxPercentagePerRow=percent,
        TaxTotal=tax_local,
        NetTaxAmount=tax_local,
        NetTaxAmountFC=money.beside(tax_amount),
        GrossTotal=local + tax_local,
        GrossTotalFC=money.beside(amount + tax_amount),
        PriceAfterVAT=gross_price,
        GrossPrice=gross_price,
    )
    remain(line)
    net.add(amount, local)
    tax.add(tax_amount, tax_local)


def _expense(world: World, document: Row, expense: Row, money: _Currency, freight: _Sum, tax: _Sum) -> None:
    """Freight and the like: given in either currency; the head's discount does not touch it."""
    given = expense.pop(GIVEN, frozenset())
    by_local = not money.foreign or ("LineTotal" in given and "LineTotalFC" not in given)
    amount = money.own(expense["LineTotal"] / money.rate if by_local else expense["LineTotalFC"])
    percent = vat_rate(world, expense["VatGroup"], document["DocDate"])
    tax_amount = money.own(amount * percent / _HUNDRED)
    expense.update(
        LineTotal=money.local(amount),
        LineTotalFC=money.beside(amount),
        TaxPercent=percent,
        TaxSum=money.local(tax_amount),
        TaxSumFC=money.beside(tax_amount),
        LineGross=money.local(amount) + money.local(tax_amount),
        LineGrossFC=money.beside(amount + tax_amount),
    )
    freight.add(amount, money.local(amount))
    tax.add(tax_amount, money.local(tax_amount))


def remain(line: Row) -> None:
    """What a line still waits for, in its own unit, in the stock unit and in money."""
    line["InventoryQuantity"] = rounded(line["Quantity"] * line["UnitsOfMeasurment"], PRICE)
    open_quantity = max(line["Quantity"] - line.get("_taken", _ZERO), _ZERO) if line["LineStatus"] == "bost_Open" else 0
    share = open_quantity / line["Quantity"] if line["Quantity"] else _ZERO
    line["RemainingOpenQuantity"] = Decimal(open_quantity)
    line["RemainingOpenInventoryQuantity"] = rounded(open_quantity * line["UnitsOfMeasurment"], PRICE)
    line["OpenAmount"] = rounded(line["LineTotal"] * share, PRICE)
    line["OpenAmountFC"] = rounded(line["RowTotalFC"] * share, PRICE)


def vat_rate(world: World, code: str | None, day: date) -> Decimal:
    """The rate of a tax group that is in force on a day; 0 without one."""
    group = world.store.find("VatGroups", code)
    rates: list[Row] = [line for line in group["VatGroups_Lines"] if line["Effectivefrom"] <= day] if group else []
    return max(rates, key=lambda line: line["Effectivefrom"])["Rate"] if rates else _ZERO
