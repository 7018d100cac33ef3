"""Where money lives: currencies, the company, accounts, one tax, fiscal years, payment terms."""

import datetime as dt
from decimal import Decimal
from typing import Any

from ..rpc import Rpc

# code, name, symbol, digits, units of it for one dollar; yen has no decimals, the Kuwaiti dinar has three
CURRENCIES = (
    ("USD", "US Dollar", "$", 2, "1"),
    ("EUR", "Euro", "€", 2, "0.92"),
    ("JPY", "Yen", "¥", 0, "155"),
    ("KWD", "Kuwaiti Dinar", "KD", 3, "0.307"),
)
TERMS = (("Net 30", 30), ("Net 60", 60), ("Due on receipt", 0))


def currencies(rpc: Rpc) -> dict[str, int]:
    """Ids of the currencies by ISO 4217 code, with a rate since the start of the year."""
    since = dt.date(dt.datetime.now(dt.UTC).year, 1, 1)
    made = rpc.create(
        "currency.currency",
        *(
            {
                "code": code,
                "name": name,
                "symbol": symbol,
                "digits": digits,
                "rounding": Decimal(1).scaleb(-digits),
                "rates": [["create", [{"date": since, "rate": Decimal(rate)}]]],
            }
            for code, name, symbol, digits, rate in CURRENCIES
        ),
    )
    return {row[0]: id_ for row, id_ in zip(CURRENCIES, made, strict=True)}


def company(rpc: Rpc, currency: int) -> int:
    """Make the company and put the administrator in it; afterwards the context names it."""
    (party,) = rpc.create("party.party", {"name": "Harbour Pumps Inc."})
    (made,) = rpc.create("company.company", {"party": party, "currency": currency})
    rpc.write("res.user", [rpc.user_id], {"companies": [["add", [made]]], "company": made})
    rpc.refresh()
    return made


def accounts(rpc: Rpc, company_id: int) -> dict[str, int]:
    """The accounts that purchasing needs, and their use as defaults for new parties."""
    common = {"company": company_id}
    kinds = ("receivable", "payable", "expense", "revenue")
    sheets: dict[str, dict[str, Any]] = {
        "receivable": {"statement": "balance", "assets": True},
        "payable": {"statement": "balance"},
    }
    types = rpc.create(
        "account.account.type",
        *(
            {**common, "name": kind.title(), "statement": "income", **sheets.get(kind, {}), kind: True}
            for kind in kinds
        ),
        {**common, "name": "Assets", "statement": "balance", "assets": True},
    )
    names = (*kinds, "cash", "tax")
    numbers = rpc.create(
        "account.account",
        *(
            {
                **common,
                "name": name.title(),
                "code": str(1000 + place),
                "type": type_,
                "reconcile": name in sheets,
                "party_required": name in sheets,
            }
            # tax shares the plain balance-sheet type: Tryton refuses a tax on a payable account
            for place, (name, type_) in enumerate(zip(names, (*types, types[-1]), strict=True))
        ),
    )
    made = dict(zip(names, numbers, strict=True))
    defaults = {f"default_account_{k}": made[k] for k in ("receivable", "payable")}
    # for lines without a product
    defaults |= {f"default_category_account_{k}": made[k] for k in ("expense", "revenue")}
    # what rounding leaves over when an invoice in another currency is posted
    exchange = {"currency_exchange_debit_account": made["expense"], "currency_exchange_credit_account": made["revenue"]}
    rpc.write("account.configuration", [1], defaults | exchange)  # a singleton: always record 1, never created
    return made


def tax(rpc: Rpc, company_id: int, account: int) -> int:
    """Input tax of 20 %."""
    values: dict[str, Any] = {
        "name": "VAT 20%",
        "description": "VAT 20%",
        "type": "percentage",
        "rate": Decimal("0.2"),
        "company": company_id,
        "invoice_account": account,
        "credit_note_account": account,
    }
    return rpc.create("account.tax", values)[0]


def fiscal_years(rpc: Rpc, company_id: int) -> None:
    """This year and the next, so that a database built in December still posts in January."""
    kinds = {name: rpc.one("ir.sequence.type", [["name", "=", name]]) for name in ("Account Move", "Invoice")}
    uses = ("in_invoice", "in_credit_note", "out_invoice", "out_credit_note")
    this = dt.datetime.now(dt.UTC).year
    for year in (this, this + 1):
        # Tryton refuses one move sequence in two years
        moves, invoices = rpc.create(
            "ir.sequence.strict",
            *(
                {"name": f"{name} {year}", "prefix": f"{year}-", "sequence_type": kind, "company": company_id}
                for name, kind in kinds.items()
            ),
        )
        numbers = {"company": company_id, **{f"{use}_sequence": invoices for use in uses}}
        made = rpc.create(
            "account.fiscalyear",
            {
                "name": str(year),
                "company": company_id,
                "start_date": dt.date(year, 1, 1),
                "end_date": dt.date(year, 12, 31),
                "move_sequence": moves,
                "invoice_sequences": [["create", [numbers]]],
            },
        )
        rpc.click("account.fiscalyear", "create_period", made)


def payment_terms(rpc: Rpc) -> dict[str, int]:
    """Ids of the payment terms by name."""
    made = rpc.create(
        "account.invoice.payment_term",
        *(
            {
                "name": name,
                "lines": [["create", [{"type": "remainder", "relativedeltas": [["create", [{"days": days}]]]}]]],
            }
            for name, days in TERMS
        ),
    )
    return {name: id_ for (name, _), id_ in zip(TERMS, made, strict=True)}
