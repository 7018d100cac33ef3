"""What every example shares: a connection of your anyerp.toml if you name one, else a sandbox of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from anyerp.testing.sandbox import serve


@contextmanager
def target() -> Iterator[tuple[str, dict[str, Any]]]:
    """The arguments of `anyerp.connect`: `connect(name, **options)`."""
    if len(sys.argv) > 1:
        yield sys.argv[1], {}
        return
    from anyerp_sap.sandbox import S4Sandbox  # noqa: PLC0415 - only where no connection is named

    sandbox = S4Sandbox()
    with serve(sandbox) as base_url:
        yield "sap-s4hana", {"settings": sandbox.settings(base_url), "credentials": sandbox.credentials}
