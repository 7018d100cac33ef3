"""Headers for every call (dynamics sheet §2.1)."""

from __future__ import annotations

from collections.abc import Mapping

from anyerp.connector import Context, Flow

from anyerp_dynamics.entra import bearer

#: The same for every environment; national clouds apart, the token is not for a host of the customer's.
SCOPE = "https://api.businesscentral.dynamics.com/.default"


def authorize(ctx: Context) -> Flow[Mapping[str, str]]:
    """The token, and a fixed language, as errors are told in the user's otherwise."""
    token = yield from bearer(ctx, SCOPE)
    return {"Authorization": token, "Accept": "application/json", "Accept-Language": "en-US"}
