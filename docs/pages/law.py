# ruff: noqa: E501 - prose
"""The book of laws, and a page for each."""

from __future__ import annotations

from typing import Any

from anyerp.testing.contract import LAWS
from anyerp.testing.report import sections

from pages.text import cell


def laws() -> str:
    """The book of laws."""
    told = ["# Laws", "", f"The contract kit holds every connector to {len(LAWS)} laws: `anyerp check NAME`. Each has a page: why it is there, what is checked, what to do",
            "if it fails, and what exempts from it. Doors out are declared and published: an `Absent` field, a missing operation with its",
            "reason, an [exemption](../../how-to/declare-an-exemption.md).", "", "| Law | Says |", "| --- | --- |"]  # fmt: skip
    told += [f"| [{law.id}]({law.id}.md) | {cell(sections(law)['Title'])} |" for _, law in sorted(LAWS.items())]
    return "\n".join(told)


def law_page(law: Any) -> str:
    """One law."""
    said = sections(law)
    about = "a resource" if law.scope == "resource" else "the connector as a whole"
    chosen = f"{law.id} and RESOURCE" if law.scope == "resource" else law.id
    told = [f"# {law.id}", "", f"**{said['Title']}**", "", f"About {about}.", ""]
    for heading, part in (
        ("Why", "Why"),
        ("What is checked", "Checked"),
        ("If it fails", "If it fails"),
        ("Exemption", "Exempt"),
    ):
        told += [f"## {heading}", "", said[part][:1].upper() + said[part][1:], ""]
        if part == "If it fails":
            told += [
                "See it again by itself:",
                "",
                "```text",
                f"pytest --pyargs anyerp.testing.contract --connector NAME -k '{chosen}'",
                "```",
                "",
            ]
        if part == "Exempt" and "`Exemption`" in said[part]:
            told += ["How: [declare an exemption](../../how-to/declare-an-exemption.md).", ""]
    return "\n".join(told)
