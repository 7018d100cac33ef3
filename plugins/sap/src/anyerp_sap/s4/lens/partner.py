"""What vendors and customers have in common: names, the main address and its contacts (sap sheet §12)."""

from __future__ import annotations

from anyerp.lens import Codec, Join, Map, Nest, Refused, Rule, text, trimmed
from anyerp.lens.domain import TextDomain

_NAME, _STREET = 40, 60
ADDRESS = "to_BusinessPartnerAddress/results/0"


def _split(name: str) -> tuple[str, str, str]:
    """A name over two fields of 40 characters that SAP shows with a blank between them."""
    if len(name) <= _NAME:
        return name, "", name
    for place in range(_NAME, 0, -1):
        first, second = name[:place], name[place + 1 :]
        parted = name[place] == " " and first == first.rstrip() and second == second.lstrip()
        if parted and len(second) <= _NAME:
            return first, second, name
    raise Refused("this ERP stores a name in two parts of 40 characters, and it has no blank to part it at")


def _name(parts: tuple[str | None, str | None, str | None]) -> str | None:
    first, second, shown = parts
    return " ".join(part for part in (first, second) if part) or shown or None


def _street(parts: tuple[str | None, str | None]) -> str | None:
    return " ".join(part for part in parts if part) or None


def _whole_street(value: str) -> tuple[str, str]:
    """The street with its number in one field: parting them again would be a guess."""
    if len(value) > _STREET:
        raise Refused(f"{len(value)} characters, this ERP stores {_STREET}")
    if "\n" in value:
        raise Refused("one line is stored, not several")
    return value, ""


#: The third field is computed by the system from the first two; persons and groups have only it.
NAME = Codec(
    "sap_partner_name", decode=_name, encode=_split, native=(str, str, str), empty="", domain=TextDomain(_NAME),
    data={"codec": "sap_partner_name"},
)  # fmt: skip
STREET = Codec(
    "sap_street", decode=_street, encode=_whole_street, native=(str, str), empty="", domain=TextDomain(_STREET),
    data={"codec": "sap_street"},
)  # fmt: skip

PARTNER: tuple[Rule, ...] = (
    Map("version", "__metadata/etag", text(), read_only=True),
    Map("extra.BusinessPartner", "BusinessPartner", text(10), read_only=True),
    Map("external_reference", "BusinessPartnerIDByExtSystem", text(20, upper=True, empty="")),
    Join("name", ("OrganizationBPName1", "OrganizationBPName2", "BusinessPartnerName"), NAME),
    Map("legal_name", "BusinessPartnerFullName", text(81), read_only=True),
    Map("email", f"{ADDRESS}/to_EmailAddress/results/0/EmailAddress", text(241, empty="")),
    Map("phone", f"{ADDRESS}/to_PhoneNumber/results/0/PhoneNumber", text(30, upper=True, empty="")),
    # Its key has a day and a flag that nobody tells of a page still to be made.
    Map("website", f"{ADDRESS}/to_URLAddress/results/0/WebsiteURL", text(2048), read_only=True),
    Nest("address", (
        Map("name", "FullName", text(80), read_only=True),
        Join("street", ("StreetName", "HouseNumber"), STREET),
        Map("city", "CityName", text(40, empty="")),
        Map("postal_code", "PostalCode", text(10, upper=True, empty="")),
        Map("region", "Region", text(3, upper=True, empty="")),
        Map("country", "Country", text(3, upper=True, empty="")),
    ), at=ADDRESS),
)  # fmt: skip


def numbered(field: str) -> tuple[Rule, ...]:
    """Id and number: the partner's number as a vendor or customer."""
    return Map("id", field, trimmed(10), read_only=True), Map("number", field, trimmed(10), read_only=True)
