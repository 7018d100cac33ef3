"""Checking a connector: every law, what became of it, and the coverage card. `anyerp check NAME` prints the report.

from anyerp.testing.check import check

report = check("acme")            # or the Connector itself, or "module:ATTRIBUTE"
print(report.text())
assert report.ok
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Literal

from anyerp.connector import Connector, Exemption
from anyerp.connector.registry import registry
from anyerp.errors import ConfigError
from anyerp.lens import FieldCoverage
from anyerp.plugin import GROUP
from anyerp.testing.contract import LAWS, Broken, Law, Skipped
from anyerp.testing.escaped import escaped
from anyerp.testing.report import ending
from anyerp.testing.sandbox import SandboxFailed
from anyerp.testing.subject import Profile, Subject

Outcome = Literal["passed", "failed", "skipped", "exempt"]


@dataclass(frozen=True, slots=True)
class LawResult:
    """What became of one law: on which resource ("" for the connector), why, and in how many seconds."""

    law: str
    resource: str
    outcome: Outcome
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every law, and what each field of each resource can do here (the published coverage table)."""

    connector: str
    profile: Profile
    results: tuple[LawResult, ...]
    coverage: Mapping[str, tuple[FieldCoverage, ...]] = field(default_factory=dict)
    named: str | None = None

    @property
    def ok(self) -> bool:
        """Whether no law is broken."""
        return not self.failed

    @property
    def failed(self) -> tuple[LawResult, ...]:
        """The broken laws."""
        return tuple(result for result in self.results if result.outcome == "failed")

    def text(self) -> str:
        """The report for people: each law's id, the breaches, the card."""
        return "\n".join([*self._laws(), "", *card(self.coverage)])

    def _laws(self) -> Iterator[str]:
        marks = {"passed": "ok", "failed": "BROKEN", "skipped": "skipped", "exempt": "exempt"}
        known: set[str] = set()
        for id in LAWS:
            found = [result for result in self.results if result.law == id]
            told = {result.outcome for result in found}
            worst = next((one for one in ("failed", "exempt", "passed", "skipped") if one in told), None)
            yield f"{marks[worst] if worst else 'NOT RUN':8} {id}"
            for result in found:
                if result.outcome in ("failed", "exempt"):
                    cause = result.detail.partition("\nTo mend it: ")[0]
                    shown = f"as above: {cause.partition(chr(10))[0]}" if cause in known else result.detail
                    known.add(cause)
                    yield from (f"         {line}" for line in f"{result.resource}: {shown}".splitlines())
        counts = ", ".join(
            f"{sum(result.outcome == outcome for result in self.results)} {outcome}" for outcome in marks
        )
        yield f"{self.connector}, {self.profile}: {counts}"


def card(coverage: Mapping[str, tuple[FieldCoverage, ...]]) -> list[str]:
    """The coverage card: each field with its mode (`rw`, `create`, `read`, `absent`), its paths or the reason."""
    lines: list[str] = []
    for resource, fields in coverage.items():
        modes = {mode: sum(one.mode == mode for one in fields) for mode in ("rw", "create", "read", "absent")}
        lines.append(f"{resource}: " + ", ".join(f"{count} {mode}" for mode, count in modes.items() if count))
        lines += [f"  {one.mode:6} {one.field:32} {', '.join(one.paths) or one.because or ''}" for one in fields]
    return lines


def check(
    connector: str | Connector,
    profile: Profile = "quick",
    *,
    settings: Mapping[str, Any] | None = None,
    credentials: Mapping[str, Any] | None = None,
    entry: str | None = None,
) -> Report:
    """Check a connector against every law.

    `connector` is an installed connector's name, `module:ATTRIBUTE`, or the declaration itself. With `settings` and
    `credentials` it is checked against that live ERP (which is written to) instead of its sandbox. `entry` is the
    plugin's entry module, where it is not installed. Raises `UnknownConnector` or `ConfigError` if there is no such
    connector; a broken law is not raised, see `Report.ok`.
    """
    subject = subject_of(connector, profile, settings=settings, credentials=credentials, entry=entry)
    try:
        results = tuple(judged(subject, law, resource) for law, resource in cases(subject.connector))
    finally:
        subject.close()
    return report(subject, results)


def report(subject: Subject, results: tuple[LawResult, ...]) -> Report:
    """The report of a subject's results."""
    coverage = {name: resource.coverage() for name, resource in subject.connector.resources.items()}
    return Report(subject.connector.name, subject.profile, results, coverage, subject.named)


def subject_of(
    connector: str | Connector,
    profile: Profile = "quick",
    *,
    settings: Mapping[str, Any] | None = None,
    credentials: Mapping[str, Any] | None = None,
    entry: str | None = None,
) -> Subject:
    """What is to be checked. Close it afterwards."""
    named = None
    if isinstance(connector, str):
        named = connector
        connector, entry = _found(connector, entry)
    return Subject(connector, profile, settings, credentials, entry, named)


def _found(name: str, entry: str | None) -> tuple[Connector, str | None]:
    module, _, attribute = name.partition(":")
    if attribute:
        found = getattr(import_module(module), attribute, None)
        if not isinstance(found, Connector):
            raise ConfigError(f"{name} is no Connector", hint="give module:ATTRIBUTE of the declaration")
        return found, entry
    connector = registry().connector(name)
    plugin = registry().connectors[name].plugin
    for point in entry_points(group=GROUP):
        if point.dist is not None and point.dist.name == plugin:
            entry = entry or point.module
    return connector, entry


def cases(connector: Connector) -> Iterator[tuple[Law, str]]:
    """Every law with every resource that it is about ("" for the connector itself)."""
    for law in LAWS.values():
        if law.scope == "connector":
            yield law, ""
        else:
            yield from ((law, resource) for resource in connector.resources)


def judged(subject: Subject, law: Law, resource: str) -> LawResult:
    """Check one law. Raises nothing: whatever happens is a result."""
    began = time.monotonic()
    outcome, detail = _judged(subject, law, resource)
    return LawResult(law.id, resource, outcome, detail, time.monotonic() - began)


def _judged(subject: Subject, law: Law, resource: str) -> tuple[Outcome, str]:
    for exemption in subject.connector.exemptions:
        if (exemption.law, exemption.resource) == (law.id, resource):
            return _exempt(subject, law, resource, exemption)
    try:
        law.check(subject, resource)
    except Skipped as reason:
        return "skipped", str(reason)
    except Broken as breach:
        return "failed", f"{breach}\n{_again(subject, law, resource, breach.remedy)}"
    except SandboxFailed as failure:
        return (
            "failed",
            f"{failure}\n{_again(subject, law, resource, 'the sandbox comes first; the law was not judged.')}",
        )
    except Exception as error:  # noqa: BLE001 - a connector may raise anything; the other laws go on
        told, remedy = escaped(error, subject.connector)
        return "failed", f"{told}\n{_again(subject, law, resource, remedy)}"
    return "passed", ""


def _exempt(subject: Subject, law: Law, resource: str, exemption: Exemption) -> tuple[Outcome, str]:
    try:
        exemption.witness()
    except AssertionError:
        return "exempt", exemption.because
    except Exception as error:  # noqa: BLE001 - a witness that breaks is no witness
        return "failed", f"the exemption's witness breaks ({type(error).__name__}) instead of failing an assertion"
    again = _again(subject, law, resource)
    return "failed", f"exemption out of date: its witness passes; delete it ({exemption.because})\n{again}"


def _again(subject: Subject, law: Law, resource: str, remedy: str | None = None) -> str:
    return ending(subject.named or subject.connector.name, law, resource, subject.live, remedy)
