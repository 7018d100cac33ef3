"""Entity tags: who has one, what it looks like, when it is needed."""

from __future__ import annotations

import pytest

ORDER = "A_PurchaseOrder('4500000001')"
ITEM = "A_PurchaseOrderItem(PurchaseOrder='4500000001',PurchaseOrderItem='10')"
CHANGE = {ORDER: {"PurchasingGroup": "002"}, ITEM: {"RequisitionerName": "HM"}}


@pytest.mark.parametrize("path", [ORDER, ITEM])
def test_a_write_without_if_match_is_a_428_and_changes_nothing(client, path):
    answer = client.patch(path, CHANGE[path])
    assert answer.status == 428
    error = answer.json()["error"]
    assert error["code"] == "SADL_ENTITY_RUNTIME/006"
    assert error["message"]["value"].endswith("(If-Match missing)")
    assert error["innererror"]["errordetails"] == []
    assert client.delete(path).status == 428


@pytest.mark.parametrize("path", [ORDER, ITEM])
def test_the_tag_just_read_is_good_once(client, path):
    tag = client.etag(path)
    assert client.get(path).headers["etag"] == tag
    assert client.patch(path, CHANGE[path], if_match=tag).status == 204
    assert client.patch(path, CHANGE[path], if_match=tag).status == 412
    assert client.etag(path) != tag


@pytest.mark.parametrize("path", [ORDER, ITEM])
def test_a_star_overrides(client, path):
    assert client.patch(path, CHANGE[path], if_match="*").status == 204


def test_a_tag_counts_byte_for_byte(client):
    tag = client.etag(ORDER)
    assert tag == "W/\"datetimeoffset'2025-01-13T08%3A05%3A11.2048170Z'\""
    for spoiled in (tag.replace("%3A", ":"), tag.removeprefix("W/"), tag.removeprefix('W/"').removesuffix('"')):
        assert client.patch(ORDER, CHANGE[ORDER], if_match=spoiled).status == 412
    assert client.patch(ORDER, CHANGE[ORDER], if_match=tag).status == 204


def test_someone_elses_edit_makes_a_tag_stale(client, sandbox):
    order, item = client.etag(ORDER), client.etag(ITEM)
    sandbox.touch("4500000001")
    assert client.patch(ORDER, CHANGE[ORDER], if_match=order).status == 412
    assert client.patch(ITEM, CHANGE[ITEM], if_match=item).status == 204  # another part of the document
    item = client.etag(ITEM)
    sandbox.touch("4500000001", "10")
    assert client.patch(ITEM, CHANGE[ITEM], if_match=item).status == 412


def test_a_change_of_an_item_makes_the_headers_tag_stale(client):
    order = client.etag(ORDER)
    client.patch(ITEM, CHANGE[ITEM], if_match="*")
    assert client.patch(ORDER, CHANGE[ORDER], if_match=order).status == 412


def test_a_change_that_changes_nothing_leaves_the_tag(client):
    tag = client.etag(ORDER)
    assert client.patch(ORDER, {"PurchasingGroup": "001"}, if_match=tag).status == 204
    assert client.etag(ORDER) == tag


def test_two_changes_at_one_instant_are_two_states(client):
    tags = set()
    for group in ("002", "003", "001"):
        client.patch(ORDER, {"PurchasingGroup": group}, if_match="*")
        tags.add(client.etag(ORDER))
    assert len(tags) == 3


def test_an_unchanged_entity_is_a_304(client):
    tag = client.etag(ORDER)
    answer = client.get(ORDER, if_none_match=tag)
    assert (answer.status, answer.content) == (304, b"")
    assert client.get(ORDER, if_none_match='W/"other"').status == 200


def test_partners_have_a_tag_and_their_suppliers_and_products_have_none(client):
    client.service = "API_BUSINESS_PARTNER/"
    assert client.patch("A_BusinessPartner('10300001')", {"SearchTerm2": "X"}).status == 428
    tag = client.etag("A_BusinessPartner('10300001')")
    assert client.patch("A_BusinessPartner('10300001')", {"SearchTerm2": "X"}, if_match=tag).status == 204
    assert client.patch("A_BusinessPartner('10300001')", {"SearchTerm2": "Y"}, if_match=tag).status == 412
    supplier = client.one("A_Supplier('10300001')")
    assert "etag" not in supplier["__metadata"]
    assert client.patch("A_Supplier('10300001')", {"PurchasingIsBlocked": True}).status == 204
    client.service = "API_PRODUCT_SRV/"
    assert client.patch("A_Product('TG11')", {"ProductGroup": "L002"}).status == 204
