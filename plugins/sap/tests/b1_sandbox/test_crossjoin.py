"""`$crossjoin`: the one way to filter lines (sap sheet §13, Wire)."""

from __future__ import annotations

import pytest

RECEIPTS = "PurchaseDeliveryNotes"
LINES = f"{RECEIPTS}/DocumentLines"
JOIN = f"$crossjoin({RECEIPTS},{LINES})"
EXPAND = f"$expand={RECEIPTS}($select=DocEntry),{LINES}($select=LineNum,BaseEntry)"
OWN = f"{RECEIPTS}/DocEntry eq {LINES}/DocEntry"


def test_lines_are_filtered_with_their_documents(erp):
    rows = erp.rows(f"{JOIN}?{EXPAND}&$filter={OWN} and {LINES}/BaseEntry eq 2".replace(" ", "%20"))
    assert rows == [{RECEIPTS: {"DocEntry": 1}, LINES: {"LineNum": 0, "BaseEntry": 2}}]


def test_heads_are_filtered_too_by_the_names_of_lists(erp):
    rows = erp.rows(f"{JOIN}?{EXPAND}&$filter={OWN} and {RECEIPTS}/CancelStatus ne 'csNo'".replace(" ", "%20"))
    assert [row[RECEIPTS]["DocEntry"] for row in rows] == [4, 5]


def test_without_a_condition_every_document_meets_every_line(erp):
    assert len(erp.rows(f"{JOIN}?{EXPAND}", Prefer="odata.maxpagesize=0")) == 25


def test_it_is_paged_like_everything(erp):
    page = erp.get(f"{JOIN}?{EXPAND}")
    assert len(page["value"]) == 20
    assert page["@odata.nextLink"].endswith("$skip=20")
    assert len(erp.rows(f"{JOIN}?{EXPAND}&$skip=20")) == 5


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"$crossjoin({RECEIPTS})?{EXPAND}", "201"),
        (f"$crossjoin(Nothing,Nothing/DocumentLines)?{EXPAND}", "201"),
        (f"$crossjoin({RECEIPTS},{RECEIPTS}/CardCode)?{EXPAND}", "-1000"),
        (f"{JOIN}", "201"),
        (f"{JOIN}?$expand={RECEIPTS}($select=Nothing)", "-1000"),
        (f"{JOIN}?{EXPAND}&$filter=DocEntry%20eq%201", "201"),
        (f"{JOIN}?{EXPAND}&$apply=x", "201"),
    ],
)
def test_what_it_cannot_join_is_refused(erp, path, code):
    assert erp.refusal("GET", path)[1] == code


def test_a_user_who_may_not_see_a_set_may_not_join_it(erp):
    erp.sandbox.revoke(RECEIPTS)
    assert erp.refusal("GET", f"{JOIN}?{EXPAND}")[1] == "-1116"
