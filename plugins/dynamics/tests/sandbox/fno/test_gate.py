"""Who is let in (dynamics sheet §1.1)."""

from __future__ import annotations

import pytest
from anyerp_dynamics.sandbox.fno import Quirks

ORDER = "PurchaseOrderHeadersV2"


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Basic eDp5"])
def test_without_a_good_token_the_answer_is_401_and_says_where_to_get_one(erp, header):
    answer = erp.ask("GET", "VendorsV3", Authorization=header)
    assert (answer.status, answer.content) == (401, b"")
    assert answer.headers["www-authenticate"].startswith("Bearer authorization_uri=")


def test_a_token_lives_an_hour(erp):
    erp.get("VendorsV3?$top=1")
    erp.clock.advance(hours=1)
    assert erp.ask("GET", "VendorsV3").status == 401


def test_ended_sessions_need_a_new_token(erp):
    erp.sandbox.expire_sessions()
    assert erp.ask("GET", "VendorsV3").status == 401
    erp.token = erp.sign_in().json()["access_token"]
    erp.get("VendorsV3?$top=1")


def test_rotation_ends_the_old_secret(erp):
    old = erp.sandbox.credentials
    erp.sandbox.rotate_credentials()
    assert erp.sign_in(**old).json()["error_codes"] == [7000215]
    assert erp.sign_in().status == 200


def test_a_scope_with_a_trailing_slash_gives_a_token_that_is_good_for_nothing(erp):
    answer = erp.sign_in(scope="https://env.example//.default")
    assert answer.status == 200
    erp.token = answer.json()["access_token"]
    assert erp.ask("GET", "VendorsV3").status == 401


def test_a_scope_of_another_environment_is_unknown(erp):
    assert erp.sign_in(scope="https://other.example/.default").json()["error_codes"] == [500011]


def test_a_good_token_of_an_application_without_a_user_is_not_enough(erp, environment):
    erp.sandbox.unmap()
    assert erp.ask("GET", "VendorsV3").status == 401
    strict = environment(quirks=Quirks(unmapped_status=403))
    strict.sandbox.unmap()
    assert strict.ask("GET", "VendorsV3").status == 403


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [("Read", "GET", ORDER), ("Read", "GET", f"{ORDER}/$count"), ("Create", "POST", ORDER), ("*", "GET", ORDER)]
    + [
        (name, verb, f"{ORDER}(dataAreaId='usmf',PurchaseOrderNumber='00000001')")
        for name, verb in (("Read", "GET"), ("Update", "PATCH"), ("Update", "PUT"), ("Delete", "DELETE"))
    ],
)
def test_what_the_roles_do_not_cover_is_403(erp, operation, method, path):
    erp.sandbox.revoke(ORDER, operation)
    answer = erp.ask(method, path, {} if method != "GET" else None)
    assert answer.status == 403
    assert "PurchPurchaseOrderHeaderV2Entity" in answer.json()["error"]["innererror"]["message"]
    erp.get("VendorsV3?$top=1")


def test_every_answer_names_its_activity(erp):
    first, second = erp.ask("GET", "VendorsV3?$top=1"), erp.ask("GET", "Nothing")
    assert first.headers["ms-dyn-aid"] != second.headers["ms-dyn-aid"]


def test_other_roads_lead_nowhere(erp):
    for path in ("/api/data/v9.2/accounts", "/metadata/Nothing", "/"):
        answer = erp.ask("GET", path)
        assert answer.status == 404
        assert "No HTTP resource was found" in answer.json()["Message"]


def test_the_metadata_service_says_what_the_document_does_not(erp):
    sets = {each["PublicCollectionName"]: each for each in erp.get("/metadata/DataEntities")["value"]}
    assert sets[ORDER]["Name"] == "PurchPurchaseOrderHeaderV2Entity"
    assert sets["ProductReceiptLines"]["IsReadOnly"] is True
    header = erp.get("/metadata/PublicEntities('PurchaseOrderHeaderV2')")
    known = {prop["Name"]: prop for prop in header["Properties"]}
    assert header["EntitySetName"] == ORDER
    assert known["dataAreaId"]["IsKey"]
    assert known["OrderVendorAccountNumber"]["IsMandatory"]
    assert (known["OrderVendorAccountNumber"]["AllowEdit"], known["OrderVendorAccountNumber"]["AllowEditOnCreate"]) == (
        False,
        True,
    )
    assert (known["PurchaseOrderStatus"]["AllowEdit"], known["PurchaseOrderStatus"]["AllowEditOnCreate"]) == (
        False,
        False,
    )
    assert [each["Name"] for each in header["NavigationProperties"]] == ["PurchaseOrderLines"]
    members = erp.get("/metadata/PublicEnumerations('PurchStatus')")["Members"]
    assert {"Name": "Backorder", "Value": 1} in members
    assert erp.ask("GET", "/metadata/PublicEntities('Nothing')").status == 404


def test_the_document_hides_lengths(erp):
    text = erp.ask("GET", "$metadata").text()
    assert 'EntityType Name="PurchaseOrderHeaderV2"' in text
    assert "MaxLength" not in text


def test_the_service_document_lists_versions_side_by_side(erp):
    names = {each["name"] for each in erp.rows("/data")}
    assert {"VendorsV2", "VendorsV3", "SalesOrderHeadersV2", "SalesOrderHeadersV3", "SalesOrderHeadersV4"} <= names
