"""Etags say which version, and of what only the address says (sap sheet §13, ETag)."""

import hashlib

import pytest


def test_an_etag_is_the_sha_1_of_the_version_counter(erp):
    row = erp.get("Items('A1000')")
    digest = hashlib.sha1(str(row["DataVersion"]).encode()).hexdigest().upper()
    assert row["@odata.etag"] == f'W/"{digest}"'
    assert erp.send("GET", "Items('A1000')").headers["etag"] == row["@odata.etag"]


def test_the_same_etag_stands_on_different_documents(erp):
    rows = {row["DocEntry"]: row["@odata.etag"] for row in erp.rows("PurchaseOrders?$select=DocEntry")}
    assert rows[1] == rows[4] == 'W/"356A192B7913B04C54574D18C28D46E6395428AB"'
    erp.patch("PurchaseOrders(1)", {"Comments": "x"}, If_Match=rows[4])  # another document's etag fits


def test_what_has_no_version_has_no_etag(erp):
    for path in ("Warehouses('01')", "PaymentTermsTypes(1)", "BinLocations(1)"):
        assert "@odata.etag" not in erp.get(path)


@pytest.mark.parametrize(("method", "path"), [("PATCH", ""), ("PUT", ""), ("POST", "/Cancel"), ("POST", "/Close")])
def test_a_stale_etag_is_refused_and_changes_nothing(erp, method, path):
    stale = erp.get("PurchaseOrders(1)")["@odata.etag"]
    erp.sandbox.touch(1)
    body = {"Comments": "mine"} if not path else None
    refused = erp.refusal(method, f"PurchaseOrders(1){path}", body, If_Match=stale)
    assert refused == (
        412,
        "-2039",
        "Another user or another operation modified data; to continue, open the window again (ODBC -2039)",
    )
    row = erp.get("PurchaseOrders(1)")
    assert (row["Comments"], row["DocumentStatus"]) == ("Changed by someone else", "bost_Open")


def test_if_match_is_optional_and_a_star_fits(erp):
    def change(**headers):
        erp.patch("PurchaseOrders(1)", {"Comments": "x"}, **headers)
        return erp.get("PurchaseOrders(1)")["@odata.etag"]

    first, second = change(), change(If_Match="*")
    assert len({first, second, change(If_Match=second)}) == 3


def test_partners_and_items_have_etags_too(erp):
    for path, body in (("BusinessPartners('V10000')", {"Phone2": "1"}), ("Items('A1000')", {"ForeignName": "Bulb"})):
        old = erp.get(path)["@odata.etag"]
        erp.patch(path, body, If_Match=old)
        assert erp.refusal("PATCH", path, body, If_Match=old)[:2] == (412, "-2039")


def test_a_receipt_changes_the_orders_version(erp):
    before = erp.get("PurchaseOrders(2)")["@odata.etag"]
    erp.sandbox.receive(2, 0, "1")
    assert erp.refusal("PATCH", "PurchaseOrders(2)", {"Comments": "x"}, If_Match=before)[0] == 412


def test_if_none_match_is_not_looked_at(erp):
    etag = erp.get("PurchaseOrders(1)")["@odata.etag"]
    assert erp.send("GET", "PurchaseOrders(1)", headers={"If-None-Match": etag}).status == 200
