"""The closed lists: each member's name on the wire, and the letter or number that the database keeps for it.

Input and filters take either (sap sheet §13: `CardType eq 'cSupplier'` or `'S'`); output is always the name. The names
are those of the metadata; the codes are own knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping

_LISTS = """
BoYesNoEnum: tNO N, tYES Y
BoCardTypes: cCustomer C, cSupplier S, cLid L
BoCardCompanyTypes: cCompany C, cPrivate I, cGovernment G, cEmployee E
BoStatus: bost_Open O, bost_Close C, bost_Paid P, bost_Delivered D
CancelStatusEnum: csYes Y, csNo N, csCancellation C
BoDocumentTypes: dDocument_Items I, dDocument_Service S
BoDocLineType: dlt_Regular R, dlt_Alternative A, dlt_Resource E
DocumentAuthorizationStatusEnum: dasWithout -, dasPending W, dasApproved Y, dasRejected N, dasGenerated P, \
dasGeneratedbyAuthorizer A, dasCancelled C
BoVatStatus: vExempted N, vLiable Y, vEC E
BoVatCategoryEnum: bovcInputTax I, bovcOutputTax O
BoAddressType: bo_ShipTo S, bo_BillTo B
BoBaselineDate: bld_PostingDate P, bld_SystemDate S, bld_TaxDate T, bld_ClosingDate C
ItemTypeEnum: itItems I, itLabor L, itTravel T, itFixedAssets F
ItemClassEnum: itcService 1, itcMaterial 2
BoInventorySystem: bis_MovingAverage A, bis_Standard S, bis_FIFO F, bis_SNB B
BoAccountTypes: at_Revenues I, at_Expenses E, at_Other N
CurrenciesDecimalsEnum: cd1Digit 1, cd2Digits 2, cd3Digits 3, cd4Digits 4, cd5Digits 5, cd6Digits 6, \
cdWithoutDecimals 0, cdDefault -1
BoObjectTypes: oPurchaseInvoices 18, oPurchaseDeliveryNotes 20, oPurchaseOrders 22, oOrders 17, \
oPurchaseRequest 1470000113, oDrafts 112
"""


def _read(lists: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line in lists.strip().splitlines():
        name, _, members = line.partition(":")
        pairs = (member.split() for member in members.split(","))
        found[name] = {member: code for member, code in pairs}  # noqa: C416  (the pairs are lists)
    return found


#: Per list: name on the wire → code in the database.
ENUMS: Mapping[str, Mapping[str, str]] = _read(_LISTS)

_BY_CODE = {name: {code: member for member, code in members.items()} for name, members in ENUMS.items()}


def member(enum: str, text: str) -> str | None:
    """The name of a member given by name or by code; None when the list has neither."""
    return text if text in ENUMS[enum] else _BY_CODE[enum].get(text)
