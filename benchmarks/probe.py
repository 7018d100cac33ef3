"""What it costs to watch over many connections: a hub that probes a thousand of them, beside a sandbox of S/4HANA.

    python benchmarks/probe.py [CONNECTIONS] [SECONDS]

First all of them are due at once, as after a night without power: how long until each was looked at. Then they are due
by themselves, each every quarter of an hour, for so many seconds. The sandbox is a process of its own, so that its CPU
is not counted. Prints CPU of the hub's process, open sockets and memory.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from anyerp_hub import Hub
from anyerp_hub.connection.connections import PROBE_EVERY
from anyerp_hub.store import table
from anyerp_hub.vault import Key, Keyring
from service import ERP, running

_C = table.connection.c


def sockets() -> int:
    """How many sockets this process has open."""
    count = 0
    for each in Path("/proc/self/fd").iterdir():
        try:
            count += each.readlink().name.startswith("socket:")
        except OSError:
            continue
    return count


def still_due(hub: Hub) -> int:
    """How many connections nobody has looked at yet."""
    with hub.database.read() as tx:
        due = table.connection.select().where(_C.probe_at <= hub.database.now(tx))
        return len(tx.execute(due).all())


def main(connections: int = 1000, seconds: int = 30) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, running(sys.executable, "-c", ERP, until="^{") as (_, line):
        url, given = f"sqlite:///{folder}/hub.db", json.loads(line)
        with Hub(url, keys=Keyring(Key.new())) as hub:
            for number in range(connections):
                hub.connect("sap-s4hana", **given, name=f"Plant {number}", check=False)
            with hub.database.begin() as tx:
                tx.execute(table.connection.update().values(probe_at=hub.database.now(tx) - timedelta(minutes=1)))
            hub.start(workers=0)
            wall, cpu = time.monotonic(), time.process_time()
            while still_due(hub):
                time.sleep(0.5)
            wall, cpu = time.monotonic() - wall, time.process_time() - cpu
            print(f"{connections} connections, each looked at once: {wall:.0f} s, {connections / wall:.0f} a second")
            print(f"  CPU {cpu / connections * 1e3:.1f} ms a probe; {sockets()} sockets open")
            hub.stop()

            with hub.database.begin() as tx:  # as they lie some time later
                now = hub.database.now(tx)
                for row in tx.execute(table.connection.select()).all():
                    at = now + PROBE_EVERY * random.random()
                    tx.execute(table.connection.update().where(_C.id == row.id).values(probe_at=at, last_ok_at=None))
            hub.start(workers=0)
            wall, cpu = time.monotonic(), time.process_time()
            time.sleep(seconds)
            late = still_due(hub)
            share = (time.process_time() - cpu) / (time.monotonic() - wall)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            healthy = len(hub.connections(health="ok", limit=connections))
            print(
                f"{connections} connections, each every {PROBE_EVERY}, for {seconds} s: {share * 100:.1f} % of one core"
            )
            print(f"  {healthy} healthy, {late} late; {sockets()} sockets open, {memory:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
