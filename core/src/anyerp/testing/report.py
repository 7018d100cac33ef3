"""What is told of a check: how a failure is seen again and where its law is explained; JSON and JUnit for machines."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from anyerp.testing.contract import LAWS
from anyerp.testing.law import Law

if TYPE_CHECKING:
    from anyerp.testing.check import LawResult, Report

#: The page of a law, in the documentation and in the repository.
PAGE = "docs/reference/laws/{id}.md"


def page_of(law: str) -> str:
    """Where a law is explained: its page, and the command that prints it."""
    return f"{PAGE.format(id=law)}, or: anyerp check --explain {law}"


def sections(law: Law) -> dict[str, str]:
    """What a law says of itself: `Title`, `Why`, `Checked`, `If it fails`, `Exempt`, each on one line."""
    title, _, rest = inspect.cleandoc(law.check.__doc__ or "").partition("\n")
    found, current = {"Title": title}, ""
    for line in rest.strip().splitlines():
        head, colon, text = line.strip().partition(":")
        if colon and head in ("Why", "Checked", "If it fails", "Exempt"):
            current, found[head] = head, text.strip()
        elif current:
            found[current] += " " + line.strip()
    return found


def ending(connector: str, law: Law, resource: str, live: str | None = None, remedy: str | None = None) -> str:
    """What stands below every breach: how to mend it, where the law is explained, how to see this one again.

    `remedy` takes the place of the law's own where something else is to be mended first.
    """
    remedy = remedy or sections(law).get("If it fails", "")
    line = reproduction(connector, law.id, resource, live)
    return f"To mend it: {remedy}\nThe law: {page_of(law.id)}\nReproduce with: {line}"


def reproduction(connector: str, law: str, resource: str, live: str | None = None) -> str:
    """The one line that checks one law on one resource again."""
    if live is not None:
        return f"anyerp check --live {live} --laws --law {law}" + (f" --resource {resource}" if resource else "")
    chosen = f"{law} and {resource}" if resource else law
    return f"pytest --pyargs anyerp.testing.contract --connector {connector} -k '{chosen}'"


def explained(law: Law) -> str:
    """A law for people: its title, why, what is checked, what to do, what exempts."""
    title, _, rest = inspect.cleandoc(law.check.__doc__ or "").partition("\n")
    return f"{law.id}: {title}\n\n{textwrap.dedent(rest).strip()}\n\nPage: {PAGE.format(id=law.id)}\n"


def rows(report: Report, live: str | None = None) -> list[dict[str, Any]]:
    """Each result as plain values for JSON, with the line that reproduces it and the page of its law."""
    return [
        {
            "law": result.law,
            "resource": result.resource,
            "outcome": result.outcome,
            "detail": result.detail,
            "seconds": round(result.seconds, 4),
            "reproduce": reproduction(report.named or report.connector, result.law, result.resource, live),
            "page": PAGE.format(id=result.law),
        }
        for result in report.results
    ]


def junit(report: Report) -> str:
    """The results as JUnit XML, a suite with a case for each law and resource."""
    suite = Element("testsuite", _counts(report.results) | {"name": f"anyerp contract of {report.connector}"})
    for result in report.results:
        name = f"{result.law}[{result.resource}]" if result.resource else result.law
        facts = {"classname": f"anyerp.{report.connector}", "name": _printable(name), "time": f"{result.seconds:.4f}"}
        case = SubElement(suite, "testcase", facts)
        first = _printable(result.detail.partition("\n")[0])
        if result.outcome == "failed":
            SubElement(case, "failure", {"message": first, "type": result.law}).text = _printable(result.detail)
        elif result.outcome in ("skipped", "exempt"):
            SubElement(case, "skipped", {"message": f"{result.outcome}: {first}"})
    suites = Element("testsuites")
    suites.append(suite)
    indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _counts(results: Iterable[LawResult]) -> dict[str, str]:
    every = [result.outcome for result in results]
    skipped = every.count("skipped") + every.count("exempt")
    seconds = sum(result.seconds for result in results)
    return {"tests": str(len(every)), "failures": str(every.count("failed")), "errors": "0", "skipped": str(skipped),
            "time": f"{seconds:.4f}"}  # fmt: skip


def _printable(text: str) -> str:
    """Text that XML can hold: a value under test may be anything."""
    return "".join(one if one in "\n\t" or one.isprintable() else f"\\x{ord(one):02x}" for one in text)


def laws_named(names: Iterable[str]) -> list[Law]:
    """Laws by their ids, or by their group (`lens`). Raises `KeyError` with a name that is none."""
    found: list[Law] = []
    for name in names:
        chosen = [law for law in LAWS.values() if name in (law.id, law.id.partition(".")[0])]
        if not chosen:
            raise KeyError(name)
        found += chosen
    return found
