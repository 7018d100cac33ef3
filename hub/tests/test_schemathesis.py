"""A foreign judge calls every operation of the running service, by the OpenAPI that it serves, in all ways it knows.

`ANYERP_PROFILE=deep` judges every resource of the model, with a thousand cases an operation (`ANYERP_CASES`): an hour.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from anyerp.model import RESOURCES
from sample import order
from service import Service, service

DEEP = os.environ.get("ANYERP_PROFILE") == "deep"
CASES = os.environ.get("ANYERP_CASES", "1000" if DEEP else "2")
#: One that can nearly all, one that is only read: the routes of the others are made by the same lines.
JUDGED = sorted(RESOURCES) if DEEP else ["companies", "purchase_orders"]
#: Beside 2xx: what a request that fits the schema may meet, because the ERP or the state of things says so.
MAY_MEET = ["2xx", 400, 401, 403, 404, 405, 409, 412, 422, 429]


def things(served: Service) -> dict[str, str]:
    """One of each thing that is managed, so that calls find what they name."""
    order_ = order().model_dump(mode="json", exclude_unset=True)
    flow = {
        "name": "copy",
        "read": {"connection": served.connection_id, "resource": "purchase_orders"},
        "write": {"connection": served.connection_id, "resource": "purchase_orders"},
    }
    with httpx2.Client(base_url=f"{served.base}/v1", timeout=30) as client:

        def made(path: str, body: dict, token: str = served.governing, method: str = "POST") -> str:
            answer = client.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
            assert answer.is_success, answer.text
            return answer.json().get("id", "copy")

        return {
            "connections": served.managed_id,
            "connect-sessions": made("/connect-sessions", {"connector": "sap-s4hana"}),
            "webhook-endpoints": served.endpoint_id,
            "jobs": made("/jobs", {"resource": "purchase_orders", "records": [order_]}, served.connected),
            "watches": made("/watches", {"resource": "purchase_orders"}, served.connected),
            "flows": made("/flows/copy", flow, method="PUT"),
        }


def configuration(served: Service) -> str:
    """Which token goes where, which ids there are, and what may be answered."""
    records = f"^/v1/({'|'.join(RESOURCES)})(/|$)"
    left_out = f"^/v1/({'|'.join(set(RESOURCES) - set(JUDGED)) or '-'})(/|$)"
    lines = [
        f"headers = {{ Authorization = 'Bearer {served.governing}' }}",
        f"hooks = {json.dumps(str(Path(__file__).with_name('judge.py')))}",
        "checks.positive_data_acceptance.expected-statuses = " + json.dumps(MAY_MEET),
        f"[[operations]]\ninclude-path-regex = {json.dumps(records)}",
        f"headers = {{ Authorization = 'Bearer {served.connected}' }}",
        f"[[operations]]\ninclude-path-regex = {json.dumps(left_out)}\nenabled = false",
        '[[operations]]\ninclude-path = "/v1/connectors/{name}/{resource}"',
        'parameters = { "path.name" = "sap-s4hana", "path.resource" = "purchase_orders" }',
    ]
    for kind, id in things(served).items():
        name = "name" if kind == "flows" else "id"
        # Not where the thing is removed: the others would look for it in vain.
        lines += [
            f'[[operations]]\ninclude-path-regex = "^/v1/{kind}/"\nexclude-method = "DELETE"',
            f'parameters = {{ "path.{name}" = "{id}" }}',
        ]
    return "\n".join(lines) + "\n"


@pytest.mark.slow
@pytest.mark.timeout(7200 if DEEP else 300)
def test_a_foreign_judge_finds_no_server_error_and_nothing_that_openapi_does_not_say(tmp_path):
    # One worker: in Python 3.11 `ast.parse`, by which Hypothesis looks at lambdas, fails now and then in two threads.
    with service(tmp_path) as served:
        (tmp_path / "schemathesis.toml").write_text(configuration(served))
        command = [Path(sys.executable).with_name("schemathesis"), "run", f"{served.base}/openapi.json", "--no-color"]
        command += ["--seed", "1", "-w", "1", "-n", CASES]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    tested = re.search(r"Tested: (\d+)", done.stdout)
    assert tested is not None
    assert int(tested[1]) >= 51 + 8 * len(JUDGED)
    assert [line for line in served.log if " ERROR " in line or "Traceback" in line] == []
