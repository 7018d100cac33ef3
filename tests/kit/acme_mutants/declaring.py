"""Mutants that declare badly."""

from __future__ import annotations

from typing import Any

from acme_erp.connector import CONNECTOR, Settings
from acme_erp.lens import ORDER_RULES
from acme_erp.sandbox import AcmeSandbox
from anyerp.connector import Exemption, Limits
from anyerp.lens import Lens
from anyerp.model import PurchaseOrder
from pydantic import BaseModel, ConfigDict, field_validator

from acme_mutants.mutant import Mutant, acme, orders


class OpenLogin(BaseModel):
    """A password in plain sight."""

    model_config = ConfigDict(extra="forbid")
    user: str
    password: str


class PickyOrder(PurchaseOrder):
    """A model that knows a rule of which its schema does not speak."""

    @field_validator("notes")
    @classmethod
    def _not_x(cls, value: str | None) -> str | None:
        if value == "x":
            raise ValueError("not x")
        return value


SHARED = AcmeSandbox()
_BECAUSE = {"delete": "never: nothing is deleted", "cancel": "todo: later", "close": "todo: later"}


class ShortSecret(AcmeSandbox):
    """A sandbox whose password is too short to be recognised anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.credentials = {"user": "robot", "password": "pw"}

    def _login(self, body: dict[str, Any]) -> Any:
        super()._login(body)
        self._tokens.add("t")
        return {"token": "t"}


def _witness() -> None:
    raise AssertionError


MUTANTS = (
    Mutant(
        "declaration.operations",
        "a reason without the vocabulary",
        orders(because={**_BECAUSE, "close": "one day"}),
        "purchase_orders.close is missing",
    ),
    Mutant(
        "declaration.operations",
        "a reason for what is there",
        orders(because={**_BECAUSE, "get": "todo: later"}),
        "purchase_orders.get is there",
    ),
    Mutant(
        "declaration.operations",
        "a resource that nobody knows",
        acme(resources={"orders": orders().resources["vendors"]}),
        "no resource of the unified model",
        resource="orders",
    ),
    Mutant(
        "declaration.secrets",
        "a password that is plain text",
        acme(credentials=(OpenLogin,)),
        "OpenLogin.password sounds like a secret",
        resource="",
    ),
    Mutant(
        "declaration.secrets",
        "a password among the settings",
        acme(settings=type("S", (Settings,), {"__annotations__": {"password": str}})),
        "S.password sounds like a secret",
        resource="",
    ),
    Mutant("declaration.sandbox", "no sandbox", acme(sandbox=None), "no sandbox is declared", resource=""),
    Mutant("declaration.sandbox", "one sandbox for all", acme(sandbox=lambda: SHARED), "the same object", resource=""),
    Mutant(
        "declaration.sandbox",
        "other credentials than the sandbox's",
        acme(
            credentials=(
                type(
                    "Key", (BaseModel,), {"model_config": ConfigDict(extra="forbid"), "__annotations__": {"key": str}}
                ),
            )
        ),
        "do not fit",
        resource="",
    ),
    Mutant("auth.canary", "secrets too short to be seen", acme(sandbox=ShortSecret), "no secret of 6", resource=""),
    Mutant(
        "declaration.limits", "pages of nothing", acme(limits=Limits(page_size=0)), "limits.page_size is 0", resource=""
    ),
    Mutant(
        "declaration.exemptions",
        "an exemption from no law",
        acme(exemptions=(Exemption("lens.putget", "purchase_orders", "never: no", _witness),)),
        "names no law",
        resource="",
    ),
    Mutant(
        "declaration.exemptions",
        "an exemption without a reason",
        acme(exemptions=(Exemption("lens.put_get", "purchase_orders", "because", _witness),)),
        "gives no reason",
        resource="",
    ),
    Mutant(
        "schema.same_documents",
        "a rule that the schema does not show",
        orders(Lens(PickyOrder, ORDER_RULES)),
        "the schema takes it, the model does not",
    ),
    Mutant(
        "packaging.import_budget",
        "an entry module that loads everything",
        CONNECTOR,
        "loads pydantic",
        resource="",
        entry="acme_erp.connector",
    ),
    Mutant(
        "packaging.typed", "a package without py.typed", CONNECTOR, "json has no py.typed", resource="", entry="json"
    ),
)
