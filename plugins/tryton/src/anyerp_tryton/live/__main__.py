"""`python -m anyerp_tryton.live`: prepare a Tryton server if need be, and serve it until Ctrl-C.

Prints one JSON object with everything that a client needs, passwords included: it is a server for tests on
loopback, and its passwords are random and its own.
"""

import argparse
import json
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path

from . import LiveError, prepare, serve
from .store import default_cache


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when stopped, 1 when something failed."""
    parser = argparse.ArgumentParser(prog="python -m anyerp_tryton.live", description="Serve a live Tryton.")
    parser.add_argument("--dir", type=Path, help=f"cache folder (default: {default_cache()})")
    parser.add_argument("--port", type=int, default=0, help="port on loopback (default: a free one)")
    parser.add_argument("--prepare-only", action="store_true", help="build what is missing and stop")
    options = parser.parse_args(arguments)
    began = time.monotonic()

    def report(step: str, done: int, total: int) -> None:
        of = f"{done}/{total}" if total else str(done)
        print(f"{time.monotonic() - began:6.1f} s  {step} {of}", file=sys.stderr, flush=True)  # noqa: T201

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        prepared = prepare(options.dir and options.dir.resolve(), report)
        if options.prepare_only:
            return 0
        with serve(prepared, options.port) as server:
            report(f"serving on {server.base_url}", 1, 1)
            facts = {
                "base_url": server.base_url,
                "database": server.database,
                **asdict(server.credentials),
                "seeds": asdict(server.seeds),
            }
            print(json.dumps(facts, indent=1), flush=True)  # noqa: T201
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except LiveError as failure:
        print(failure, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
