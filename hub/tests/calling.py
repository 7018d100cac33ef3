"""How tests call the service: with a token, and a body that it takes."""

from __future__ import annotations

import httpx2
from sample import order

SAP = "sap-s4hana"


PROBLEM = "application/problem+json"


class Api(httpx2.Client):
    """A client with a token."""

    def __init__(self, base: str, token: str | None) -> None:
        super().__init__(base_url=base, headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=30)


def body_of(number: int = 1, **more) -> dict:
    return {**order(number).model_dump(mode="json", exclude_unset=True), **more}
