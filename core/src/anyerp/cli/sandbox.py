"""`anyerp sandbox`: a connector's own fake of its ERP, served on loopback."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from anyerp.cli.output import line, tell
from anyerp.connector.registry import registry
from anyerp.errors import ConfigError, NotSupported
from anyerp.testing.sandbox import serve


def sandbox(
    name: str,
    /,
    *,
    port: Annotated[int, Parameter(help="The port on 127.0.0.1; 0 takes a free one.")] = 0,
    format: Annotated[
        Literal["toml", "json"], Parameter(help="How to say it: as an anyerp.toml, or as one line of JSON.")
    ] = "toml",
) -> int:
    """Serve the sandbox of a connector until Ctrl-C, and print the anyerp.toml that connects to it.

    It holds invented data, its password is its own, and it forgets everything when it stops.
    """
    connector = registry().connector(name)
    if connector.sandbox is None:
        raise NotSupported("this connector brings no sandbox", connector=name)
    fake = connector.sandbox()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        with serve(fake, port) as base_url:
            settings, credentials = dict(fake.settings(base_url)), dict(fake.credentials)
            if format == "toml":
                sys.stdout.write(_told(name, base_url, settings, credentials))
            else:
                facts = {"connector": name, "base_url": base_url, "settings": settings, "secrets": credentials}
                sys.stdout.write(line(facts) + "\n")
            sys.stdout.flush()
            try:
                stop.wait()
            except KeyboardInterrupt:  # the way to stop it
                tell("")
    except OSError as error:
        raise ConfigError(
            f"port {port} cannot be had: {error.strerror}", hint="choose another --port, or none"
        ) from None
    return 0


def _told(name: str, base_url: str, settings: Mapping[str, Any], secrets: Mapping[str, Any]) -> str:
    return (
        f"# {name} sandbox at {base_url}; Ctrl-C stops it. Save this as anyerp.toml, as it stands\n"
        "# (the secrets open nothing but this sandbox), and beside it, in another terminal:\n"
        "#   anyerp list demo purchase_orders\n\n"
        f"{profile('demo', name, settings, secrets)}"
    )


def profile(name: str, connector: str, settings: Mapping[str, Any], secrets: Mapping[str, Any]) -> str:
    """A connection as it stands in `anyerp.toml`."""
    lines = [f"[connections.{name}]", f'connector = "{connector}"', "", f"[connections.{name}.settings]"]
    lines += [f"{key} = {_toml(value)}" for key, value in settings.items()]
    lines += ["", f"[connections.{name}.secrets]"]
    lines += [f"{key} = {_toml(value)}" for key, value in secrets.items()]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
    # JSON's text, numbers, booleans and lists of these are TOML as well.
    return json.dumps(value if isinstance(value, (str, int, float, bool, list)) else str(value))
