"""Recurring integrations: queues of files, and messages that come back (dynamics sheet §1.9)."""

from __future__ import annotations

import io
import zipfile

import pytest

FILE = b"VENDORACCOUNTNUMBER,VENDORORGANIZATIONNAME,VENDORGROUPID\nX1,First,10\n"


@pytest.fixture
def activity(erp):
    names = {project: activity for activity, project in erp.sandbox.recurring.activities.items()}
    return lambda project="PO delta": names[project]


def dequeued(erp, activity):
    answer = erp.ask("GET", f"/api/connector/dequeue/{activity()}")
    return answer.json() if answer.status == 200 else None


def test_a_file_is_taken_fetched_and_acknowledged(erp, activity):
    assert dequeued(erp, activity) is None
    erp.sandbox.recurring.export(activity(), "usmf")
    message = dequeued(erp, activity)
    path = message["DownloadLocation"].partition("env.example")[2]
    with zipfile.ZipFile(io.BytesIO(erp.ask("GET", path).content)) as archive:
        assert "Purchase order headers V2.csv" in archive.namelist()
    assert erp.ask("POST", f"/api/connector/ack/{activity()}", message).status == 200
    assert erp.act("GetMessageStatus", messageId=message["CorrelationId"]) == "Acked"
    assert erp.ask("POST", f"/api/connector/ack/{activity()}", message).status == 400
    erp.clock.advance(hours=1)
    assert dequeued(erp, activity) is None


def test_the_link_says_http_where_the_service_is_https(erp, activity):
    erp.sandbox.recurring.export(activity(), "usmf")
    assert dequeued(erp, activity)["DownloadLocation"].startswith("http://env.example/")


def test_what_is_not_acknowledged_comes_back_after_half_an_hour(erp, activity):
    erp.sandbox.recurring.export(activity(), "usmf")
    first = dequeued(erp, activity)
    erp.clock.advance(minutes=29)
    assert dequeued(erp, activity) is None
    erp.token = erp.sign_in().json()["access_token"]
    erp.clock.advance(minutes=1)
    again = dequeued(erp, activity)
    assert again["CorrelationId"] == first["CorrelationId"]
    assert erp.ask("POST", f"/api/connector/ack/{activity()}", first).status == 400
    assert erp.ask("POST", f"/api/connector/ack/{activity()}", again).status == 200


def test_nothing_changed_means_nothing_queued(erp, activity):
    erp.sandbox.recurring.export(activity(), "usmf")
    erp.sandbox.recurring.export(activity(), "usmf")
    assert len(erp.sandbox.recurring.waiting[activity()]) == 1


def test_a_file_is_kept_for_a_week(erp, activity):
    erp.sandbox.recurring.export(activity(), "usmf")
    path = dequeued(erp, activity)["DownloadLocation"].partition("env.example")[2]
    erp.clock.advance(days=7)
    erp.token = erp.sign_in().json()["access_token"]
    assert erp.ask("GET", path).status == 404


def test_a_file_that_was_put_in_is_worked_on_in_steps(erp, activity):
    path = f"/api/connector/enqueue/{activity('Vendors')}?entity=Vendors V3&company=usmf"
    message = erp.ask("POST", path, FILE).json()
    assert [erp.act("GetMessageStatus", messageId=message) for _ in range(4)] == [
        "Enqueued",
        "Processing",
        "Processed",
        "Processed",
    ]
    assert erp.get("VendorsV3(dataAreaId='usmf',VendorAccountNumber='X1')")["VendorOrganizationName"] == "First"
    bad = erp.ask("POST", path, FILE.replace(b",10", b",99").replace(b"X1", b"X2")).json()
    assert [erp.act("GetMessageStatus", messageId=bad) for _ in range(3)][-1] == "ProcessedWithErrors"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "dequeue/none"), ("POST", "enqueue/none"), ("PUT", "ack/{}"), ("GET", "download/none")]
)
def test_what_is_not_there_is_404(erp, activity, method, path):
    assert erp.ask(method, f"/api/connector/{path.format(activity())}").status == 404


def test_an_entity_outside_the_activity_and_an_unknown_message_are_refused(erp, activity):
    assert erp.ask("POST", f"/api/connector/enqueue/{activity()}?entity=Vendors V3", FILE).status == 400
    assert erp.ask("POST", f"/api/connector/ack/{activity()}", {"x": 1}).status == 400
    path = "DataManagementDefinitionGroups/Microsoft.Dynamics.DataEntities.GetMessageStatus"
    assert erp.ask("POST", path, {"messageId": "none"}).status == 500
