"""`anyerp create`, `update`, `cancel`, `close`, `delete`: one outcome for each record, and nothing sent in vain."""

import copy
import json
import time

import pytest
from anyerp.testing.sandbox import Once, lose_after, lose_before


def outcomes(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def posts(served):
    return [call for call in served.sandbox.calls if call.method == "POST"]


def number_of_orders(served):
    return len(served.shell("list", "demo", "purchase_orders").stdout.splitlines())


def creates(call):
    return call.method == "POST" and call.target.partition("?")[0].endswith("/A_PurchaseOrder")


def test_an_order_with_a_key_is_created_once_however_often_it_is_sent(served, order):
    text = json.dumps(order)
    first, again = (
        served.shell.process("create", "demo", "purchase_orders", "--key", "req-42", stdin=text) for _ in "ab"
    )
    assert (first.returncode, again.returncode) == (0, 0)
    (one,), (two,) = outcomes(first), outcomes(again)
    assert (one["outcome"], one["key"], one["error"], one["settled"]) == ("applied", "req-42", None, "answer")
    assert (two["outcome"], two["id"], two["settled"]) == ("applied", one["id"], "before")
    assert number_of_orders(served) == 14


def test_a_record_that_carries_its_own_reference_is_created_once_too(served, order):
    text = json.dumps({**order, "external_reference": "own-7"})
    results = [outcomes(served.shell("create", "demo", "purchase_orders", stdin=text))[0] for _ in "ab"]
    assert [result["settled"] for result in results] == ["answer", "before"]
    assert results[0]["id"] == results[1]["id"]


@pytest.mark.parametrize("form", ["array", "lines", "file"])
def test_each_record_has_its_outcome_and_a_bad_one_harms_no_other(served, order, form):
    unknown_vendor = {**order, "vendor": {"id": "NOBODY"}}
    not_the_model = {**order, "quantity": 1}
    batch = [order, unknown_vendor, not_the_model, order]
    text = json.dumps(batch) if form == "array" else "\n".join(map(json.dumps, batch))
    served.shell.folder.joinpath("orders.jsonl").write_text(text)
    source = "orders.jsonl" if form == "file" else "-"
    done = served.shell("create", "demo", "purchase_orders", source, stdin=text)
    assert done.returncode == 3
    rows = outcomes(done)
    assert [row["outcome"] for row in rows] == ["applied", "not_applied", "not_applied", "applied"]
    assert [row["record"] for row in rows] == [1, 2, 3, 4]
    assert rows[1]["error"]["code"] == "invalid_record"
    assert rows[2]["error"]["problems"][0]["pointer"] == "/quantity"
    assert number_of_orders(served) == 15


def test_a_file_that_is_cut_off_is_not_half_sent(served, order):
    text = json.dumps(order) + "\n" + json.dumps(order)[:-9]
    done = served.shell("create", "demo", "purchase_orders", stdin=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "line 2" in done.stderr
    assert served.sandbox.calls == []


@pytest.mark.parametrize("text", ["", "  \n", "{", "[1"])
def test_what_is_no_json_is_wrong_usage(served, text):
    done = served.shell("create", "demo", "purchase_orders", stdin=text)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_lost_answer_is_settled_by_looking(served, order):
    served.sandbox.faults.append(Once(lose_after, creates))
    done = served.shell("create", "demo", "purchase_orders", "--key", "req-9", stdin=json.dumps(order))
    assert done.returncode == 0
    (row,) = outcomes(done)
    assert (row["outcome"], row["settled"]) == ("applied", "look")
    assert number_of_orders(served) == 14


def test_what_nobody_can_say_is_unknown_and_not_sent_again(served, order):
    served.sandbox.faults.append(Once(lose_before, creates))
    done = served.shell("create", "demo", "purchase_orders", stdin=json.dumps(order))
    assert done.returncode == 3
    (row,) = outcomes(done)
    assert (row["outcome"], row["error"]["code"], row["error"]["retry"]) == (
        "unknown",
        "outcome_unknown",
        "check_first",
    )
    assert sum(map(creates, served.sandbox.calls)) == 1


def test_wrong_credentials_are_sent_once_and_not_with_every_record(served, order):
    served.configure("wrong", credentials={"password": "n0t-the-Password"})
    done = served.shell("create", "wrong", "purchase_orders", stdin="\n".join([json.dumps(order)] * 5))
    assert done.returncode == 1
    rows = outcomes(done)
    assert [row["error"]["code"] for row in rows] == ["credentials_rejected"] * 5  # they were one batch
    assert len(served.sandbox.calls) <= 2
    assert "n0t-the-Password" not in done.stdout + done.stderr


def test_a_dry_run_shows_the_request_and_writes_nothing(served, order):
    done = served.shell("create", "demo", "purchase_orders", "--dry-run", "--key", "req-1", stdin=json.dumps(order))
    assert done.returncode == 0
    plan = json.loads(done.stdout)
    assert plan["requests"][0]["method"] == "POST"
    assert plan["native"]["Supplier"] == "10300001"
    assert not any(map(creates, served.sandbox.calls))


def test_a_value_without_a_place_is_refused_or_reported_as_asked(served, order):
    text = json.dumps({**order, "bill_to": {"city": "Berlin"}})
    refused = served.shell("create", "demo", "purchase_orders", stdin=text)
    assert refused.returncode == 1
    assert outcomes(refused)[0]["error"]["problems"][0]["pointer"] == "/bill_to"
    plan = served.shell("create", "demo", "purchase_orders", "--dry-run", stdin=text)
    assert plan.returncode == 1
    assert posts(served) == []
    reported = served.shell("create", "demo", "purchase_orders", "--on-loss", "report", stdin=text)
    assert reported.returncode == 0
    assert outcomes(reported)[0]["lost"][0]["pointer"] == "/bill_to"


@pytest.mark.parametrize("how", ["jsonl", "table"])
def test_ctrl_c_leaves_no_record_without_its_outcome(served, order, interrupt, how):
    def hang(call, proceed):
        time.sleep(1.5)
        return proceed()

    served.sandbox.faults.append(Once(lambda call, proceed: proceed(), creates))
    served.sandbox.faults.append(Once(hang, creates))
    served.shell.folder.joinpath("two.json").write_text(json.dumps([order, order]))
    with served.shell.start(
        "create", "demo", "purchase_orders", "two.json", "--batch-size", "1", "--format", how
    ) as process:
        patience = time.monotonic() + 30
        while sum(map(creates, list(served.sandbox.calls))) < 2 and time.monotonic() < patience:
            time.sleep(0.02)
        code, out, _ = interrupt(process)
    assert code == 130
    assert out.count("applied") == 1
    assert out.count("unknown") == 1
    assert "stopped while this record was" in " ".join(out.split())


def test_one_key_does_not_fit_two_records(served, order):
    done = served.shell("create", "demo", "purchase_orders", "--key", "k", stdin=json.dumps([order, order]))
    assert done.returncode == 2
    assert served.sandbox.calls == []


def test_a_person_sees_a_bar_and_then_the_outcomes(served, order):
    text = json.dumps([copy.deepcopy(order) for _ in range(4)])
    code, seen = served.shell.terminal("create", "demo", "purchase_orders", stdin=text)
    assert code == 0
    assert "4/4" in seen
    assert seen.count(" applied ") == 4


def test_an_update_changes_what_it_names_and_refuses_an_old_version(served):
    before = json.loads(served.shell("get", "demo", "purchase_orders", "4500000002").stdout)
    text = json.dumps({"id": before["id"], "version": before["version"], "vendor_reference": "Q-77"})
    assert served.shell("update", "demo", "purchase_orders", stdin=text).returncode == 0
    after = json.loads(served.shell("get", "demo", "purchase_orders", "4500000002").stdout)
    assert after == {**before, **{k: after[k] for k in ("version", "updated_at")}, "vendor_reference": "Q-77"}
    stale = served.shell("update", "demo", "purchase_orders", stdin=text)
    assert stale.returncode == 1
    (row,) = outcomes(stale)
    assert (row["outcome"], row["id"], row["error"]["code"]) == ("not_applied", "4500000002", "conflict")


def test_orders_are_cancelled_closed_and_not_deleted(served):
    cancelled = served.shell("cancel", "demo", "purchase_orders", "4500000001", "99")
    assert cancelled.returncode == 3
    assert [(row["id"], row["outcome"]) for row in outcomes(cancelled)] == [
        ("4500000001", "applied"),
        ("99", "not_applied"),
    ]
    assert served.shell("close", "demo", "purchase_orders", "4500000002").returncode == 0
    assert [
        json.loads(served.shell("get", "demo", "purchase_orders", id).stdout)["status"]
        for id in ("4500000001", "4500000002")
    ] == ["cancelled", "closed"]
    deleted = served.shell("delete", "demo", "purchase_orders", "4500000003")
    assert deleted.returncode == 1
    assert outcomes(deleted)[0]["error"]["code"] == "not_supported"
    assert served.shell("cancel", "demo", "purchase_orders").returncode == 2


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_from_its_report_without_a_duplicate(served, order):
    served.shell.folder.joinpath("many.json").write_text(json.dumps([order] * 30))
    call = ("create", "demo", "purchase_orders", "many.json", "--report", "report.jsonl", "--batch-size", "3")
    written = 0

    def slowly(call, proceed):
        nonlocal written
        written += 1
        time.sleep(0.05)
        return proceed()

    served.sandbox.faults.append(Once(slowly, lambda call: call.method == "POST", times=1_000))
    with served.shell.start(*call) as process:
        patience = time.monotonic() + 30
        while written < 4 and time.monotonic() < patience:
            time.sleep(0.01)
        process.kill()
        process.wait()
    before = number_of_orders(served)
    done = served.shell(*call)
    assert done.returncode == 0, done.stderr
    rows = outcomes(done)
    assert [(row["record"], row["outcome"]) for row in rows] == [(n, "applied") for n in range(1, 31)]
    assert 13 < before < 43
    assert number_of_orders(served) == 43
    assert len({row["id"] for row in rows}) == len({row["key"] for row in rows}) == 30


def test_a_report_of_something_else_is_wrong_usage(served, order):
    served.shell.folder.joinpath("report.jsonl").write_text("my holiday\n")
    done = served.shell("create", "demo", "purchase_orders", "--report", "report.jsonl", stdin=json.dumps(order))
    assert done.returncode == 2
    assert "no line of a report" in done.stderr
    assert posts(served) == []
