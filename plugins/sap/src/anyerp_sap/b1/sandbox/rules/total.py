"""The arithmetic of a document: prices, line totals, tax, and the sums of the head.

`LineTotal`, `TaxTotal`, `VatSum` and `DocTotal` are in the company's own currency; a document in a foreign currency has
its amounts beside them in `RowTotalFC`, `NetTaxAmountFC`, `VatSumFc` and `DocTotalFc`, which are 0 otherwise [own
knowledge]. Amounts are rounded to the decimals of their currency.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.values import rounded
from anyerp_sap.b1.sandbox.world import LOCAL_CURRENCY, World

#: Decimals of prices, and of everything that the database keeps.
PRICE = 6
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)


def total(world: World, document: Row) -> None:
    """Compute everything computed, in place."""
    currency, rate = document["DocCurrency"], document["DocRate"]
    foreign = currency != LOCAL_CURRENCY
    own, local = world.decimals(currency), world.decimals(LOCAL_CURRENCY)
    kept = 1 - document["DiscountPercent"] / _HUNDRED
    net = tax = net_local = tax_local = _ZERO
    for line in document["DocumentLines"]:
        line["Price"] = rounded(line["UnitPrice"] * (1 - line["DiscountPercent"] / _HUNDRED), PRICE)
        amount = rounded(line["Quantity"] * line["Price"], own)
        percent = vat_rate(world, line["VatGroup"], document["DocDate"])
        line_tax = rounded(amount * kept * percent / _HUNDRED, own)
        amount_local = rounded(amount * rate, local) if foreign else amount
        line_tax_local = rounded(line_tax * rate, local) if foreign else line_tax
        line.update(
            Currency=currency,
            Rate=rate if foreign else _ZERO,
            LineTotal=amount_local,
            RowTotalFC=amount if foreign else _ZERO,
            RowTotalSC=amount_local,
            TaxPercentagePerRow=percent,
            TaxTotal=line_tax_local,
            NetTaxAmount=line_tax_local,
            NetTaxAmountFC=line_tax if foreign else _ZERO,
            GrossTotal=amount_local + line_tax_local,
            GrossTotalFC=amount + line_tax if foreign else _ZERO,
            PriceAfterVAT=rounded(line["Price"] * (1 + percent / _HUNDRED), PRICE),
            GrossPrice=rounded(line["Price"] * (1 + percent / _HUNDRED), PRICE),
        )
        remain(line)
        net, tax = net + amount, tax + line_tax
        net_local, tax_local = net_local + amount_local, tax_local + line_tax_local
    discount = rounded(net * document["DiscountPercent"] / _HUNDRED, own)
    discount_local = rounded(discount * rate, local) if foreign else discount
    document.update(
        TotalDiscount=discount_local,
        VatSum=tax_local,
        VatSumSys=tax_local,
        VatSumFc=tax if foreign else _ZERO,
        DocTotal=net_local - discount_local + tax_local,
        DocTotalSys=net_local - discount_local + tax_local,
        DocTotalFc=net - discount + tax if foreign else _ZERO,
    )


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
