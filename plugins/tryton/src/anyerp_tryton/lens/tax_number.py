"""Tax numbers: Tryton keeps each under its country's kind, and checks its form and digits (wire §12)."""

from __future__ import annotations

import re

from anyerp.lens import Codec, Refused
from anyerp.lens.domain import ChoiceDomain

#: Where VAT numbers begin with the country, by which the kind `eu_vat` is chosen (EL is Greece, XI Northern Ireland).
UNION = frozenset("AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split())
#: The kind elsewhere, by country; those of the list that Tryton delivers which count for taxes, one for each.
KINDS = dict(
    pair.split(":")
    for pair in (
        "AD:nrt AL:nipt AR:cuit AU:abn AZ:voen BR:cnpj BY:unp CA:bn CH:vat CL:rut CN:uscc CO:nit CR:cpj DO:rnc DZ:nif "
        "EC:ruc EG:tn FO:vn GB:vat GH:tin GN:nifp GT:nit ID:npwp IL:hp IN:gstin IS:vsk JP:cn KE:pin KR:brn MA:ice "
        "MC:tva MD:idno ME:pib MK:edb MX:rfc MZ:nuit NO:mva NZ:ird PE:ruc PY:ruc RS:pib RU:inn SG:uen SM:coe SN:nimea "
        "SV:nit TH:moa TN:mf TR:vkn TW:ubn UA:edrpou US:ein UY:rut VE:rif VN:mst ZA:tin"
    ).split()
)
#: Countries whose numbers begin with them outside of the Union.
_BEGINS = ("CH", "NO")
_MARKS = re.compile(r"[\s./-]")
_FORM = re.compile(r"[A-Z0-9+*]{4,24}")
#: Some whose digits are right: the kit makes its values from these, as no domain describes check digits.
_VALID = (
    *("DE136695976", "ATU13585627", "FR40303265045", "NL004495445B01", "BE0428759497"),
    "CHE107787577IVA",
)


def compact(value: str) -> str:
    """A number without the marks between its figures, which Tryton sets as the country does."""
    return _MARKS.sub("", value).upper()


def kind_of(number: str, country: str | None) -> str | None:
    """Tryton's kind of a number: by its own beginning within the Union and where that belongs to it, else by country.

    None for a British number that begins with GB, which Tryton would take off.
    """
    begins = number[:2]
    if begins in UNION and country not in KINDS:
        return "eu_vat"
    place = country if country in KINDS else begins if begins in _BEGINS else None
    return None if place is None or begins == "GB" else f"{place.lower()}_{KINDS[place]}"


def tax_number() -> Codec:
    """The number that counts for taxes, without spaces and marks."""

    def encode(value: str) -> str:
        found = compact(value)
        if not _FORM.fullmatch(found):
            raise Refused("a tax number is 4 to 24 letters and figures")
        return found

    return Codec(
        "tryton_tax_number",
        decode=lambda value: compact(value) or None,
        encode=encode,
        settle=compact,
        domain=ChoiceDomain(_VALID),
        data={"codec": "tryton_tax_number"},
    )
