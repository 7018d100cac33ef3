"""The connector `dynamics-bc`."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Connector, Limits
from anyerp.kits.auth import forget_token

from anyerp_dynamics.bc.auth import authorize
from anyerp_dynamics.bc.error import explain
from anyerp_dynamics.bc.master import RESOURCES
from anyerp_dynamics.bc.purchase_order import PURCHASE_ORDERS
from anyerp_dynamics.bc.settings import Settings, root
from anyerp_dynamics.bc.trade import RESOURCES as TRADE
from anyerp_dynamics.entra import Certificate, Secret


def _sandbox() -> Any:
    from anyerp_dynamics.sandbox.bc import BusinessCentralSandbox  # noqa: PLC0415 - a host without tests needs none

    return BusinessCentralSandbox()


CONNECTOR = Connector(
    name="dynamics-bc",
    title="Dynamics 365 Business Central",
    settings=Settings,
    credentials=(Secret, Certificate),
    base_url=root,
    authorize=authorize,
    renew=forget_token,
    explain=explain,
    sandbox=_sandbox,
    resources={"purchase_orders": PURCHASE_ORDERS, **RESOURCES, **TRADE},
    limits=Limits(page_size=100, batch_size=100, in_flight=5),  # dynamics sheet §2.5
)
