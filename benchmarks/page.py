"""Where a page's time goes: the compiled lens beside the interpreted one and beside plain decoding, in one run.

    python benchmarks/page.py [ROUNDS]

Prints microseconds of CPU an order and the ratio to decoding the page with `json`, medians over interleaved rounds.
Only the ratios travel between machines.
"""

from __future__ import annotations

import base64
import json
import statistics
import sys
import time
from collections.abc import Callable

from anyerp.kits.odata import v2
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers
from anyerp_sap.s4.lens.purchase_order import PURCHASE_ORDER
from anyerp_sap.sandbox import S4Sandbox

ORDERS = 200


def page() -> bytes:
    """One page of the sandbox, as the connector asks for it."""
    sandbox = S4Sandbox(orders=ORDERS)
    user = f"{sandbox.credentials['username']}:{sandbox.credentials['password']}"
    select, expand = v2.select(PURCHASE_ORDER.native_fields)
    target = (
        "/sap/opu/odata/sap/API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrder"
        f"?$format=json&$top={ORDERS}&$select={select}&$expand={expand}"
    )
    headers = Headers({"Authorization": "Basic " + base64.b64encode(user.encode()).decode(), "Host": "localhost"})
    response = sandbox.handle(Call("GET", target, headers))
    assert response.status == 200, response.text()[:300]
    return response.content


def main(rounds: int = 9) -> None:
    """Measure and print."""
    content = page()
    compiled = PURCHASE_ORDER.compile("d/results")
    natives = v2.rows(content)
    assert compiled.records(compiled.rows(content)) == [PURCHASE_ORDER.get(native) for native in natives]
    ways: dict[str, Callable[[], object]] = {
        "json.loads alone": lambda: json.loads(content),
        "typed decode alone": lambda: compiled.rows(content),
        "compiled lens": lambda: compiled.records(compiled.rows(content)),
        "interpreted lens": lambda: [PURCHASE_ORDER.get(native) for native in v2.rows(content)],
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.process_time()
            way()
            taken[name].append((time.process_time() - start) / len(natives) * 1e6)
    base = taken["json.loads alone"]
    print(f"{len(natives)} orders, {len(content) / len(natives) / 1024:.1f} KB each, {rounds} rounds")
    for name, times in taken.items():
        ratio = statistics.median(a / b for a, b in zip(times, base, strict=True))
        print(f"{name:20} {statistics.median(times):8.1f} us an order   {ratio:6.2f} x json.loads")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
