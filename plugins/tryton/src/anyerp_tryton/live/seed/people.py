"""Suppliers, customers, and the users beside the administrator."""

from typing import Any

from ..rpc import Rpc

# code, name, street, city, e-mail, VAT number (valid check digits), payment term
SUPPLIERS: tuple[tuple[str, str, str, str, str, str | None, str | None], ...] = (
    ("V-1001", "Acme Fasteners GmbH", "1 Werkstr.", "Essen", "po@acme.example", "DE136695976", "Net 30"),
    ("V-1002", "Ødegård Stål AS", "Fjordgata 7", "Tromsø", "ordre@stal.example", None, "Net 60"),
    ("V-1003", "東京ポンプ株式会社", "2-3-1 芝公園", "東京", "po@pump.example", None, "Due on receipt"),
    ("V-1004", "Gulf Calibration W.L.L.", "Block 4", "Kuwait City", "po@gulf.example", None, None),
)
# code, name, street, city, payment term
CUSTOMERS = (
    ("C-2001", "Kieler Werft AG", "Hafenstr. 1", "Kiel", "Net 30"),
    ("C-2002", "Båtbyggeriet i Bergen", "Bryggen 12", "Bergen", "Net 60"),
)
# what a buyer's application reads beyond what Tryton leaves open to everybody
READABLE = (
    "purchase.purchase",
    "purchase.line",
    "sale.sale",
    "sale.line",
    "stock.move",
    "stock.location",
    "account.invoice",
    "account.invoice.line",
)


def suppliers(rpc: Rpc, terms: dict[str, int]) -> dict[str, int]:
    """Ids of the supplier parties by code, each with an address, an e-mail, maybe a VAT number."""
    made = rpc.create("party.party", *(_supplier(row, terms) for row in SUPPLIERS))
    return {row[0]: id_ for row, id_ in zip(SUPPLIERS, made, strict=True)}


def _supplier(row: tuple[str, str, str, str, str, str | None, str | None], terms: dict[str, int]) -> dict[str, Any]:
    code, name, street, city, email, vat, term = row
    values: dict[str, Any] = {
        "code": code,
        "name": name,
        "addresses": [["create", [{"street": street, "city": city, "postal_code": "10000"}]]],
        "contact_mechanisms": [["create", [{"type": "email", "value": email}]]],
    }
    if vat:
        values["identifiers"] = [["create", [{"type": "eu_vat", "code": vat}]]]
    if term:
        values["supplier_payment_term"] = terms[term]
    return values


def customers(rpc: Rpc, terms: dict[str, int]) -> dict[str, int]:
    """Ids of the customer parties by code, each with an address."""
    made = rpc.create(
        "party.party",
        *(
            {
                "code": code,
                "name": name,
                "addresses": [["create", [{"street": street, "city": city, "postal_code": "24103"}]]],
                "customer_payment_term": terms[term],
            }
            for code, name, street, city, term in CUSTOMERS
        ),
    )
    return {row[0]: id_ for row, id_ in zip(CUSTOMERS, made, strict=True)}


def reader(rpc: Rpc, company: int, login: str, password: str) -> int:
    """A user who may read purchases and may not write them; its id."""
    (group,) = rpc.create("res.group", {"name": "Purchase readers"})
    rpc.create(
        "ir.model.access",
        *(
            {
                "model": model,
                "group": group,
                "perm_read": True,
                "perm_write": False,
                "perm_create": False,
                "perm_delete": False,
            }
            for model in READABLE
        ),
    )
    (made,) = rpc.create(
        "res.user",
        {
            "name": "Reader",
            "login": login,
            "password": password,
            "groups": [["add", [group]]],
            "companies": [["add", [company]]],
            "company": company,
        },
    )
    return made


def application_key(rpc: Rpc) -> str:
    """A REST key of the administrator (`Authorization: Bearer`), usable at once."""
    (made,) = rpc.create("res.user.application", {"user": rpc.user_id, "application": "rest"})
    key: str = rpc.read("res.user.application", [made], "key")[0]["key"]
    return key


def passwords(rpc: Rpc, known: dict[int, str]) -> None:
    """Let users log in by one-time passwords that never expire: Tryton compares these without hashing them.

    Its hash takes 64 MB and a tenth of a second of two processors, and a test run logs in hundreds of times.
    """
    never = {"__class__": "datetime", "year": 2100, "month": 1, "day": 1}
    never |= dict.fromkeys(("hour", "minute", "second", "microsecond"), 0)
    for user, password in known.items():
        rpc.write(
            "res.user", [user], {"password_reset": password, "password_reset_expire": never, "password_hash": None}
        )
