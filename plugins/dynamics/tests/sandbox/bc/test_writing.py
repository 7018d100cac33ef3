"""Writing: tokens, bodies, masters and dimensions (dynamics sheet §2.2, §2.4)."""

from __future__ import annotations

import pytest

ZERO = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def vendor(client):
    return client.one("vendors?$filter=number eq '10000'")


def test_a_created_row_comes_back_whole_with_its_place(client):
    answer = client.ask("POST", "vendors", {"displayName": "Proseware & Söhne", "city": "Łódź"})
    assert answer.status == 201
    made = answer.json()
    assert made["number"] == "1000001", "the number series fills in what is left out"
    assert answer.headers["location"].endswith(f"companies({client.company})/vendors({made['id']})")
    assert client.get(f"vendors({made['id']})")["city"] == "Łódź"


def test_no_content_is_returned_to_who_prefers_none(client):
    answer = client.ask("POST", "vendors", {"displayName": "Silent"}, Prefer="return-no-content")
    assert (answer.status, answer.content) == (204, b"")
    assert client.get(client.inside(answer.headers["location"]))["displayName"] == "Silent"


def test_the_answer_to_a_create_can_be_selected(client):
    made = client.post("vendors?$select=id,number", {"displayName": "Short"})
    assert set(made) == {"@odata.context", "@odata.etag", "id", "number"}


def test_a_patch_gives_200_and_the_whole_row_with_a_new_tag(client, vendor):
    changed = client.patch(f"vendors({vendor['id']})", {"city": "Oslo"}, vendor["@odata.etag"])
    assert changed["city"] == "Oslo"
    assert changed["displayName"] == vendor["displayName"]
    assert changed["@odata.etag"] != vendor["@odata.etag"]
    assert changed["lastModifiedDateTime"] > vendor["lastModifiedDateTime"]


@pytest.mark.parametrize("token", ["", "nonsense", 'W/"bm90IG91cnM="', '"JzIwOzE7MDA7Jw=="'])
def test_a_patch_without_a_good_token_is_a_bad_request(client, vendor, token):
    status, code, _ = client.refused("PATCH", f"vendors({vendor['id']})", {"city": "Oslo"}, If_Match=token)
    assert (status, code) == (400, "BadRequest_InvalidToken")
    assert client.get(f"vendors({vendor['id']})")["city"] == "Atlanta"


def test_a_stale_token_is_a_conflict_and_not_a_failed_precondition(client):
    order = client.order("106001")
    client.sandbox.touch("106001")
    path, tag = f"purchaseOrders({order['id']})", order["@odata.etag"]
    wanted = (409, "Request_EntityChanged", "Another user has already changed the record.")
    assert client.refused("PATCH", path, {"purchaser": "RL"}, If_Match=tag) == wanted
    client.patch(path, {"purchaser": "RL"}, "*")


def test_a_duplicate_is_a_conflict_too_so_only_the_code_tells(client, vendor):
    status, code, text = client.refused("POST", "vendors", {"number": "10000", "displayName": "Again"})
    assert (status, code) == (409, "Internal_EntityWithSameKeyExists")
    assert "No.='10000'" in text


def test_a_delete_checks_a_token_only_if_one_is_sent(client):
    first, second = (client.post("vendors", {"displayName": name}) for name in ("One", "Two"))
    client.patch(f"vendors({first['id']})", {"city": "X"})
    status, code, _ = client.refused("DELETE", f"vendors({first['id']})", If_Match=first["@odata.etag"])
    assert (status, code) == (409, "Request_EntityChanged")
    assert client.ask("DELETE", f"vendors({first['id']})").status == 204
    assert client.ask("DELETE", f"vendors({second['id']})", If_Match=second["@odata.etag"]).status == 204
    assert client.refused("GET", f"vendors({second['id']})")[0] == 404


def test_the_server_makes_the_ids(client):
    identity = "11111111-2222-3333-4444-555555555555"
    refused = client.refused("POST", "vendors", {"id": identity, "displayName": "Mine"})
    assert refused == (400, "BadRequest", "Control 'id' is read-only.")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("vendors", {"balance": 1}),
        ("vendors", {"lastModifiedDateTime": "2026-01-01T00:00:00Z"}),
        ("purchaseOrders", {"vendorNumber": "10000", "number": "1"}),
        ("purchaseOrders", {"vendorNumber": "10000", "status": "Open"}),
        ("purchaseOrders", {"vendorNumber": "10000", "vendorName": "x"}),
        ("purchaseOrders", {"vendorNumber": "10000", "payToCity": "x"}),
        ("purchaseOrders", {"vendorNumber": "10000", "totalAmountExcludingTax": 5}),
        ("purchaseOrders", {"vendorNumber": "10000", "fullyReceived": True}),
        ("salesOrders", {"customerNumber": "10000", "customerName": "x"}),
    ],
)
def test_a_read_only_field_is_refused_by_name(client, path, body):
    status, code, text = client.refused("POST", path, body)
    assert (status, code) == (400, "BadRequest")
    assert text == f"Control '{list(body)[-1]}' is read-only."


def test_a_whole_row_cannot_be_sent_back(client, vendor):
    status, _, text = client.refused("PATCH", f"vendors({vendor['id']})", vendor, If_Match="*")
    assert (status, text) == (400, "Control 'id' is read-only.")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"nonsense": 1}, "BadRequest"),
        ({"displayName": 5}, "BadRequest"),
        ({"taxLiable": "yes"}, "BadRequest"),
        ({"currencyId": "EUR"}, "BadRequest"),
        ({"displayName": "x" * 101}, "Application_StringExceededLength"),
        ({"blocked": "Nothing"}, "Unknown"),
        ({"currencyCode": "XXX"}, "Application_DialogException"),
    ],
)
def test_a_bad_value_is_refused_and_nothing_is_made(client, body, code):
    assert client.refused("POST", "vendors", {"displayName": "Bad", **body})[:2] == (400, code)
    assert len(client.list("vendors")) == 9


def test_the_refusals_of_length_and_option_say_what_would_do(client):
    text = client.refused("POST", "vendors", {"displayName": "x" * 101})[2]
    assert text.startswith("The length of the string is 101, but it must be less than or equal to 100 characters.")
    text = client.refused("POST", "items", {"displayName": "x", "type": "Invalid Type"})[2]
    assert text == "'Invalid Type' is not an option. The existing options are: Inventory,Service,Non-Inventory"


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b'{"displayName": NaN}', b"\xff"])
def test_a_body_that_is_no_object_is_refused(client, body):
    assert client.refused("POST", "vendors", body)[:2] == (400, "BadRequest")


def test_a_body_must_say_that_it_is_json(client):
    assert client.refused("POST", "vendors", b"displayName=x", Content_Type="text/plain")[0] == 415
    assert client.refused("GET", "vendors", Accept="text/html")[0] == 406


def test_null_stands_for_nothing_entered(client, vendor):
    changed = client.patch(f"vendors({vendor['id']})", {"city": None, "paymentTermsId": None})
    assert (changed["city"], changed["paymentTermsId"]) == ("", ZERO)


def test_a_code_is_upper_cased(client):
    made = client.post("locations", {"code": "west-ü", "displayName": "West"})
    assert (made["code"], made["displayName"]) == ("WEST-Ü", "West")


def test_an_id_and_a_code_that_disagree_are_refused(client, vendor):
    euro = client.one("currencies?$filter=code eq 'EUR'")["id"]
    body = {"currencyId": euro, "currencyCode": "JPY"}
    text = client.refused("PATCH", f"vendors({vendor['id']})", body, If_Match="*")[2]
    assert text == "The currency values do not match to a specific Currency."
    agreed = client.patch(f"vendors({vendor['id']})", {"currencyId": euro, "currencyCode": "EUR"})
    assert agreed["currencyCode"] == "EUR"
    back = client.patch(f"vendors({vendor['id']})", {"currencyCode": "USD"})
    assert (back["currencyId"], back["currencyCode"]) == (ZERO, "USD")


def test_patching_a_number_renames_the_record_everywhere(client, vendor):
    client.patch(f"vendors({vendor['id']})", {"number": "fab-1"})
    assert client.order("106001")["vendorNumber"] == "FAB-1"
    assert client.list("purchaseReceipts?$filter=vendorNumber eq '10000'") == []
    item = client.one("items?$filter=number eq '1896-S'")
    client.patch(f"items({item['id']})", {"number": "1896-T"})
    assert client.order("106001")["purchaseOrderLines"][0]["lineObjectNumber"] == "1896-T"


def test_a_party_or_item_of_documents_cannot_be_deleted(client, vendor):
    text = client.refused("DELETE", f"vendors({vendor['id']})")[2]
    assert text == (
        "You cannot delete Vendor 10000 because there is at least one outstanding Purchase Order for this vendor."
    )
    item = client.one("items?$filter=number eq '1896-S'")
    assert client.refused("DELETE", f"items({item['id']})")[:2] == (400, "Application_DialogException")


def test_a_customer_needs_a_name(client):
    assert client.refused("POST", "customers", {"city": "X"})[2] == 'A "displayName" must be provided.'
    assert client.refused("POST", "customers", {"displayName": ""})[2] == 'The blank "displayName" is not allowed.'


def test_stock_cannot_be_given_with_a_new_item(client):
    body = {"displayName": "New", "baseUnitOfMeasureCode": "PCS", "inventory": 5}
    assert client.refused("POST", "items", body)[2] == "Inventory cannot be changed during on insert."


def test_patching_stock_posts_a_real_adjustment_dated_today(client):
    item = client.one("items?$filter=number eq '1896-S'")
    before = len(client.list("itemLedgerEntries?$filter=itemNumber eq '1896-S'"))
    assert client.patch(f"items({item['id']})", {"inventory": 20})["inventory"] == 20
    entries = client.list("itemLedgerEntries?$filter=itemNumber eq '1896-S'&$orderby=entryNumber desc")
    assert len(entries) == before + 1
    last = entries[0]
    assert (last["entryType"], last["quantity"]) == ("Negative_x0020_Adjmt_x002E_", -4)
    assert last["postingDate"] == "2026-04-01"
    client.patch(f"items({item['id']})", {"inventory": 20})
    assert len(client.list("itemLedgerEntries?$filter=itemNumber eq '1896-S'")) == before + 1


def test_ledger_entries_add_up_to_the_stock(client):
    for item in client.list("items?$filter=type eq 'Inventory'"):
        entries = client.list(f"itemLedgerEntries?$filter=itemNumber eq '{item['number']}'")
        assert sum(entry["quantity"] for entry in entries) == item["inventory"], item["number"]


def test_an_item_is_tied_to_its_unit_category_and_tax_group(client):
    unit = client.one("unitsOfMeasure?$filter=code eq 'KG'")["id"]
    made = client.post("items", {"displayName": "Rod", "baseUnitOfMeasureId": unit, "itemCategoryCode": "RAW"})
    assert (made["baseUnitOfMeasureCode"], made["type"]) == ("KG", "Inventory")
    body = {"displayName": "Rod", "baseUnitOfMeasureId": unit, "baseUnitOfMeasureCode": "PCS"}
    text = client.refused("POST", "items", body)[2]
    assert text == "The unit of measure values do not match to a specific Unit of Measure."
    assert client.refused("POST", "items", {"displayName": "Rod", "itemCategoryCode": "NONE"})[0] == 400
    assert client.refused("POST", "items", {"displayName": "Rod", "generalProductPostingGroupCode": "X"})[0] == 400


def test_default_dimensions_live_inside_their_master(client, vendor):
    assert client.refused("GET", "defaultDimensions")[2].startswith("You must get to the parent first")
    project = client.one("dimensions?$filter=code eq 'PROJECT'&$expand=dimensionValues")
    value = next(row for row in project["dimensionValues"] if row["code"] == "P-100")
    body = {"dimensionId": project["id"], "dimensionValueId": value["id"], "postingValidation": "Code_x0020_Mandatory"}
    made = client.post(f"vendors({vendor['id']})/defaultDimensions", body)
    assert (made["parentType"], made["dimensionCode"], made["dimensionValueCode"]) == ("Vendor", "PROJECT", "P-100")
    assert client.list(f"vendors({vendor['id']})/defaultDimensions")[0]["id"] == made["id"]


def test_a_dimension_of_a_document_is_set_changed_and_removed_within_it(client):
    order = client.order("106001")
    path = f"purchaseOrders({order['id']})/dimensionSetLines"
    made = client.post(path, {"code": "PROJECT", "valueCode": "P-100"})
    assert (made["parentId"], made["displayName"], made["valueDisplayName"]) == (
        order["id"],
        "Project",
        "Plant extension",
    )
    assert "already exists" in client.refused("POST", path, {"code": "PROJECT", "valueCode": "P-200"})[2]
    assert "Dimension Value" in client.refused("POST", path, {"code": "AREA", "valueCode": "P-100"})[2]
    changed = client.patch(f"{path}({made['id']})", {"valueCode": "P-200"})
    assert changed["valueDisplayName"] == "Büroumbau"
    text = client.refused("PATCH", f"{path}({made['id']})", {"code": "AREA"}, If_Match="*")[2]
    assert text == 'The "id" and "code" fields cannot be modified.'
    assert client.ask("DELETE", f"{path}({made['id']})").status == 204
    assert client.list(path) == []
    refused = client.refused("POST", "dimensionSetLines", {"code": "PROJECT", "valueCode": "P-100"})
    assert refused[2] == "You must get to the parent first to create a dimension set line."


@pytest.mark.parametrize("name", ["locations", "unitsOfMeasure", "paymentTerms", "currencies", "itemCategories"])
def test_a_list_entry_needs_a_code_of_its_own(client, name):
    assert client.refused("POST", name, {"displayName": "x"})[:2] == (400, "Application_FieldValidationException")
    code = client.list(f"{name}?$top=1")[0]["code"]
    assert client.refused("POST", name, {"code": code.lower()})[:2] == (409, "Internal_EntityWithSameKeyExists")
    made = client.post(name, {"code": "NEW", "displayName": "New"})
    assert client.patch(f"{name}({made['id']})", {"displayName": "Newer"})["displayName"] == "Newer"
    assert client.ask("DELETE", f"{name}({made['id']})").status == 204
