"""The connector `netsuite`."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Connector, Limits
from anyerp.connector import Consent as ByConsent

from anyerp_netsuite.auth import authorize, consent, renew, sign
from anyerp_netsuite.exemption import EXEMPTIONS
from anyerp_netsuite.flow.document import RESOURCES as DOCUMENTS
from anyerp_netsuite.flow.follow_up import RESOURCES as FOLLOW_UPS
from anyerp_netsuite.flow.master import RESOURCES as MASTER
from anyerp_netsuite.flow.party import RESOURCES as PARTIES
from anyerp_netsuite.refusal import explain
from anyerp_netsuite.settings import Certificate, Consent, Settings, Tba


def _sandbox() -> Any:
    from anyerp_netsuite.sandbox import with_open_order  # noqa: PLC0415 - a host without tests never needs it

    return with_open_order()


CONNECTOR = Connector(
    name="netsuite",
    title="Oracle NetSuite",
    settings=Settings,
    credentials=(Certificate, Tba, Consent),
    base_url=lambda settings: str(settings.origin),
    authorize=authorize,
    renew=renew,
    sign=sign,
    explain=explain,
    consent=ByConsent(credentials=Consent, page=consent.page, redeem=consent.redeem),
    sandbox=_sandbox,
    resources={**MASTER, **PARTIES, **DOCUMENTS, **FOLLOW_UPS},
    # The limit is on calls in flight of the whole account, five on the smallest; pages of SuiteQL hold 1000 rows (§5).
    exemptions=EXEMPTIONS,
    limits=Limits(page_size=1000, batch_size=100, in_flight=4),
)
