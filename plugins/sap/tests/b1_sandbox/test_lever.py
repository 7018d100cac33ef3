"""What tests can do to the sandbox, and that it stands being shared."""

import threading
import urllib.request
from decimal import Decimal

import pytest
from anyerp.testing.sandbox import LostAnswer, Once, Sandbox, lose_after, lose_before, serve
from anyerp_sap.b1.sandbox import BusinessOneSandbox


def test_it_is_a_sandbox():
    sandbox = BusinessOneSandbox()
    assert isinstance(sandbox, Sandbox)
    assert sandbox.settings("http://x") == {"base_url": "http://x", "company_db": "SBOLUMIERE", "time_zone": "+02:00"}


def test_two_sandboxes_are_the_same_and_do_not_share(connect):
    one, other = connect(), connect()
    one.patch("PurchaseOrders(1)", {"Comments": "x"})
    assert other.get("PurchaseOrders(1)")["Comments"] is None
    assert one.get("PurchaseOrders(2)") == other.get("PurchaseOrders(2)")


def test_a_revoked_entity_set_is_403_and_others_go_on(erp):
    erp.sandbox.revoke("PurchaseOrders")
    assert erp.refusal("GET", "PurchaseOrders")[0] == 403
    assert erp.refusal("POST", "PurchaseOrders", {})[0] == 403
    assert erp.send("GET", "Items").status == 200
    erp.sandbox.grant("PurchaseOrders")
    assert erp.send("GET", "PurchaseOrders").status == 200


def test_overload_is_the_web_servers_page_without_a_retry_after(erp):
    erp.sandbox.overload(2)
    erp.sandbox.overload(1, 502)
    answers = [erp.send("GET", "Items") for _ in range(4)]
    assert [answer.status for answer in answers] == [503, 503, 502, 200]
    assert answers[0].media_type == "text/html"
    assert "retry-after" not in answers[0].headers


def test_goods_come_in_behind_ones_back(erp):
    receipt = erp.sandbox.receive(2, 0, Decimal("1.5"))
    assert erp.get(f"PurchaseDeliveryNotes({receipt})")["DocumentLines"][0]["Quantity"] == Decimal("1.5")
    assert erp.get("PurchaseOrders(2)")["DocumentLines"][0]["RemainingOpenQuantity"] == Decimal("4.5")


def test_a_lost_request_and_a_lost_answer_differ_in_what_was_done(erp, order):
    for strike, made in ((lose_before, 12), (lose_after, 13)):
        erp.sandbox.faults.append(Once(strike, lambda call: call.method == "POST"))
        with pytest.raises(LostAnswer):
            erp.write("POST", "PurchaseOrders", order())
        assert erp.send("GET", "PurchaseOrders/$count").content == str(made).encode()


def test_calls_are_kept(erp):
    erp.get("Items('A1000')")
    assert [call.target for call in erp.sandbox.calls] == ["/b1s/v2/Login", "/b1s/v2/Items('A1000')"]


def test_every_seeded_status_is_there(erp):
    rows = erp.rows("PurchaseOrders")
    assert {row["DocCurrency"] for row in rows} == {"EUR", "USD", "JPY", "KWD", "TND", "GBP"}
    assert {(row["DocumentStatus"], row["Cancelled"]) for row in rows} == {
        ("bost_Open", "tNO"),
        ("bost_Close", "tNO"),
        ("bost_Close", "tYES"),
    }
    assert {row["Confirmed"] for row in rows} == {"tYES", "tNO"}
    assert {row["DocType"] for row in rows} == {"dDocument_Items", "dDocument_Service"}


def test_writers_at_once_each_get_their_own_number(erp, order):
    entries = []

    def write():
        entries.extend(erp.post("PurchaseOrders", order())["DocEntry"] for _ in range(10))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entries) == list(range(13, 53))
    stock = erp.get("Items('A1001')")["QuantityOrderedFromVendors"]
    assert stock == 1243 + 400


def test_it_serves_on_loopback(erp):
    with serve(erp.sandbox) as url:
        request = urllib.request.Request(f"{url}/b1s/v2/Items('A1000')?$select=ItemCode")
        request.add_header("Cookie", f"B1SESSION={erp.cookies['B1SESSION']}; ROUTEID=.node1")
        with urllib.request.urlopen(request, timeout=5) as answer:
            body = answer.read()
    assert b'"ItemCode":"A1000"' in body


def test_a_user_field_is_named_as_one():
    with pytest.raises(ValueError, match="U_"):
        BusinessOneSandbox().world.add_user_field("Document", "Site")


def test_five_thousand_orders_are_no_wait(connect):
    client = connect(orders=5000)
    assert client.send("GET", "PurchaseOrders/$count").content == b"5012"
    rows = client.rows("PurchaseOrders?$select=DocEntry&$filter=CardCode eq 'V20000'", Prefer="odata.maxpagesize=0")
    assert len(rows) == 1001
