"""Exports: what changes in an ERP stands in files and tables, once, whatever happens in between."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa
from anyerp.errors import AnyErpError
from anyerp.testing.sandbox import serve
from anyerp_dynamics.sandbox.bc import BusinessCentralSandbox
from anyerp_hub import Hub
from anyerp_hub.event.catalogue import schema_of
from anyerp_hub.flow import files
from anyerp_hub.flow.sql import Table

VENDORS = 9  # of the sandbox, and as many items
ONE, TWO = "10300001", "10300002"


class Died(BaseException):
    """In place of kill -9."""


def die(*_: Any) -> None:
    raise Died


@pytest.fixture
def con(small: Hub, sap) -> str:
    return small.connect("sap-s4hana", **sap[1]).id


@pytest.fixture
def put(small: Hub, con: str) -> Callable[..., None]:
    def put(resource: str = "vendors", **parts: Any) -> None:
        small.flows.put({"name": "out", "read": {"connection": con, "resource": resource}, **parts})

    return put


@pytest.fixture(params=["sqlite", "postgresql"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'warehouse.db'}"
    cluster = request.getfixturevalue("cluster")
    return cluster.database(f"warehouse_{abs(hash(request.node.name)) % 10**9}")


def rename(hub: Hub, con: str, id: str, name: str) -> None:
    vendors = hub.connection(con).vendors
    vendors.update(vendors.get(id).model_copy(update={"name": name}))


def lines(folder: Path, pattern: str = "*.jsonl") -> list[list[dict[str, Any]]]:
    return [
        [json.loads(line) for line in file.read_text("utf-8").splitlines()] for file in sorted(folder.glob(pattern))
    ]


def rows(url: str, query: str) -> list[Any]:
    made = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.pool.NullPool)
    with made.connect() as tx:
        return list(tx.execute(sa.text(query)).all())


def test_each_run_makes_one_file_of_what_changed(small: Hub, con, put, tmp_path):
    put(write={"directory": str(tmp_path / "out")})
    run = small.flows.run("out")
    assert (run.state, run.error, run.counts["written"]) == ("succeeded", None, VENDORS)
    assert small.flows.run("out").counts == {"read": 0, "written": 0, "skipped": 0, "deleted": 0}
    rename(small, con, ONE, "Neuer Name")
    small.flows.run("out")
    first, second = lines(tmp_path / "out")
    assert {row["change"] for row in first} == {"created"}
    assert len({row["id"] for row in first}) == VENDORS
    assert [(row["change"], row["id"], row["name"]) for row in second] == [("updated", ONE, "Neuer Name")]
    assert first[0]["address"]["city"] == "Berlin"
    for event in small.events(types="flow.*"):
        jsonschema.validate(event.data, schema_of(event.type))


def test_csv_has_the_same_columns_in_every_file(small: Hub, con, put, tmp_path):
    keep = ["number", "name", "address.city", "payment_terms.number"]
    put(write={"directory": str(tmp_path), "format": "csv"}, transform={"keep": keep, "set": {"source": "S4"}})
    small.flows.run("out")
    rename(small, con, ONE, 'Say "hi", now')
    small.flows.run("out")
    header = ["change", "id", "number", "name", "address_city", "payment_terms_number", "source"]
    for file in sorted(tmp_path.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            found = list(csv.DictReader(text))
        assert list(found[0]) == header
    assert found[0] == dict(zip(header, ["updated", ONE, ONE, 'Say "hi", now', "Berlin", "0002", "S4"], strict=True))


def test_parquet_has_exact_numbers_and_moments(small: Hub, put, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra [parquet] is not installed")
    put("items", write={"directory": str(tmp_path), "format": "parquet"})
    assert small.flows.run("out").error is None
    (file,) = tmp_path.glob("*.parquet")
    zinc = next(row for row in parquet.read_table(file).to_pylist() if row["id"] == "66")
    assert (zinc["cost"], zinc["gross_weight"]) == (Decimal("3.15"), Decimal("0.250"))
    assert zinc["updated_at"].isoformat() == "2024-06-03T09:15:27.418000+00:00"


def test_parquet_without_its_extra_says_what_to_install(small: Hub, put, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    put(write={"directory": str(tmp_path), "format": "parquet"})
    run = small.flows.run("out")
    assert run.state == "failed"
    assert "anyerp-hub[parquet]" in run.error["hint"]


@pytest.mark.parametrize("moment", ["stage", "show", "after"])
def test_a_run_that_dies_with_files_leaves_neither_gap_nor_double(small: Hub, put, tmp_path, monkeypatch, moment):
    put(write={"directory": str(tmp_path)})
    show = files.Writer.show

    def show_and_die(self: files.Writer) -> None:
        show(self)
        die()

    with monkeypatch.context() as dying:
        dying.setattr(files.Writer, "drop", lambda self: None)  # who is killed tidies nothing
        if moment == "stage":
            dying.setattr(files, "_sync", die)
        else:
            dying.setattr(files.Writer, "show", die if moment == "show" else show_and_die)
        with pytest.raises(Died):
            small.flows.run("out")
    assert len(list(tmp_path.glob("*.jsonl"))) == (moment == "after")
    assert len(list(tmp_path.glob(".*.part"))) == (moment != "after")
    small.flows.run("out")
    (whole,) = lines(tmp_path)
    assert len(whole) == VENDORS
    assert list(tmp_path.glob(".*.part")) == []


def test_a_directory_that_cannot_be_written_loses_nothing(small: Hub, put, tmp_path):
    target = tmp_path / "out"
    target.write_text("a file, where a directory should be")
    put(write={"directory": str(target)})
    assert small.flows.run("out").error["code"] == "export_failed"
    target.unlink()
    assert small.flows.run("out").counts["written"] == VENDORS


def test_a_table_mirrors_what_the_erp_has(small: Hub, con, put, warehouse, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_URL", warehouse)
    put(write={"database": "${WAREHOUSE_URL}"}, batch_size=4)
    run = small.flows.run("out")
    assert (run.state, run.error) == ("succeeded", None)
    assert rows(warehouse, "SELECT count(*) FROM vendors") == [(VENDORS,)]
    rename(small, con, ONE, "Neuer Name")
    assert small.flows.run("out").counts["written"] == 1
    found = rows(warehouse, f"SELECT name, address_city FROM vendors WHERE id = '{ONE}'")
    assert found == [("Neuer Name", "Berlin")]
    assert rows(warehouse, "SELECT count(*) FROM vendors") == [(VENDORS,)]


def test_a_table_has_exact_numbers(small: Hub, put, warehouse):
    small.flows.put({**small_flow(small, warehouse), "transform": {"only": {"id": "66"}}})
    assert small.flows.run("items").error is None
    ((cost, weight),) = rows(warehouse, "SELECT cost, gross_weight FROM items")
    assert (str(cost), str(weight)) == ("3.15", "0.250")


def small_flow(hub: Hub, url: str) -> dict[str, Any]:
    (con,) = hub.connections()
    return {"name": "items", "read": {"connection": con.id, "resource": "items"}, "write": {"database": url}}


def test_a_record_that_passes_no_more_leaves_the_table_and_is_told_in_the_file(small: Hub, con, put, tmp_path):
    url, only = f"sqlite:///{tmp_path / 'w.db'}", {"only": {"name": "Inlandslieferant DE 1"}}
    put(write={"database": url}, transform=only)
    small.flows.put({**small.flows.get("out").model_dump(), "name": "told", "write": {"directory": str(tmp_path)}})
    for name in ("out", "told"):
        small.flows.run(name)
    assert rows(url, "SELECT id FROM vendors") == [(ONE,)]
    rename(small, con, ONE, "Anders")
    for name in ("out", "told"):
        small.flows.run(name)
    assert rows(url, "SELECT id FROM vendors") == []
    assert lines(tmp_path)[1] == [{"change": "deleted", "id": ONE}]


def test_a_run_that_dies_between_two_batches_is_taken_up(small: Hub, put, tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'w.db'}"
    put(write={"database": url}, batch_size=4, pause=1)
    with monkeypatch.context() as dying:
        dying.setattr("anyerp_hub.flow.sql.time.sleep", die)
        with pytest.raises(Died):
            small.flows.run("out")
    assert rows(url, "SELECT count(*) FROM vendors") == [(4,)]
    pauses: list[float] = []
    monkeypatch.setattr("anyerp_hub.flow.sql.time.sleep", pauses.append)
    assert small.flows.run("out").counts["written"] == VENDORS
    assert rows(url, "SELECT count(*) FROM vendors") == [(VENDORS,)]
    assert pauses == [1, 1]


@pytest.mark.parametrize("kind", ["files", "table"])
def test_a_run_that_was_overtaken_writes_nothing_old_over_the_new(small: Hub, con, put, tmp_path, monkeypatch, kind):
    url = f"sqlite:///{tmp_path / 'w.db'}"
    put(write={"database": url} if kind == "table" else {"directory": str(tmp_path)})
    where, name = (Table, "write") if kind == "table" else (files.Writer, "stage")
    go_on, runs = getattr(where, name), []

    def overtaken(self: Any, *given: Any) -> None:
        monkeypatch.setattr(where, name, go_on)
        rename(small, con, ONE, "Neu")
        runs.append(small.flows.run("out"))
        go_on(self, *given)

    monkeypatch.setattr(where, name, overtaken)
    late = small.flows.run("out")
    assert (runs[0].state, late.state, late.error["code"]) == ("succeeded", "failed", "conflict")
    if kind == "table":
        assert rows(url, f"SELECT name FROM vendors WHERE id = '{ONE}'") == [("Neu",)]
    else:
        (whole,) = lines(tmp_path)
        assert [row["name"] for row in whole if row["id"] == ONE] == ["Neu"]


@pytest.mark.parametrize("kind", ["files", "table"])
@pytest.mark.parametrize(("policy", "state"), [("stop", "failed"), ("skip", "succeeded"), ("dead-letter", "partial")])
def test_a_record_with_a_problem_does_what_the_flow_says(small: Hub, put, tmp_path, kind, policy, state):
    url = f"sqlite:///{tmp_path / 'w.db'}"
    target = {"database": url} if kind == "table" else {"directory": str(tmp_path)}
    words = {"number": {ONE: "V-1", TWO: "V-2"}}
    names = {"only": {"id": [ONE, TWO, "10300003"]}, "translate": words}
    put(write=target, transform=names, on_problem=policy)
    run = small.flows.run("out")
    assert run.state == state
    if policy == "stop":
        assert "no translation of '10300003'" in run.error["problems"][0]["message"]
        assert lines(tmp_path) == []
        return
    assert (run.counts["written"], run.counts["skipped"]) == (2, 1)
    if kind == "table":
        assert rows(url, "SELECT number FROM vendors ORDER BY id") == [("V-1",), ("V-2",)]
        letters = rows(url, "SELECT id FROM vendors_problems") if policy == "dead-letter" else []
        assert letters == ([("10300003",)] if policy == "dead-letter" else [])
    else:
        letters = lines(tmp_path, "*.problems.jsonl")
        assert [one["id"] for file in letters for one in file] == (["10300003"] if policy == "dead-letter" else [])


def test_another_target_is_filled_from_the_beginning_and_no_file_is_written_over(small: Hub, put, tmp_path):
    put(write={"directory": str(tmp_path)})
    small.flows.run("out")
    put(write={"directory": str(tmp_path)}, batch_size=3)
    assert small.flows.run("out").counts["written"] == 0
    put(write={"directory": str(tmp_path)}, transform={"keep": ["name"]})
    assert small.flows.run("out").counts["written"] == VENDORS
    first, second = lines(tmp_path)
    assert len(first) == len(second) == VENDORS
    assert set(second[0]) == {"change", "id", "name"}


def test_a_column_that_an_older_table_lacks_is_added_and_a_foreign_table_is_left_alone(small: Hub, put, tmp_path):
    url = f"sqlite:///{tmp_path / 'w.db'}"
    put(write={"database": url}, transform={"keep": ["name"]})
    small.flows.run("out")
    put(write={"database": url}, transform={"keep": ["name", "currency"]})
    small.flows.run("out")
    assert rows(url, f"SELECT currency FROM vendors WHERE id = '{ONE}'") == [("EUR",)]
    made = sa.create_engine(url)
    with made.begin() as tx:
        tx.exec_driver_sql("CREATE TABLE payroll (person INTEGER PRIMARY KEY)")
    made.dispose()
    put(write={"database": url, "table": "payroll"})
    assert "has another key than id" in small.flows.run("out").error["message"]


@pytest.mark.parametrize(
    ("url", "said"), [("${NO_SUCH_VARIABLE}", "NO_SUCH_VARIABLE is not set"), ("mysql://h/d", "mysql")]
)
def test_a_database_that_cannot_be_written_is_told(small: Hub, put, url, said):
    put(write={"database": url})
    assert said in small.flows.run("out").error["message"]


def test_a_nightly_flow_runs_at_its_time_of_day(small: Hub, put, clock, tmp_path):  # the clock stands at 12:00
    put(write={"directory": str(tmp_path)}, at="02:00")
    assert not small.flows.run_due()
    clock.advance(hours=13, minutes=59)
    assert not small.flows.run_due()
    clock.advance(minutes=1)
    assert small.flows.run_due()
    assert not small.flows.run_due()
    assert [run.trigger for run in small.flows.runs("out")] == ["schedule"]
    clock.advance(hours=24)
    assert small.flows.run_due()


def test_the_hub_itself_may_be_on_either_database(hub: Hub, sap, clock, tmp_path):
    con = hub.connect("sap-s4hana", **sap[1]).id
    ends = {"read": {"connection": con, "resource": "vendors"}, "write": {"directory": str(tmp_path / "out")}}
    hub.flows.put({"name": "out", "every": 3600, **ends})
    for count in (VENDORS, 1):
        assert hub.flows.run_due()
        assert hub.flows.runs("out")[0].counts["written"] == count
        rename(hub, con, ONE, "Neu")
        clock.advance(hours=1)
    assert [len(file) for file in lines(tmp_path / "out")] == [VENDORS, 1]


def test_deletions_are_looked_for_where_the_flow_asks_for_it(small: Hub, tmp_path):
    box, url = BusinessCentralSandbox(), f"sqlite:///{tmp_path / 'w.db'}"
    with serve(box) as base_url:
        con = small.connect("dynamics-bc", settings=box.settings(base_url), credentials=box.credentials).id
        read = {"connection": con, "resource": "vendors"}
        targets = {"asked": {"database": url, "deletions": True}, "unasked": {"database": url, "table": "unasked"}}
        targets["told"] = {"directory": str(tmp_path), "deletions": True}
        for name, target in targets.items():
            small.flows.put({"name": name, "read": read, "write": target})
            assert small.flows.run(name).error is None
        ((before,),) = rows(url, "SELECT count(*) FROM vendors")
        gone = delete_one(small, con)
        assert [small.flows.run(name).counts["deleted"] for name in targets] == [1, 0, 1]
        assert rows(url, "SELECT count(*) FROM vendors") == [(before - 1,)]
        assert rows(url, "SELECT count(*) FROM unasked") == [(before,)]
        assert lines(tmp_path)[1] == [{"change": "deleted", "id": gone}]


def delete_one(hub: Hub, con: str) -> str:
    """Delete the first vendor that nothing holds."""
    vendors = hub.connection(con).vendors
    for vendor in list(vendors.list()):
        try:
            vendors.delete(str(vendor.id))
        except AnyErpError:
            continue
        return str(vendor.id)
    raise AssertionError("every vendor is held by something")


@pytest.mark.slow
def test_a_process_that_is_killed_between_two_batches_is_followed_by_one_that_ends_its_work(
    sqlite_url, keys, sap, tmp_path, monkeypatch
):
    monkeypatch.setenv("ANYERP_HUB_KEYS", keys.current().text())
    url = f"sqlite:///{tmp_path / 'w.db'}"
    with Hub(sqlite_url) as hub:
        con = hub.connect("sap-s4hana", **sap[1]).id
        ends = {"read": {"connection": con, "resource": "vendors"}, "write": {"database": url}}
        hub.flows.put({"name": "out", **ends, "batch_size": 4, "pause": 3600})
    code = f"from anyerp_hub import Hub; Hub({sqlite_url!r}).flows.run('out')"
    made = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        deadline = time.monotonic() + 30
        while not (sa.inspect(made).has_table("vendors") and rows(url, "SELECT count(*) FROM vendors") == [(4,)]):
            assert process.poll() is None
            assert time.monotonic() < deadline
            threading.Event().wait(0.05)
        process.kill()
    with Hub(sqlite_url) as hub:
        hub.flows.put({"name": "out", **ends, "batch_size": 4})
        assert hub.flows.run("out").counts["written"] == VENDORS
        assert hub.flows.run("out").counts["written"] == 0
    assert rows(url, "SELECT count(*) FROM vendors") == [(VENDORS,)]
