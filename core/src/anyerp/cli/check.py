"""`anyerp check`: a connector against the laws of the contract kit, or a connection against its ERP."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from anyerp.cli.names import opened
from anyerp.cli.output import FormatOption, chosen, show
from anyerp.errors import ConfigError

COLUMNS = ("check", "ok", "detail", "hint")


def check(
    name: str | None = None,
    /,
    *,
    live: Annotated[str | None, Parameter(help="Try this connection of anyerp.toml instead; it only reads.")] = None,
    format: FormatOption = None,
) -> int:
    """Hold a connector to the contract, against its sandbox; or with --live try a connection."""
    if live is not None:
        with opened(live) as erp:
            found = erp.check()
        rows = [{"check": it.name, "ok": it.ok, "detail": it.detail, "hint": it.hint} for it in found]
        show(rows, chosen(format), columns=COLUMNS, title=f"Connection {live}")
        return 0 if all(it.ok for it in found) else 1
    if name is None:
        raise ConfigError("check needs the name of a connector, or --live and the name of a connection")
    return _kit(name)


def _kit(name: str) -> int:
    from anyerp.connector.registry import registry  # noqa: PLC0415

    registry().connector(name)  # an unknown name is told before the kit is loaded
    try:
        from anyerp.testing import check as kit  # type: ignore[attr-defined]  # noqa: PLC0415
    except ImportError:
        raise ConfigError("the contract kit is not installed", hint="pip install 'anyerp[testing]'") from None
    return int(kit.check(name))
