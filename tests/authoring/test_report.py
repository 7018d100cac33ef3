"""What a stranger sees of the kit: one line to reproduce, the law's page, JSON, JUnit; and a check of a real system."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from anyerp.authoring.brickworks import Brickworks
from anyerp.testing import report as told
from anyerp.testing.check import Report, check
from anyerp.testing.contract import LAWS
from anyerp.testing.record import masked, secrets_of
from anyerp.testing.sandbox import serve

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "docs" / "samples" / "anyerp-brickworks" / "src"
sys.path.insert(0, str(SAMPLE))

from anyerp_brickworks.connector import CONNECTOR  # noqa: E402 - importable from here on

POINTS = "[anyerp.v1]\nbrickworks = anyerp_brickworks\n[pytest11]\n"


def broken_connector() -> Any:
    """A connector that stops after its first page."""
    orders = CONNECTOR.resources["purchase_orders"]
    return replace(CONNECTOR, resources={**CONNECTOR.resources, "purchase_orders": replace(orders, page=_once)})


def _once(ctx: Any, query: Any, state: Any) -> Any:
    answer = yield from CONNECTOR.resources["purchase_orders"].page(ctx, query, None)  # type: ignore[misc]
    return replace(answer, next=None)


@pytest.fixture(scope="module")
def report() -> Report:
    return check(broken_connector())


class Desk:
    """A folder with an `anyerp.toml` to a served Brickworks, and the command with the sample plugin installed."""

    def __init__(self, folder: Path, url: str, works: Brickworks) -> None:
        self.folder, self.works = folder, works
        info = folder / "site" / "anyerp_brickworks-0.1.0.dist-info"
        info.mkdir(parents=True)
        info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: anyerp-brickworks\nVersion: 0.1.0\n")
        info.joinpath("entry_points.txt").write_text(POINTS)
        secrets = "".join(f'{name} = "{value}"\n' for name, value in works.credentials.items())
        folder.joinpath("anyerp.toml").write_text(
            f'[connections.bricks]\nconnector = "brickworks"\n[connections.bricks.settings]\nbase_url = "{url}"\n'
            f"[connections.bricks.secrets]\n{secrets}"
        )

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(SAMPLE), str(self.folder / "site")])
        env = {**{k: v for k, v in os.environ.items() if not k.startswith("ANYERP")}, "PYTHONPATH": path}
        done = subprocess.run([sys.executable, "-m", *command], cwd=self.folder,
                              env=env, capture_output=True, text=True,
                              timeout=100, check=False)  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def rows(self, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
        done = self.run("anyerp.cli", "check", *arguments, "--format", "jsonl")
        assert done.returncode < 2, done.stderr
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    @property
    def writes(self) -> list[str]:
        return [c.target for c in self.works.calls if c.method != "GET" and "oauth" not in c.target]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    works = Brickworks()
    with serve(works) as url:
        yield Desk(tmp_path, url, works)


def test_a_failure_ends_with_its_page_and_one_line_that_reproduces_it(report: Report) -> None:
    assert report.failed
    for result in report.failed:
        *_, mend, page, line = result.detail.splitlines()
        assert re.fullmatch(r"To mend it: \w.+[.;)]", mend)
        assert page == f"The law: docs/reference/laws/{result.law}.md, or: anyerp check --explain {result.law}"
        assert line.startswith("Reproduce with: pytest --pyargs anyerp.testing.contract --connector brickworks -k '")
        assert (ROOT / told.PAGE.format(id=result.law)).exists()


@pytest.mark.parametrize("law", list(LAWS))
def test_every_law_says_why_what_is_checked_how_to_mend_it_and_what_exempts(law: str) -> None:
    assert set(told.sections(LAWS[law])) == {"Title", "Why", "Checked", "If it fails", "Exempt"}


@pytest.mark.slow
def test_the_line_reproduces_exactly_that_failure(desk: Desk) -> None:
    desk.folder.joinpath("wrong.py").write_text(
        "from dataclasses import replace\nfrom anyerp_brickworks.connector import CONNECTOR as RIGHT\n"
        "from anyerp.errors import NotFound\n"
        "CONNECTOR = replace(RIGHT, explain=lambda ctx, request, response: NotFound('whatever'))\n"
    )
    _, rows = desk.rows("wrong:CONNECTOR")
    failed = next(row for row in rows if row["outcome"] == "failed")
    program, *arguments = shlex.split(failed["reproduce"])
    done = desk.run(program, "-p", "no:cacheprovider", *arguments)
    assert done.returncode == 1, done.stdout[-1500:] + done.stderr[-500:]
    assert "1 failed" in done.stdout
    assert failed["law"] in done.stdout


def test_json_gives_each_law_with_reproduction_and_page(report: Report) -> None:
    rows = told.rows(report)
    assert {row["law"] for row in rows} == set(LAWS)
    assert all(set(row) == {"law", "resource", "outcome", "detail", "seconds", "reproduce", "page"} for row in rows)
    assert json.loads(json.dumps(rows)) == rows


def test_junit_counts_and_names_what_failed(report: Report) -> None:
    suite = fromstring(told.junit(report))[0]
    assert int(suite.attrib["tests"]) == len(report.results) == len(suite)
    assert int(suite.attrib["failures"]) == len(report.failed)
    failed = [case for case in suite if case.find("failure") is not None]
    assert {case.attrib["name"] for case in failed} == {f"{r.law}[{r.resource}]" for r in report.failed}
    assert all("Reproduce with:" in (case.findtext("failure") or "") for case in failed)


def test_junit_holds_whatever_a_value_under_test_was(report: Report) -> None:
    odd = replace(report.results[0], outcome="failed", detail="value 'a\x00b\ud800<&\"]]>' \x1b[31m")
    made = told.junit(replace(report, results=(odd,)))
    assert "\\x00" in (fromstring(made)[0][0].findtext("failure") or "")


@pytest.mark.slow
def test_one_law_or_a_group_can_be_checked_alone(desk: Desk) -> None:
    _, rows = desk.rows("brickworks", "--law", "paging", "--law", "lens.settle", "--resource", "vendors")
    assert {row["law"].partition(".")[0] for row in rows} == {"paging", "lens"}
    assert {row["resource"] for row in rows} == {"vendors"}
    done = desk.run("anyerp.cli", "check", "brickworks", "--law", "paging.each")
    assert (done.returncode, "paging.each_once" in done.stderr) == (2, True)


def test_a_law_explains_itself_on_the_command_line(desk: Desk) -> None:
    done = desk.run("anyerp.cli", "check", "--explain", "writes.stale")
    assert done.returncode == 0
    assert re.search(r"^Why: two people at one order\.$", done.stdout, re.MULTILINE)
    assert "If it fails:" in done.stdout


@pytest.mark.slow
def test_a_real_system_is_held_to_the_laws_and_nothing_is_written(desk: Desk) -> None:
    before = {name: len(rows) for name, rows in desk.works.tables.items()}
    code, rows = desk.rows("--live", "bricks", "--laws")
    assert (code, [row for row in rows if row["outcome"] == "failed"]) == (0, [])
    passed = {row["law"] for row in rows if row["outcome"] == "passed"}
    assert {"lens.get_put", "lens.compiled", "paging.each_once", "paging.resume", "errors.missing"} <= passed
    assert "writes.create_get" not in passed
    assert desk.writes == []
    assert {name: len(table) for name, table in desk.works.tables.items()} == before
    reasons = {row["detail"] for row in rows if row["law"] == "writes.create_get"}
    assert reasons == {"no create: never: this check only reads; --write lets it write"}


@pytest.mark.slow
def test_with_write_the_writing_laws_run_too_and_what_they_make_is_marked(desk: Desk) -> None:
    code, rows = desk.rows("--live", "bricks", "--laws", "--write")
    assert code == 0, [row["detail"] for row in rows if row["outcome"] == "failed"]
    assert "writes.create_get" in {row["law"] for row in rows if row["outcome"] == "passed"}
    made = [row["our_ref"] for row in desk.works.tables["orders"].values() if row["our_ref"]]
    assert made
    assert all(re.fullmatch(r"K\d{10}|[^K].*", ref) for ref in made)
    assert any(re.fullmatch(r"K\d{10}", ref) for ref in made)


@pytest.mark.slow
def test_a_breach_on_a_real_system_names_the_command_that_repeats_it(desk: Desk) -> None:
    desk.works.tables["suppliers"]["S-00002"]["currency"] = "euro"
    code, rows = desk.rows("--live", "bricks", "--laws", "--law", "lens.not_vacuous")
    failed = [row for row in rows if row["outcome"] == "failed"]
    assert (code, [row["resource"] for row in failed]) == (1, ["vendors"])
    line = "anyerp check --live bricks --laws --law lens.not_vacuous --resource vendors"
    assert failed[0]["reproduce"] == line
    assert failed[0]["detail"].endswith(f"Reproduce with: {line}")
    again, same = desk.rows(*shlex.split(line)[2:])
    assert (again, [row["outcome"] for row in same]) == (1, ["failed"])


@pytest.mark.slow
def test_what_a_real_system_answers_is_kept_without_what_it_tells(desk: Desk) -> None:
    done = desk.run("anyerp.cli", "check", "--live", "bricks", "--record", "fixtures")
    assert done.returncode == 0, done.stderr
    files = {file.name: file.read_text() for file in desk.folder.joinpath("fixtures").iterdir()}
    assert set(files) == {
        f"{name}-{kind}.json" for name in ("vendors", "purchase_orders") for kind in ("list", "get", "missing")
    }
    one = json.loads(files["vendors-get.json"])
    assert (one["method"], one["status"], one["path"]) == ("GET", 200, "/v1/suppliers/S-00001")
    body = one["body"]
    assert (body["id"], body["state"], body["currency"]) == ("S-00001", "ACTIVE", "EUR")
    assert (body["supplier_name"], body["mail"]) == ("Xxxx 0 Xxxxxx", "xxxxx@xxxx0.xxxxxxx")
    assert json.loads(files["vendors-missing.json"])["status"] == 404
    everything = "".join(files.values())
    for private in ("Kiln", "Clay Road", "24101", *desk.works.credentials.values(), "brick-token"):
        assert private not in everything
    assert desk.writes == []


def test_texts_are_masked_at_any_depth_and_secrets_wholly() -> None:
    body = {"a": [{"b": "Müller 7", "api_key": "K", "n": 1.5, "ok": True}], "day": "2026-01-31", "none": None}
    body |= {"phone": 491701234567, "id": 4500000001}
    assert masked(body, {"id": None}) == {
        "a": [{"b": "Xxxxxx 0", "api_key": "***", "n": 1.5, "ok": True}], "day": "2026-01-31", "none": None,
        "phone": 999999999999, "id": 4500000001,
    }  # fmt: skip
    assert secrets_of(CONNECTOR.credentials[0](client_id="c", client_secret="s")) == {"s"}


@pytest.mark.slow
def test_options_that_belong_to_a_real_system_are_refused_without_one(desk: Desk) -> None:
    for option in (["--laws"], ["--write"], ["--record", "x"]):
        assert desk.run("anyerp.cli", "check", "brickworks", *option).returncode == 2
    assert desk.run("anyerp.cli", "check", "--live", "nobody", "--laws").returncode == 2
