"""`anyerp-hub`: what an operator does with a hub from a shell."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence

from anyerp.errors import AnyErpError, ConfigError

from anyerp_hub.hub import Hub
from anyerp_hub.job.lease import LEASE
from anyerp_hub.vault import Key


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 refused, 2 wrong usage."""
    parser = argparse.ArgumentParser("anyerp-hub", description="Connections, jobs and webhooks, remembered.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("new-key", help="print a fresh key for ANYERP_HUB_KEYS; keep it in a vault")
    migrate = commands.add_parser("migrate", help="bring a database to this release's tables")
    rotate = commands.add_parser("rotate-keys", help="seal everything anew with the first key of ANYERP_HUB_KEYS")
    token = commands.add_parser("new-token", help="print a new token that governs the hub over HTTP")
    put = commands.add_parser("put-flows", help="store the flows of YAML files")
    put.add_argument("files", nargs="+")
    worker = commands.add_parser("worker", help="carry out jobs, send webhooks, probe connections; until Ctrl-C")
    serve = commands.add_parser("serve", help="the hub over HTTP, with its worker; until Ctrl-C")
    demo = commands.add_parser("demo", help="a hub with every installed sandbox connected, until Ctrl-C")
    for each in (migrate, rotate, token, put, worker, serve):
        each.add_argument("--url", default="sqlite:///anyerp.db", help="the database (%(default)s)")
    for each in (worker, serve):
        each.add_argument("--workers", type=int, default=2, help="jobs carried out at a time (%(default)s)")
        each.add_argument("--lease", type=float, default=LEASE, help="seconds until a silent worker is taken for dead")
        each.add_argument("--runner", choices=("embedded", "procrastinate"), help="what brings jobs to workers")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000, help="(%(default)s)")
    demo.add_argument("--port", type=int, help="8000, or a free one where that is taken")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return _run(options)
    except AnyErpError as error:
        print(f"anyerp-hub: {error}", file=sys.stderr)  # noqa: T201
        return 1


def _run(options: argparse.Namespace) -> int:
    if options.command == "new-key":
        print(Key.new().text())  # noqa: T201 - what it is for
        return 0
    if options.command == "demo":
        return _demo(options.port)
    with Hub(options.url, runner=getattr(options, "runner", None)) as hub:
        match options.command:
            case "rotate-keys":
                print(f"{hub.rotate_keys()} values were sealed anew")  # noqa: T201
            case "new-token":
                print(hub.tokens.issue(name="made on the command line").secret)  # noqa: T201 - what it is for
            case "put-flows":
                for name, version in [each for file in options.files for each in hub.flows.load(file).items()]:
                    print(f"{name}: version {version}")  # noqa: T201
            case "worker":
                hub.start(workers=options.workers, lease=options.lease)
                _until_stopped()
            case "serve":
                hub.start(workers=options.workers, lease=options.lease)
                _serve(hub, options.host, options.port)
    return 0


def _serve(hub: Hub, host: str, port: int) -> None:
    try:
        from anyerp_hub.web.serve import serve  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise ConfigError("serving needs an extra", hint="pip install 'anyerp-hub[web]'") from None
    serve(hub, host, port)


def _demo(wanted: int | None) -> int:
    from anyerp_hub.demo import demonstration, free_port  # noqa: PLC0415 - brings sandboxes along

    port = free_port(8000) if wanted is None else wanted
    with demonstration(f"http://127.0.0.1:{port}") as (hub, token):
        print(f"\nThe hub is at http://127.0.0.1:{port}/ ; sign in with\n\n  {token}\n", flush=True)  # noqa: T201
        hub.start()
        _serve(hub, "127.0.0.1", port)
    return 0


def _until_stopped() -> None:
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    stop.wait()
