"""The whole way: a connector found by its name, real sockets, cookies, a session behind a balancer."""

from __future__ import annotations

import anyerp
from anyerp.testing.sandbox import serve
from anyerp_sap.b1.sandbox import BusinessOneSandbox


def test_a_host_connects_by_name_reads_writes_and_logs_out(say):
    sandbox = BusinessOneSandbox(nodes=2, orders=130)
    with serve(sandbox) as base_url:
        settings = sandbox.settings(base_url)
        with anyerp.connect("sap-business-one", settings=settings, credentials=sandbox.credentials) as erp:
            assert len(list(erp.purchase_orders.list())) == 142
            assert erp.items.get("O'RING/8").number == "O'RING/8"
            done = erp.purchase_orders.create(say.order(), key="REQ/1 'a' & b")
            assert erp.purchase_orders.get(done.record.id) == done.record
            assert all(check.ok for check in erp.check())
        assert not sandbox.sessions.live
    assert sandbox.sessions.logins == 1
