"""Values as they travel (dynamics sheet §1.4)."""

from __future__ import annotations

import json
from base64 import b64decode
from decimal import Decimal

import pytest
from anyerp_dynamics.sandbox.fno.schema import schema

HEADER = "PurchaseOrderHeadersV2(dataAreaId='usmf',PurchaseOrderNumber='00000001')"
LINE = "PurchaseOrderLinesV2(dataAreaId='usmf',PurchaseOrderNumber='00000001',LineNumber=1)"
ENUM = "Microsoft.Dynamics.DataEntities.PurchStatus"


def pairs(tag):
    return b64decode(tag.removeprefix('W/"').removesuffix('"')).decode()


def test_nothing_is_ever_null(erp):
    for name in schema().sets:
        for row in erp.rows(f"{name}?cross-company=true"):
            assert None not in row.values(), name


def test_null_in_a_body_is_the_empty_value(erp):
    erp.ask("PATCH", HEADER, {"VendorOrderReference": None, "IsDeliveryAddressOrderSpecific": None})
    row = erp.get(HEADER)
    assert (row["VendorOrderReference"], row["IsDeliveryAddressOrderSpecific"]) == ("", "No")
    assert erp.ask("PATCH", HEADER, {"CashDiscountPercentage": None}).status == 400


def test_enumerations_travel_by_name(erp):
    row = erp.get(HEADER)
    assert (row["PurchaseOrderStatus"], row["IsChangeManagementActive"]) == ("Backorder", "No")
    assert erp.ask("PATCH", HEADER, {"ArePricesIncludingSalesTax": "Yes"}).status == 204
    for wrong in (True, "yes", "Perhaps"):
        answer = erp.ask("PATCH", HEADER, {"ArePricesIncludingSalesTax": wrong})
        assert answer.status == 400
        assert "ODataException" in answer.json()["error"]["innererror"]["type"]


def test_a_few_fields_are_real_booleans(erp):
    here = "VendorInvoiceHeaders(dataAreaId='usmf',HeaderReference='000001')"
    assert erp.get(here)["Recalculation"] is False
    assert erp.ask("PATCH", here, {"Recalculation": "Yes"}).status == 400
    assert erp.ask("PATCH", here, {"Recalculation": True}).status == 204


def test_an_enumeration_is_filtered_by_its_qualified_name_only(erp):
    found = erp.rows(f"PurchaseOrderHeadersV2?$filter=PurchaseOrderStatus eq {ENUM}'Invoiced'")
    assert [row["PurchaseOrderNumber"] for row in found] == ["00000010"]
    others = erp.rows(f"PurchaseOrderHeadersV2?$filter=PurchaseOrderStatus ne {ENUM}'Invoiced'")
    assert len(others) == 11
    for wrong in (
        "PurchaseOrderStatus eq 'Invoiced'",
        f"PurchaseOrderStatus gt {ENUM}'Backorder'",
        "PurchaseOrderStatus eq 3",
        f"PurchaseOrderStatus eq {ENUM}'Open'",
    ):
        answer = erp.ask("GET", f"PurchaseOrderHeadersV2?$filter={wrong}")
        assert answer.status == 400
        assert answer.json()["error"]["message"].startswith("The query specified in the URI is not valid. ")


def test_a_date_is_noon_and_no_date_is_the_year_1900(erp):
    row = erp.get(HEADER)
    assert row["AccountingDate"] == "2026-01-15T12:00:00Z"
    assert row["ConfirmedDeliveryDate"] == "1900-01-01T12:00:00Z"
    invoice = erp.rows("VendorInvoiceHeaders")[0]
    assert (invoice["DueDate"], invoice["EndDateTime"]) == ("1900-01-01T12:00:00Z", "1900-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-03-09T12:00:00Z", "2026-03-09T12:00:00Z"),
        ("2026-03-09T00:00:00Z", "2026-03-09T12:00:00Z"),
        ("2026-03-09T00:00:00+02:00", "2026-03-08T12:00:00Z"),
        ("2026-03-09T23:30:00-05:00", "2026-03-10T12:00:00Z"),
        ("2026-03-09T12:00:00+02:00", "2026-03-09T12:00:00Z"),
    ],
)
def test_a_date_not_sent_at_noon_can_fall_on_its_neighbour(erp, sent, kept):
    erp.ask("PATCH", HEADER, {"RequestedDeliveryDate": sent})
    assert erp.get(HEADER)["RequestedDeliveryDate"] == kept


@pytest.mark.parametrize("sent", ["2026-03-09", "2026-03-09T12:00:00", "09.03.2026", 1773057600])
def test_a_date_without_an_offset_is_refused(erp, sent):
    assert erp.ask("PATCH", HEADER, {"RequestedDeliveryDate": sent}).status == 400


def test_dates_are_filtered_by_range(erp):
    path = "PurchaseOrderHeadersV2?$select=PurchaseOrderNumber&$filter=AccountingDate "
    assert len(erp.rows(path + "ge 2026-01-16T00:00:00Z and AccountingDate lt 2026-01-17T00:00:00Z")) == 1
    assert erp.rows(path + "eq 2026-01-16T00:00:00Z") == []


def test_money_and_quantities_are_json_numbers_with_all_their_digits(erp):
    answer = erp.ask("GET", "PurchaseOrderLinesV2(dataAreaId='usmf',PurchaseOrderNumber='00000005',LineNumber=1)")
    assert b'"LineAmount":514.555' in answer.content
    assert answer.json()["PurchasePrice"] == Decimal("0.4275")
    assert erp.ask("PATCH", LINE, {"PurchasePrice": "12.5"}).status == 400
    assert (
        erp.ask("PATCH", LINE, {"PurchasePrice": "12.5"}, Content_Type="application/json;IEEE754Compatible=true").status
        == 204
    )
    text = erp.get(LINE, Accept="application/json;IEEE754Compatible=true")
    assert (text["PurchasePrice"], text["LineNumber"]) == ("12.5", "1")


def test_a_tag_holds_version_and_record_of_every_data_source(erp):
    made = erp.post("PurchaseOrderHeadersV2", {"OrderVendorAccountNumber": "US-101"})
    here = f"PurchaseOrderHeadersV2(dataAreaId='usmf',PurchaseOrderNumber='{made['PurchaseOrderNumber']}')"
    text = pairs(made["@odata.etag"])
    first, second = text.strip("'").split(";")
    assert text.startswith("'")
    assert text.endswith("'")
    assert first.startswith("1,")
    assert int(first.split(",")[1]) > 2**32
    assert second.startswith("1,")
    erp.ask("PATCH", here, {"PurchaseOrderName": "x"})
    moved = pairs(erp.get(here)["@odata.etag"]).strip("'").split(";")
    assert moved[0].split(",")[0] != "1"
    assert moved[0].split(",")[1] == first.split(",")[1]
    line = erp.rows("PurchaseOrderLinesV2?$top=1")[0]
    assert ";" not in pairs(line["@odata.etag"])


def test_full_metadata_names_types_and_links(erp):
    body = erp.get(
        "CustomerGroups(dataAreaId='usmf',CustomerGroupId='30')?cross-company=true",
        Accept="application/json;odata.metadata=full",
    )
    assert body["@odata.type"] == "#Microsoft.Dynamics.DataEntities.CustomerGroup"
    assert body["@odata.editLink"] == "CustomerGroups(dataAreaId='usmf',CustomerGroupId='30')"
    assert body["@odata.id"] == "https://env.example/data/CustomerGroups(dataAreaId='usmf',CustomerGroupId='30')"
    assert body["IsSalesTaxIncludedInPrice@odata.type"] == "#Microsoft.Dynamics.DataEntities.NoYes"
    assert (
        "@odata.etag" not in erp.get("CustomerGroups?$top=1", Accept="application/json;odata.metadata=none")["value"][0]
    )


def test_text_of_the_whole_world_survives(erp):
    name = "Größe \"L\" <50 mm> 株式会社\t\\ 'x'"
    erp.ask("PATCH", HEADER, {"PurchaseOrderName": name})
    assert erp.get(HEADER)["PurchaseOrderName"] == name
    assert json.loads(erp.ask("GET", HEADER).content)["PurchaseOrderName"] == name


def test_no_set_of_procurement_says_when_a_row_changed():
    stamps = [
        f"{name}.{prop.name}"
        for name, entity_set in schema().sets.items()
        for prop in entity_set.type.properties
        if any(word in prop.name.lower() for word in ("modified", "changed", "lastupdate", "created"))
    ]
    assert stamps == []


def test_the_tag_changes_with_every_write_so_that_two_scans_can_be_compared(erp):
    def scan():
        return {
            row["PurchaseOrderNumber"]: row["@odata.etag"]
            for row in erp.rows("PurchaseOrderHeadersV2?$select=PurchaseOrderNumber")
        }

    before = scan()
    erp.sandbox.touch("00000003")
    number = erp.order()
    assert erp.ask("DELETE", "PurchaseOrderHeadersV2(dataAreaId='usmf',PurchaseOrderNumber='00000012')").status == 204
    after = scan()
    assert {key for key in before.keys() & after.keys() if before[key] != after[key]} == {"00000003"}
    assert (after.keys() - before.keys(), before.keys() - after.keys()) == ({number}, {"00000012"})


def test_a_line_moves_without_its_header(erp):
    tag = erp.get(HEADER)["@odata.etag"]
    erp.ask("PATCH", LINE, {"OrderedPurchaseQuantity": 11})
    assert erp.get(HEADER)["@odata.etag"] == tag
