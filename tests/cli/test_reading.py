"""`anyerp list` and `anyerp get`: for people a table, for programs clean JSON or CSV, and errors on stderr."""

import csv
import io
import json
import subprocess
import sys
import time

import pytest
from anyerp.errors import AnyErpError
from anyerp.model import PurchaseOrder
from anyerp.testing.sandbox import Once


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_pipe_gets_one_record_a_line_in_the_form_of_the_model(served):
    done = served.shell.process("list", "demo", "purchase_orders")
    orders = [PurchaseOrder.model_validate_json(line) for line in done.stdout.splitlines()]
    assert len(orders) == 13
    assert orders[0].number == "4500000001"
    assert done.stderr == ""


def test_a_terminal_gets_a_table(served):
    code, seen = served.shell.terminal("list", "demo", "purchase-orders", "--limit", "3")
    assert code == 0
    assert "total excl tax" in seen
    assert "4500000003 2025-01-19 17300080 received 1140.00 USD 1" in " ".join(seen.split())
    assert "4500000004" not in seen


def test_what_has_no_room_is_named_below_the_table(served):
    _, seen = served.shell.terminal("list", "demo", "purchase_orders", "--limit", "1", width=56)
    assert "(no room for: currency, lines; " in " ".join(seen.split())


def test_json_is_one_array(served):
    done = served.shell("list", "demo", "purchase_orders", "--limit", "2", "--format", "json")
    assert [order["number"] for order in json.loads(done.stdout)] == ["4500000001", "4500000002"]
    none = served.shell("list", "demo", "purchase_orders", "--limit", "0", "--format", "json")
    assert json.loads(none.stdout) == []


def test_csv_has_a_row_for_every_line_and_no_column_that_this_erp_lacks(served):
    done = served.shell("list", "demo", "purchase_orders", "--format", "csv")
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    second = [row for row in found if row["number"] == "4500000002"]
    assert [(row["vendor.number"], row["lines.number"], row["lines.quantity"]) for row in second] == [
        ("10300002", "10", "40.000"),
        ("10300002", "20", "250.000"),
    ]
    assert "bill_to.city" not in found[0]  # an address that this ERP has nowhere
    assert "buyer.id" in found[0]


def test_updated_since_asks_the_erp_for_what_changed(served):
    served.sandbox.touch("4500000005")
    done = served.shell("list", "demo", "purchase_orders", "--updated-since", "2026-01-01")
    assert [row["number"] for row in rows(done)] == ["4500000005"]


def test_raw_keeps_the_record_of_the_erp(served):
    (row,) = rows(served.shell("list", "demo", "purchase_orders", "--limit", "1", "--raw"))
    assert row["raw"]["PurchaseOrder"] == "4500000001"


def test_a_page_size_changes_the_requests_and_not_the_records(served):
    assert len(rows(served.shell("list", "demo", "purchase_orders", "--page-size", "4"))) == 13
    assert sum("A_PurchaseOrder?" in call.target for call in served.sandbox.calls) == 4


def test_a_record_that_cannot_be_read_is_told_and_the_others_come(served):
    row = served.sandbox.world.store.find("A_PurchaseOrder", "4500000002")
    served.sandbox.world.store.put("A_PurchaseOrder", {**row, "DocumentCurrency": "not a currency"})
    done = served.shell("list", "demo", "purchase_orders")
    assert done.returncode == 3
    assert len(done.stdout.splitlines()) == 12
    assert done.stderr.startswith("anyerp: one record cannot be read: ")


def test_get_gives_one_record(served):
    (row,) = rows(served.shell("get", "demo", "purchase_orders", "4500000002"))
    assert PurchaseOrder.model_validate(row).number == "4500000002"
    code, seen = served.shell.terminal("get", "demo", "purchase_orders", "4500000002")
    assert code == 0
    assert "Nürnberg" in seen
    assert "RM-M8X20" in seen


def test_an_error_of_the_erp_is_one_and_told_in_words(served):
    done = served.shell("get", "demo", "purchase_orders", "99")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("anyerp: sap-s4hana: ")


def test_an_error_is_json_when_json_was_asked_for(served):
    done = served.shell("get", "demo", "purchase_orders", "99", "--format", "json")
    error = json.loads(done.stderr)["error"]
    assert error["code"] == "not_found"
    assert set(error) == set(AnyErpError("x").to_dict())


def test_a_wrong_password_is_not_shown(served):
    served.configure("wrong", credentials={"password": "n0t-the-Password"})
    for run, how in ((served.shell, ()), (served.shell.process, ("--format", "json"))):
        done = run("list", "wrong", "purchase_orders", *how)
        assert done.returncode == 1
        assert "n0t-the-Password" not in done.stdout + done.stderr


def test_what_an_erp_sends_does_not_steer_the_terminal(served):
    row = served.sandbox.world.store.find("A_PurchaseOrder", "4500000001")
    served.sandbox.world.store.put("A_PurchaseOrder", {**row, "Supplier": "A\x1b[2J[b]C"})
    _, seen = served.shell.terminal("list", "demo", "purchase_orders", "--limit", "1", width=120)
    assert "\x1b[2J" not in seen
    assert "A\N{REPLACEMENT CHARACTER}[2J[B]C" in seen  # SAP's keys are upper case


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("list", "dmo", "purchase_orders"), "did you mean demo?"),
        (("list", "demo", "purchase_order"), "did you mean purchase_orders?"),
        (("list", "demo", "purchase_orders", "--updated-since", "yesterday"), "is no moment in time"),
        (("list", "demo", "purchase_orders", "--limit", "-1"), "--limit must not be negative"),
        (("list", "demo", "purchase_orders", "--page-size", "0"), "--page-size must be at least 1"),
        (("list", "demo", "purchase_orders", "--format", "xml"), "xml"),
        (("list", "demo"), "RESOURCE"),
        (("lst", "demo"), "did you mean list?"),
        (("list", "demo", "purchase_orders", "--nope"), "--nope"),
    ],
)
def test_wrong_usage_is_two_and_says_what_would_be_right(served, arguments, says):
    done = served.shell(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_without_a_configuration_the_way_to_one_is_told(shell):
    done = shell("list", "demo", "purchase_orders")
    assert done.returncode == 2
    assert "anyerp sandbox sap-s4hana" in done.stderr


def test_a_variable_that_one_connection_lacks_stops_only_that_one(served):
    served.configure("other", credentials={"password": "env:NOT_SET_ANYWHERE"})
    assert len(rows(served.shell("list", "demo", "vendors", "--limit", "1"))) == 1
    done = served.shell("list", "other", "vendors")
    assert done.returncode == 2
    assert "NOT_SET_ANYWHERE" in done.stderr


def test_a_reader_that_leaves_is_met_with_silence(served):
    script = f"{sys.executable} -m anyerp.cli list demo purchase_orders --raw | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=served.shell.folder, env=served.shell.environment(), capture_output=True,
        text=True, timeout=60, check=True,
    )  # fmt: skip
    first, code = done.stdout.splitlines()
    assert json.loads(first)["number"] == "4500000001"
    assert code in ("0", "141")
    assert done.stderr == ""


def test_ctrl_c_ends_with_130_and_silence(served, interrupt):
    def hang(call, proceed):
        time.sleep(1.5)
        return proceed()

    served.sandbox.faults.append(Once(hang))
    with served.shell.start("list", "demo", "purchase_orders") as process:
        patience = time.monotonic() + 30
        while not served.sandbox.calls and time.monotonic() < patience:
            time.sleep(0.05)
        code, out, err = interrupt(process)
    assert (code, out, err) == (130, "", "")
