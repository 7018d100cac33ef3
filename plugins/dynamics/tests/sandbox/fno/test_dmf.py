"""Data packages and business events (dynamics sheet §1.9, §1.10)."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from decimal import Decimal

import pytest

PACKAGE = {
    "definitionGroupId": "PO delta",
    "packageName": "p.zip",
    "executionId": "",
    "reExecute": False,
    "legalEntityId": "USMF",
}


def fetched(erp, execution):
    link = erp.act("GetExportedPackageUrl", executionId=execution)
    answer = erp.ask("GET", link.removeprefix("https://env.example"), Authorization="")
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"Manifest.xml", "PackageHeader.xml"} <= set(archive.namelist())
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def packed(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("Manifest.xml", "<x/>")
        for name, text in files.items():
            archive.writestr(name.replace("_", " ") + ".csv", text)
    return made.getvalue()


def uploaded(erp, content, name="in.zip"):
    blob = json.loads(erp.act("GetAzureWriteUrl", uniqueFileName=name))
    assert set(blob) == {"BlobId", "BlobUrl"}
    path = blob["BlobUrl"].removeprefix("https://env.example")
    assert erp.ask("PUT", path, content).status == 400
    assert erp.ask("PUT", path, content, x_ms_blob_type="BlockBlob", Authorization="").status == 201
    return blob["BlobUrl"]


def imported(erp, url, **more):
    given = {
        "packageUrl": url,
        "definitionGroupId": "Vendors",
        "executionId": "run-1",
        "execute": True,
        "overwrite": True,
        "legalEntityId": "usmf",
    }
    return erp.act("ImportFromPackage", **given | more)


def test_an_export_holds_what_changed_since_the_last(erp):
    first = fetched(erp, erp.act("ExportToPackage", **PACKAGE))
    assert len(first["Purchase order headers V2.csv"]) == 12
    assert first["Purchase order headers V2.csv"][0]["PURCHASEORDERNUMBER"] == "00000001"
    assert fetched(erp, erp.act("ExportToPackage", **PACKAGE))["Purchase order headers V2.csv"] == []
    erp.sandbox.touch("00000003")
    erp.ask("DELETE", "PurchaseOrderHeadersV2(dataAreaId='usmf',PurchaseOrderNumber='00000012')")
    delta = fetched(erp, erp.act("ExportToPackage", **PACKAGE))
    assert [row["PURCHASEORDERNUMBER"] for row in delta["Purchase order headers V2.csv"]] == [
        "00000003"
    ]  # deletes leave no trace
    assert delta["Purchase order lines V2.csv"] == []


def test_each_company_has_its_own_delta(erp):
    fetched(erp, erp.act("ExportToPackage", **PACKAGE))
    german = fetched(erp, erp.act("ExportToPackage", **PACKAGE | {"legalEntityId": "DEMF"}))
    assert [row["PURCHASEORDERNUMBER"] for row in german["Purchase order headers V2.csv"]] == ["00000013"]


def test_an_import_changes_rows_that_are_known(erp):
    text = "VENDORACCOUNTNUMBER,VENDORORGANIZATIONNAME,CREDITLIMIT\nUS-101,Renamed,12.50\n"
    imported(erp, uploaded(erp, packed(Vendors_V3=text)))
    assert erp.act("GetExecutionSummaryStatus", executionId="run-1") == "Succeeded"
    row = erp.get("VendorsV3(dataAreaId='usmf',VendorAccountNumber='US-101')")
    assert (row["VendorOrganizationName"], row["CreditLimit"], row["VendorGroupId"]) == (
        "Renamed",
        Decimal("12.50"),
        "10",
    )


def test_an_export_takes_its_time(erp):
    erp.sandbox.dmf.polls = 2
    execution = erp.act("ExportToPackage", **PACKAGE)
    assert erp.act("GetExportedPackageUrl", executionId=execution) == ""
    assert [erp.act("GetExecutionSummaryStatus", executionId=execution) for _ in range(3)] == [
        "Executing",
        "Executing",
        "Succeeded",
    ]
    assert erp.act("GetExportedPackageUrl", executionId=execution)
    assert erp.act("GetExecutionSummaryStatus", executionId="none") == "Unknown"


def test_an_import_puts_rows_in_and_names_those_that_failed(erp):
    url = uploaded(
        erp,
        packed(Vendors_V3="VENDORACCOUNTNUMBER,VENDORORGANIZATIONNAME,VENDORGROUPID\nX1,Ä GmbH,10\nX2,No group,99\n"),
    )
    assert imported(erp, url) == "run-1"
    assert erp.act("GetExecutionSummaryStatus", executionId="run-1") == "PartiallySucceeded"
    (error,) = json.loads(erp.act("GetExecutionErrors", executionId="run-1"))
    assert error["ErrorMessage"].startswith("Vendors V3, row 2: ")
    assert erp.get("VendorsV3(dataAreaId='usmf',VendorAccountNumber='X1')")["VendorOrganizationName"] == "Ä GmbH"


def test_an_import_can_wait_or_fail_whole(erp):
    url = uploaded(erp, b"no zip")
    imported(erp, url, execute=False)
    assert erp.act("GetExecutionSummaryStatus", executionId="run-1") == "NotRun"
    imported(erp, url)
    assert erp.act("GetExecutionSummaryStatus", executionId="run-1") == "Failed"


def test_imports_do_not_run_side_by_side(erp):
    erp.sandbox.dmf.polls = 1
    url = uploaded(erp, packed(Vendors_V3="VENDORACCOUNTNUMBER,VENDORORGANIZATIONNAME,VENDORGROUPID\nX1,A,10\n"))
    imported(erp, url)
    path = "DataManagementDefinitionGroups/Microsoft.Dynamics.DataEntities.ImportFromPackage"
    given = {"packageUrl": url, "definitionGroupId": "Vendors", "executionId": "run-2", "execute": True}
    assert erp.ask("POST", path, given).status == 500
    erp.act("GetExecutionSummaryStatus", executionId="run-1")
    assert erp.ask("POST", path, given).status == 200


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("DataManagementDefinitionGroups/Microsoft.Dynamics.DataEntities.Nothing", {}, 404),
        ("VendorsV3/Microsoft.Dynamics.DataEntities.ExportToPackage", {}, 404),
        ("DataManagementDefinitionGroups('PO delta')/Microsoft.Dynamics.DataEntities.ExportToPackage", {}, 404),
        ("DataManagementDefinitionGroups/Microsoft.Dynamics.DataEntities.ExportToPackage", {"nothing": 1}, 400),
        (
            "DataManagementDefinitionGroups/Microsoft.Dynamics.DataEntities.ExportToPackage",
            {"definitionGroupId": "none"},
            500,
        ),
    ],
)
def test_an_action_must_exist_where_it_is_called(erp, path, body, status):
    assert erp.ask("POST", path, body).status == status


def test_a_data_project_must_exist_beforehand(erp):
    assert {row["Name"] for row in erp.rows("DataManagementDefinitionGroups")} == {"PO delta", "Vendors"}


def test_a_blob_is_reached_by_its_own_address_only(erp):
    fetched(erp, erp.act("ExportToPackage", **PACKAGE))
    assert erp.ask("GET", "/blob/dmf/p.zip").status == 403
    assert erp.ask("GET", "/blob/dmf/other.zip?sig=1").status == 403


def test_a_confirmation_sends_an_event_with_its_odd_dates(erp):
    first, second = erp.sandbox.confirmed_event("00000001"), erp.sandbox.confirmed_event("00000001")
    assert first["EventTime"] == "/Date(1775034000000)/"
    assert first["PurchaseOrderDate"] == "/Date(1768478400000)/"
    assert (first["LegalEntity"], first["TransactionCurrencyAmount"], first["VendorAccount"]) == (
        "usmf",
        Decimal("1682.00"),
        "US-101",
    )
    assert second["ControlNumber"] > first["ControlNumber"] > 2**32
    assert first["EventId"] != second["EventId"]
