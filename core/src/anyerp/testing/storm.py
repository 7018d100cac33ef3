"""A storm: thousands of records written through a bad network by a host that is killed in the middle.

    python -m anyerp.testing.storm sap-s4hana purchase_orders --records 5000

The connector's sandbox is served on loopback behind the fault proxy. A host process writes copies of one of its records
with a report, is killed with signal 9 half way, and is started again until nothing is open. Then the sandbox is asked
without the proxy. Prints one JSON object; exit code 1 if a record is missing, there twice, or without an outcome.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anyerp.connection import Connection
from anyerp.connector.registry import registry
from anyerp.testing.check import subject_of
from anyerp.testing.fault import FaultProxy, Plan
from anyerp.testing.inprocess import origins_of, prepared
from anyerp.testing.sample import sample
from anyerp.testing.sandbox import serve
from anyerp.transport import HttpTransport, Limits

RATES: Any = {"drop_before": 0.01, "drop_after": 0.04, "too_many": 0.05, "overloaded": 0.02}
_MOST_RUNS = 12


@dataclass(frozen=True, slots=True)
class Weather:
    """What a storm did, and what is left of it."""

    connector: str
    resource: str
    records: int
    runs: int
    killed_at: int
    struck: Mapping[str, int]
    seconds: float
    missing: int
    duplicates: int
    without_outcome: int

    @property
    def ok(self) -> bool:
        """Whether every record is there once and has its outcome."""
        return not (self.missing or self.duplicates or self.without_outcome)


def storm(
    name: str,
    resource: str,
    records: int,
    seed: int = 1,
    *,
    parallel: int = 2,
    batch_size: int = 10,
    singly: bool = False,
) -> Weather:
    """Let one pass over a connector's sandbox."""
    subject = subject_of(name)
    with subject.bench() as bench, tempfile.TemporaryDirectory() as folder:
        record, box = sample(subject, bench, resource), bench.sandbox
        path, began = Path(folder) / "report.jsonl", time.monotonic()
        with serve(box) as upstream, FaultProxy(upstream, Plan(seed=seed, rates=RATES)) as proxy:
            job = {
                "connector": name,
                "resource": resource,
                "settings": dict(box.settings(proxy.base_url)),
                "credentials": dict(box.credentials),
                "record": record.model_dump(mode="json", exclude_unset=True),
                "records": records,
                "report": str(path),
                "parallel": parallel,
                "batch_size": batch_size,
                "singly": singly,
            }
            runs, killed_at = _runs(job, path)
            struck = Counter(str(strike.kind) for strike in proxy.struck)
        told = _outcomes(path)
        field = subject.resource(resource).key_field
        with subject.another_on(box) as quiet:
            there = Counter(getattr(one, field) for one in quiet.collection(resource).list(page_size=500))
    keys = {line["key"] for line in told.values() if line["outcome"] == "applied"}
    return Weather(
        name, resource, records, runs, killed_at, dict(struck), round(time.monotonic() - began, 1),
        missing=records - sum(1 for key in keys if there[key]),
        duplicates=sum(there[line["key"]] - 1 for line in told.values() if there[line["key"]] > 1),
        without_outcome=records - len(told),
    )  # fmt: skip


def _runs(job: dict[str, Any], path: Path) -> tuple[int, int]:
    """Run the host until it is done; gives how often, and how many outcomes there were when it was killed."""
    killed_at = 0
    for run in range(1, _MOST_RUNS + 1):
        host = subprocess.Popen(
            [sys.executable, "-m", "anyerp.testing.storm", "--host", "-"], stdin=subprocess.PIPE, text=True
        )
        assert host.stdin is not None
        host.stdin.write(json.dumps(job))
        host.stdin.close()
        while host.poll() is None:
            time.sleep(0.02)
            if not killed_at and (done := len(_outcomes(path))) >= job["records"] // 2:
                killed_at = done
                host.kill()
        if host.returncode == 0:
            return run, killed_at
    return _MOST_RUNS, killed_at


def _outcomes(path: Path) -> dict[int, dict[str, Any]]:
    """The last outcome of each record in a report; a line that is being written is left out."""
    found: dict[int, dict[str, Any]] = {}
    if path.exists():
        for line in path.read_bytes().split(b"\n")[:-1]:
            said = json.loads(line)
            if "record" in said:
                found[said["record"]] = said
    return found


def host(job: Mapping[str, Any]) -> bool:
    """The host: write what is left to be written, as any program would. Says whether everything is there."""
    connector = registry().connector(job["connector"])
    declared = connector.resources[job["resource"]]
    if job["singly"]:
        declared = replace(declared, create_batch=None, find_many=None)
        connector = replace(connector, resources={**connector.resources, job["resource"]: declared})
    context = prepared(connector, job["settings"], job["credentials"])
    transport = HttpTransport(None, Limits(backoff_base=0.02), trust_origin=origins_of(context))
    record = declared.lens.model.model_validate_json(json.dumps(job["record"]))
    with Connection(connector, context, transport, looks=(0.0, 0.05)) as erp:
        report = erp.collection(job["resource"]).create_many(
            (record for _ in range(job["records"])),
            batch_size=job["batch_size"],
            parallel=job["parallel"],
            report=job["report"],
        )
    return report.ok


def main() -> int:
    """Run the storm, or the host in it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("connector", nargs="?")
    parser.add_argument("resource", nargs="?", default="purchase_orders")
    parser.add_argument("--records", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parallel", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=10)
    parser.add_argument("--singly", action="store_true", help="leave the ERP's own batching out")
    parser.add_argument("--host", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.host:
        return 0 if host(json.load(sys.stdin)) else 1
    weather = storm(
        given.connector,
        given.resource,
        given.records,
        given.seed,
        parallel=given.parallel,
        batch_size=given.batch_size,
        singly=given.singly,
    )
    facts = {name: getattr(weather, name) for name in weather.__dataclass_fields__}
    sys.stdout.write(json.dumps(facts) + "\n")
    return 0 if weather.ok else 1


if __name__ == "__main__":
    sys.exit(main())
