"""Who may come in to a live Tryton, and what becomes of those who may not."""

from collections.abc import Callable, Mapping
from typing import Any

import anyerp
import pytest
from anyerp.connection.connection import Connection
from anyerp.errors import ConfigError, CredentialsRejected, PermissionDenied
from anyerp.model import PurchaseOrder
from anyerp.transport import HttpTransport
from anyerp.wire import Request, Response
from anyerp_tryton.live import Server, User

pytestmark = pytest.mark.live

Connect = Callable[..., Connection]
Order = Callable[..., PurchaseOrder]
Facts = Callable[..., dict[str, Any]]


def test_a_wrong_password_is_refused_once_and_not_tried_again(fresh_tryton: Server, connect: Connect) -> None:
    sent = []

    class Counting(HttpTransport):
        def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
            sent.append(request)
            return super().send(request, url, headers)

    wrong = User(fresh_tryton.admin.login, "not the password")
    transport = Counting(trust_origin=fresh_tryton.base_url)
    with connect(fresh_tryton, wrong, transport=transport) as erp, pytest.raises(CredentialsRejected) as refused:
        erp.purchase_orders.get("1")
    assert len(sent) == 1
    assert refused.value.status == 401
    assert wrong.password not in repr(refused.value) + str(refused.value) + repr(sent)


def test_a_session_that_ended_is_renewed(own: Connection, written: Server, connect: Connect) -> None:
    with connect(written) as erp:
        first = erp.purchase_orders.get("1")
        erp._context.memory["session"] = "Session " + "YWRtaW46MTpub25l"
        assert erp.purchase_orders.get("1") == first


def test_an_unknown_database_is_a_matter_of_the_settings(tryton: Server, facts: Facts) -> None:
    there = facts(tryton)
    there["settings"] = {**there["settings"], "database": "nowhere"}
    with anyerp.connect("tryton", **there) as erp, pytest.raises(ConfigError, match="nowhere"):
        erp.purchase_orders.get("1")


def test_a_reader_may_read_and_not_write(written: Server, connect: Connect, order: Order) -> None:
    (id, *_) = written.seeds.purchases["draft"]
    with connect(written, written.reader) as erp:
        assert {str(id) for ids in written.seeds.purchases.values() for id in ids} <= {
            record.id for record in erp.purchase_orders.list()
        }
        got = erp.purchase_orders.get(str(id))
        for attempt in (
            lambda: erp.purchase_orders.update(got.model_copy(update={"notes": "mine"})),
            lambda: erp.purchase_orders.create(order()),
            lambda: erp.purchase_orders.cancel(str(id)),
            lambda: erp.purchase_orders.delete(str(id)),
        ):
            with pytest.raises(PermissionDenied, match="Purchase"):
                attempt()
        assert erp.purchase_orders.get(str(id)) == got
