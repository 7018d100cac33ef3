"""Sublists: lines keyed by their number, appended, replaced, emptied."""

from __future__ import annotations

from .conftest import detail, new_order


def numbers(lines):
    return [line["line"] for line in lines]


def test_line_numbers_have_gaps_and_are_never_given_again(client):
    assert numbers(client.lines("2173")) == [1, 3]
    client.patch("purchaseOrder/2173", {"item": {"items": [{"item": {"id": 84}, "quantity": 1}]}})
    assert numbers(client.lines("2173")) == [1, 3, 4]
    client.patch("purchaseOrder/2173?replace=item", {"item": {"items": [{"line": 1}, {"line": 3}]}})
    client.patch("purchaseOrder/2173", {"item": {"items": [{"item": {"id": 84}, "quantity": 1}]}})
    assert numbers(client.lines("2173")) == [1, 3, 5]


def test_a_line_with_a_known_key_is_updated_in_part(client):
    client.patch("purchaseOrder/2173", {"item": {"items": [{"line": 3, "quantity": 5}]}})
    first, second = client.lines("2173")
    assert (second["quantity"], str(second["rate"]), str(second["amount"])) == (5, "139.5", "697.5")
    assert second["department"]["id"] == "1"
    assert first["quantity"] == 1000


def test_sending_the_whole_list_again_without_keys_doubles_it(client):
    order = client.post("purchaseOrder", new_order())
    client.patch(f"purchaseOrder/{order}", new_order())
    assert numbers(client.lines(order)) == [1, 2]


def test_an_unknown_line_number_is_appended_under_a_number_of_its_own(client):
    order = client.post("purchaseOrder", new_order())
    client.patch(f"purchaseOrder/{order}", {"item": {"items": [{"line": 77, "item": {"id": 85}, "quantity": 1}]}})
    assert numbers(client.lines(order)) == [1, 2]


def test_replace_removes_what_the_body_does_not_match(client):
    lines = [{"item": {"id": id}, "quantity": 1} for id in (84, 85, 88)]
    order = client.post("purchaseOrder", new_order(item={"items": lines}))
    change = {"item": {"items": [{"line": 2, "quantity": 9}, {"item": {"id": 87}, "quantity": 4}]}}
    client.patch(f"purchaseOrder/{order}?replace=item", change)
    assert [(line["line"], line["quantity"]) for line in client.lines(order)] == [(2, 9), (4, 4)]


def test_a_list_of_null_empties_and_an_empty_list_does_not(client):
    client.patch("purchaseOrder/2183", {"expense": {"items": []}})
    assert client.order("2183")["expense"]["totalResults"] == 1
    client.patch("purchaseOrder/2183", {"expense": {"items": None}})
    assert client.order("2183")["expense"]["totalResults"] == 0
    assert "at least one line" in detail(client.ask("PATCH", "purchaseOrder/2183", {"item": {"items": None}}))["detail"]
    assert len(client.lines("2183")) == 2


def test_only_sublists_can_be_replaced(client):
    answer = detail(client.ask("PATCH", "purchaseOrder/2173?replace=memo", {}))
    assert answer["o:errorQueryParam"] == "replace"


def test_lines_that_were_received_cannot_go_nor_shrink_below_that(client):
    for change in ({"items": [{"line": 3}]}, {"items": None}):
        answer = client.ask("PATCH", "purchaseOrder/2173?replace=item", {"item": change})
        assert detail(answer)["o:errorCode"] == "USER_ERROR"
    answer = detail(client.ask("PATCH", "purchaseOrder/2173", {"item": {"items": [{"line": 1, "quantity": 399}]}}))
    assert answer["o:errorPath"] == "item.items[0].quantity"
    assert client.lines("2173")[0]["quantity"] == 1000
    client.patch("purchaseOrder/2173", {"item": {"items": [{"line": 1, "quantity": 400}]}})


def test_a_refused_change_leaves_nothing_behind(client):
    before = client.order("2173")
    body = {"memo": "Half", "item": {"items": [{"line": 3, "quantity": 7}, {"item": {"id": 95}, "quantity": 1}]}}
    assert client.ask("PATCH", "purchaseOrder/2173", body).status == 400
    assert client.order("2173") == before


def test_an_amount_can_be_overridden_and_a_new_quantity_takes_that_back(client):
    client.patch("purchaseOrder/2173", {"item": {"items": [{"line": 3, "amount": 250.004}]}})
    assert [str(client.lines("2173")[1][name]) for name in ("rate", "amount")] == ["139.5", "250.0"]
    client.patch("purchaseOrder/2173", {"item": {"items": [{"line": 3, "description": "still 250"}]}})
    assert str(client.lines("2173")[1]["amount"]) == "250.0"
    client.patch("purchaseOrder/2173", {"item": {"items": [{"line": 3, "quantity": 3}]}})
    assert str(client.lines("2173")[1]["amount"]) == "418.5"


def test_closing_every_line_closes_the_order(client):
    client.patch("purchaseOrder/2175", {"item": {"items": [{"line": 1, "isClosed": True}]}})
    assert client.get("purchaseOrder/2175")["status"]["id"] == "Pending Bill"  # what is left is a service
    client.patch("purchaseOrder/2175", {"item": {"items": [{"line": 2, "isClosed": True}]}})
    assert client.get("purchaseOrder/2175")["status"]["id"] == "Closed"


def test_other_sublists_are_keyed_by_their_own_fields(client):
    body = {"currencyList": {"items": [{"currency": {"id": 4}}, {"currency": {"id": 1}}]}}
    client.patch("vendor/1722", body)
    vendor = client.get("vendor/1722?expandSubResources=true")
    assert [one["currency"]["id"] for one in vendor["currencyList"]["items"]] == ["1", "4"]
    change = {"addressBook": {"items": [{"internalId": 1, "label": "Works"}, {"label": "Office"}]}}
    client.patch("vendor/1722", change)
    book = client.get("vendor/1722?expandSubResources=true")["addressBook"]["items"]
    assert [(one["internalId"], one["label"]) for one in book] == [(1, "Works"), (2, "Office")]
    assert book[0]["addressBookAddress"]["city"] == "Springfield"


def test_custom_fields_sit_beside_standard_ones(client):
    lines = [{"item": {"id": 84}, "quantity": 1, "custcol_project": "P-9"}]
    body = new_order(custbody2="own", custbody_requestor={"items": [{"id": 159}, {"id": 160}]}, item={"items": lines})
    order = client.order(client.post("purchaseOrder", body, x_netsuite_propertynamevalidation="error"))
    assert (order["custbody2"], order["item"]["items"][0]["custcol_project"]) == ("own", "P-9")
    assert [one["refName"] for one in order["custbody_requestor"]["items"]] == ["Sam Buyer", "Zoë Approver"]
    assert order["custbody_requestor"]["count"] == 2
