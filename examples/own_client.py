"""Your own HTTP client: a proxy, a client certificate (mTLS), your company's authorities, a pool that is shared.

python examples/own_client.py [CONNECTION]
    PROXY=http://proxy.internal:3128          through a proxy
    CERTIFICATE=client.pem                    with a client certificate (a PEM file with its key)
    AUTHORITIES=company-ca.pem                trusting these authorities
"""

from __future__ import annotations

import os
import ssl

import anyerp
import httpx2
from erp import target


def client() -> httpx2.Client:
    """A client as the environment asks for it. `httpx.Client` and the asynchronous ones are taken as well."""
    context = ssl.create_default_context(cafile=os.environ.get("AUTHORITIES"))
    if certificate := os.environ.get("CERTIFICATE"):
        context.load_cert_chain(certificate)
    return httpx2.Client(verify=context, proxy=os.environ.get("PROXY"), timeout=30)


def main() -> None:
    """List a few orders through it. The client stays yours: closing the connection leaves it open."""
    with target() as (name, options), client() as own:
        with anyerp.connect(name, **options, client=own) as erp:
            for check in erp.check():
                print(check.name, "ok" if check.ok else check.detail)
        print("the client is still open:", not own.is_closed)


if __name__ == "__main__":
    main()
