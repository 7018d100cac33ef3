"""Flows in YAML: what people write is taken, and what is wrong is told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from anyerp.errors import ConfigError
from anyerp_hub import Hub
from anyerp_hub.command import main
from anyerp_hub.flow.definition import End, Flow, Sql
from anyerp_hub.flow.text import read_text
from pydantic import ValidationError

WHOLE = """
name: orders
read: {connection: con_a, resource: purchase_orders}
filter:
  status: [approved, sent]
  vendor.number: 10300001
map:
  keep: [vendor.number, lines.quantity]
  translate:
    vendor.number: {10300001: V-17, 0012: V-18, "*": V-0}
  set: {notes: copied}
write: {connection: con_b, resource: purchase_orders}
trigger: {schedule: {every: 15m}}
batch_size: 50
pause: 0.5
on_problem: dead-letter
---
name: vendors
read: {connection: con_a, resource: vendors}
write: {database: "${WAREHOUSE_URL}", table: vendor}
trigger: {schedule: {at: 22:30}}
"""
ENDS = "name: a\nread: {connection: c, resource: vendors}\nwrite: {directory: out}\n"


def test_every_part_of_a_flow_can_be_written():
    orders, vendors = read_text(WHOLE)
    assert (orders.every, orders.batch_size, orders.pause, orders.on_problem) == (900, 50, 0.5, "dead-letter")
    assert orders.transform.only == {"status": ["approved", "sent"], "vendor.number": 10300001}
    assert orders.transform.keep == ("vendor.number", "lines.quantity")
    assert orders.transform.translate["vendor.number"] == {"10300001": "V-17", "0012": "V-18", "*": "V-0"}
    assert orders.write == End(connection="con_b", resource="purchase_orders")
    assert vendors.write == Sql(database="${WAREHOUSE_URL}", table="vendor")
    assert vendors.at == "22:30"  # not 1350, as YAML 1.1 would have it
    assert read_text(ENDS + "trigger: webhook")[0].webhook


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENDS + "when: daily", "f:4: when: there is no such part of a flow"),
        (ENDS.replace("vendors", "vendor"), "no resource vendor\n  hint: did you mean vendors?"),
        (ENDS.replace("out", "out, format: xls"), "f:3: write.format: Input should be 'csv', 'jsonl' or 'parquet'"),
        (ENDS + "map:\n  keep: [nam]", "keep names nam: vendors has no field nam there\n  hint: did you mean name?"),
        (ENDS + "filter: {address.town: X}", "filter names address.town: vendors has no field town there"),
        (ENDS + "map:\n  set: {id: X}", "set names id"),
        (ENDS + "map:\n  only: {name: X}", "f:5: map.only: is written as filter"),
        (ENDS + "filter: [a]", "f:4: filter: is not a mapping"),
        (ENDS + "trigger: sometimes", "f:4: trigger: is call, webhook, or schedule"),
        (ENDS + "trigger:\n  schedule:\n    at: 25:00", "f:6: trigger.schedule.at: "),
        (ENDS + "trigger:\n  schedule:\n    every: daily", "f:6: trigger.schedule.every: is not a time"),
        (ENDS + "trigger:\n  schedule:\n    every: 5", "f:6: trigger.schedule.every: Input should be greater"),
        (ENDS + "batch_size: 0", "f:4: batch_size: "),
        (ENDS + "on_problem: ignore", "f:4: on_problem: Input should be 'stop', 'skip' or 'dead-letter'"),
        (ENDS + "name: b", "f:4: name stands twice"),
        (ENDS + "pause: &x [*x]", "f:4: aliases are not read"),
        (ENDS + "---\n" + ENDS, "two flows have the name a"),
        (ENDS + "map: [", "f:4: "),
        (ENDS + "? [a]\n: 1", "f:4: a name is a text"),
        ("- a", "f:1: a flow is a mapping"),
        ("", "there is no flow in it"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, said):
    with pytest.raises(ConfigError) as caught:
        read_text(text, "f")
    assert said in str(caught.value)


def test_a_password_has_no_place_in_a_flow():
    for url in ("postgresql://me:hush@host/db", "postgresql://host/db?password=hush"):
        with pytest.raises(ConfigError) as caught:
            read_text(ENDS.replace("directory: out", f"database: '{url}'"))
        assert "holds a password" in str(caught.value)
        assert "hush" not in str(caught.value)
        with pytest.raises(ValidationError) as invalid:
            Sql(database=url)
        assert "hush" not in str(invalid.value)


def test_a_flow_has_one_trigger():
    with pytest.raises(ValidationError, match="one trigger"):
        Flow(
            name="a",
            read=End(connection="c", resource="vendors"),
            write=Sql(database="sqlite://"),
            every=60,
            webhook=True,
        )


def test_a_file_is_loaded_again_only_where_it_changed(small: Hub, sap, tmp_path):
    made = small.connect("sap-s4hana", **sap[1])
    file = tmp_path / "flows.yaml"
    file.write_text(ENDS.replace("connection: c", f"connection: {made.id}"))
    assert small.flows.load(file) == {"a": 1}
    assert small.flows.load(file) == {"a": 1}
    file.write_text(file.read_text() + "batch_size: 7\n")
    assert small.flows.load(file) == {"a": 2}
    assert small.flows.get("a").batch_size == 7
    file.write_text(file.read_text() + "---\n" + ENDS.replace("name: a", "name: b"))
    with pytest.raises(Exception, match="there is no connection c"):
        small.flows.load(file)
    assert [flow.name for flow in small.flows.list()] == ["a"]
    with pytest.raises(ConfigError, match="cannot be read"):
        small.flows.load(tmp_path / "none.yaml")


def test_an_operator_puts_flows_from_a_shell(sqlite_url, keys, clock, sap, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ANYERP_HUB_KEYS", keys.current().text())
    with Hub(sqlite_url) as hub:
        made = hub.connect("sap-s4hana", **sap[1])
    file = tmp_path / "flows.yaml"
    file.write_text(ENDS.replace("connection: c", f"connection: {made.id}"))
    assert main(["put-flows", str(file), "--url", sqlite_url]) == 0
    assert "a: version 1" in capsys.readouterr().out
    file.write_text(ENDS + "pause: -1")
    assert main(["put-flows", str(file), "--url", sqlite_url]) == 1
    assert "flows.yaml:4: pause" in capsys.readouterr().err


def test_the_flow_of_the_readme_is_one():
    (text,) = re.findall(r"```yaml\n(.*?)```", Path("hub/README.md").read_text("utf-8"), re.DOTALL)
    (flow,) = read_text(text)
    assert (flow.name, flow.at, flow.on_problem) == ("vendors-nightly", "02:00", "dead-letter")
