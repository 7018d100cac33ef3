"""Vendors and customers: several alphabets, currencies, statuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from anyerp_sap.b1.sandbox.payload import Writing
from anyerp_sap.b1.sandbox.rules import master
from anyerp_sap.b1.sandbox.seed.organisation import START
from anyerp_sap.b1.sandbox.world import World

#: Code, name, currency, terms, city, zip, country, tax number.
_VENDORS = (
    ("V10000", "Verrerie Saint-Étienne", "EUR", 1, "Saint-Étienne", "42000", "FR", "FR12345678901"),
    ("V10010", "Müller & Söhne Elektrotechnik GmbH", "EUR", 2, "Köln", "50667", "DE", "DE811907980"),
    ("V20000", "Pacific Components Inc.", "USD", 4, "Oakland", "94607", "US", "94-1234567"),
    ("V30000", "株式会社 光電工業", "JPY", 1, "大阪市", "530-0001", "JP", "T1234567890123"),
    ("V40000", "شركة الخليج للكابلات", "KWD", 3, "الكويت", "13001", "KW", None),
    ("V50000", "Câbleries du Sahel", "TND", 1, "Sousse", "4000", "TN", "1234567A"),
    ("V60000", "Global Trading Ltd", "##", 1, "London", "EC1A 1BB", "GB", "GB123456789"),
    ("V70000", "Zürcher Präzision AG", "CHF", 1, "Zürich", "8001", "CH", "CHE-123.456.789"),
    ("V90000", "Ancien fournisseur", "EUR", 1, "Givors", "69700", "FR", None),
)
_CUSTOMERS = (
    ("C10000", "Théâtre des Célestins", "EUR", 1, "Lyon", "69002", "FR", "FR98765432109"),
    ("C20000", "Nordlicht Veranstaltungen", "EUR", 2, "Hamburg", "20095", "DE", "DE123456788"),
    ("C30000", "Ōsaka Stage Co.", "JPY", 1, "大阪市", "530-0002", "JP", None),
)


def seed_partners(world: World) -> None:
    """Nine vendors (one frozen, one any-currency, one without an exchange rate), three customers, one lead."""
    for place, row in enumerate(_VENDORS + _CUSTOMERS):
        with world.at(START + timedelta(days=place, hours=2, minutes=7 * place)):
            _partner(world, *row)
    with world.at(START + timedelta(days=20)):
        lead = {"CardCode": "L10000", "CardName": "Peut-être SA", "CardType": "L", "Currency": "EUR"}
        master.create(world, "BusinessPartners", lead)
    with world.at(START + timedelta(days=200, hours=6)):
        _change(world, "V90000", {"Frozen": "tYES", "FrozenFrom": "2024-07-26"})
        _change(world, "V10010", {"Phone1": "+49 221 5550100"})


def _partner(
    world: World, code: str, name: str, currency: str, terms: int, city: str, post: str, country: str, tax: str | None
) -> None:
    vendor = code.startswith("V")
    address = {"Street": "Industriestraße 5" if country == "DE" else "1 Main Road", "City": city, "Country": country}
    ship_to = {**address, "AddressName": "Entrepôt", "ZipCode": post}
    bill_to = {**address, "AddressName": "Siège", "ZipCode": post, "AddressType": "bo_BillTo"}
    body: dict[str, Any] = {
        "CardCode": code,
        "CardName": name,
        "CardType": "cSupplier" if vendor else "cCustomer",
        "GroupCode": 101 if vendor else 100,
        "Currency": currency,
        "PayTermsGrpCode": terms,
        "FederalTaxID": tax,
        "VatGroup": "C20" if vendor else "D20",
        "Phone1": "+33 4 77 00 00 00",
        "EmailAddress": f"orders@{code.lower()}.example",
        "City": city,
        "ZipCode": post,
        "Country": country,
        "DebitorAccount": "401100" if vendor else "411100",
        "BPAddresses": [bill_to, ship_to],
        "ContactEmployees": [{"Name": "Vente", "FirstName": "Zoë", "LastName": "Nguyễn", "E_Mail": "zoe@example.com"}],
        "BPBankAccounts": [{"BankCode": "BNP", "IBAN": "FR7630006000011234567890189"}] if country == "FR" else [],
    }
    master.create(world, "BusinessPartners", body)


def _change(world: World, code: str, body: dict[str, Any]) -> None:
    old = world.store.get("BusinessPartners", code)
    master.update(world, "BusinessPartners", old, body, Writing(world.types), resetting=False)
