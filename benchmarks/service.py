"""What the service adds: a unified list of 100 orders over HTTP beside the same call in process, as CPU, in one run.

    python benchmarks/service.py [ROUNDS] [CALLS]

The ERP is S/4HANA's sandbox, the service is `anyerp serve`, and each is a process of its own, so that neither's CPU is
counted as the other's. A round makes so many calls each way, in turn; over HTTP the CPU is that of the serving process,
less what it spends in the same time when nobody calls (it runs jobs and probes, too).
Prints milliseconds of CPU a call and the ratio, medians over the rounds. Only the ratios travel between machines.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from anyerp_hub import Hub
from anyerp_hub.vault import Key, Keyring

ORDERS = 100
ERP = f"""
import json, sys
from anyerp.testing.sandbox import serve
from anyerp_sap.sandbox import S4Sandbox
sandbox = S4Sandbox(orders={ORDERS})
with serve(sandbox) as base_url:
    said = {{"settings": dict(sandbox.settings(base_url)), "credentials": dict(sandbox.credentials)}}
    print(json.dumps(said), flush=True)
    sys.stdin.read()
"""


@contextmanager
def running(*command: str, until: str, **more: Any) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process from the line on that matches `until`, and that line."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more
    )
    try:
        assert process.stdout is not None
        yield process, next(line for line in process.stdout if re.search(until, line))
    finally:
        process.terminate()
        process.communicate()


def spent(pid: int) -> float:
    """Seconds of CPU of a process so far, over the threads that it has."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in threads) / 1e9


def main(rounds: int = 7, calls: int = 40) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, running(sys.executable, "-c", ERP, until="^{") as (_, line):
        key, url = Key.new(), f"sqlite:///{folder}/hub.db"
        environment = {**os.environ, "ANYERP_HUB_KEYS": key.text()}
        command = [str(Path(sys.executable).with_name("anyerp")), "serve", "--database", url, "--port", "0"]
        with Hub(url, keys=Keyring(key)) as hub:
            made = hub.connect("sap-s4hana", **json.loads(line))
            with running(*command, until="running on", env=environment) as (service, said):
                base = re.search(r"http://[\d.:]+", said)
                assert base is not None
                with httpx2.Client(base_url=base[0], headers={"Authorization": f"Bearer {made.token}"}) as client:
                    measure(hub, made.id, client, service.pid, rounds, calls)


def measure(hub: Hub, connection: str, client: httpx2.Client, service: int, rounds: int, calls: int) -> None:
    """Both ways in turn."""

    def in_process() -> int:
        return len(hub.connection(connection).purchase_orders.page(page_size=ORDERS).records)

    def over_http() -> int:
        answer = client.get("/v1/purchase_orders", params={"limit": ORDERS})
        assert answer.status_code == 200, answer.text
        return answer.content.count(b'"lines"')

    start, at = spent(service), time.monotonic()
    time.sleep(3)
    idle = (spent(service) - start) / (time.monotonic() - at)

    def of_service() -> float:
        return spent(service) - idle * time.monotonic()

    ways: dict[str, tuple[Callable[[], int], Callable[[], float]]] = {
        "in process": (in_process, time.process_time),
        "over HTTP": (over_http, of_service),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for round_ in range(rounds + 1):
        for name, (call, clock) in ways.items():
            start = clock()
            for _ in range(calls):
                assert call() == ORDERS
            if round_:  # the first warms up
                taken[name].append((clock() - start) / calls * 1e3)
    for name, times in taken.items():
        print(f"{name:12} {statistics.median(times):7.2f} ms of CPU a call")
    print(f"{'idle':12} {idle * 100:7.2f} % of a core, of the service while nobody calls")
    ratios = [b / a for a, b in zip(*taken.values(), strict=True)]
    print(f"ratio        {statistics.median(ratios):7.2f}    (from {min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
