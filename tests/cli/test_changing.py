"""`anyerp changes`: each change once, and a state that is never half written."""

import json


def changes(served, *more):
    done = served.shell("changes", "demo", "purchase_orders", "--state", "orders.state", *more)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_each_change_is_told_once(served, order):
    first, said = changes(served)
    assert {change["change"] for change in first} == {"created"}
    assert f"{len(first)} created, 0 updated, 0 deleted" in said
    assert changes(served)[0] == []
    made = json.loads(served.shell("create", "demo", "purchase_orders", stdin=json.dumps(order)).stdout)
    (change,) = changes(served)[0]
    assert (change["change"], change["id"], change["record"]["id"]) == ("created", made["id"], made["id"])
    assert changes(served, "--deletions")[0] == []


def test_a_damaged_state_is_refused_and_left_as_it_is(served):
    path = served.shell.folder / "orders.state"
    path.write_text("nonsense")
    done = served.shell("changes", "demo", "purchase_orders", "--state", "orders.state")
    assert done.returncode == 2
    assert "no state of changes" in done.stderr
    assert path.read_text() == "nonsense"


def test_a_state_that_cannot_be_written_is_said_after_the_changes(served):
    done = served.shell("changes", "demo", "purchase_orders", "--state", "nowhere/orders.state")
    assert done.returncode != 0
    assert "nowhere/orders.state" in done.stderr
