"""Write the reference pages that come from the code: `python docs/generate.py`; a test says when one is old."""

from __future__ import annotations

import argparse
from pathlib import Path

from anyerp.testing.contract import LAWS
from pages.connector import connectors
from pages.hooks import hooks
from pages.host import command_line, every_error, kits, python
from pages.hub import http
from pages.law import law_page, laws
from pages.lens import every_codec, rules
from pages.model import model

DOCS = Path(__file__).parent
NOTE = "<!-- Made by docs/generate.py from the code; edit the docstrings, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by its path below docs/."""
    made = {
        "reference/model.md": model(),
        "reference/rules.md": rules(),
        "reference/codecs.md": every_codec(),
        "reference/hooks.md": hooks(),
        "reference/connector.md": connectors(),
        "reference/kits.md": kits(),
        "reference/http.md": http(),
        "reference/python.md": python(),
        "reference/errors.md": every_error(),
        "reference/command-line.md": command_line(),
        "reference/laws/index.md": laws(),
        "decisions/index.md": decisions(),
    }
    made |= {f"reference/laws/{law.id}.md": law_page(law) for law in LAWS.values()}
    return {path: NOTE + text.rstrip() + "\n" for path, text in made.items()}


def decisions() -> str:
    """The decisions that were taken, one screen each."""
    told = ["# Decisions", "", "What was decided, why, and what was left aside; one screen each.", ""]
    for page in sorted(DOCS.joinpath("decisions").glob("0*.md")):
        heading = page.read_text("utf-8").partition("\n")[0].removeprefix("# ")
        told.append(f"* [{heading}]({page.name})")
    return "\n".join(told)


def main() -> None:
    """Write every page, and take away those of laws that are no more."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    made = pages()
    for page in DOCS.joinpath("reference", "laws").glob("*.md"):
        if f"reference/laws/{page.name}" not in made:
            page.unlink()
    for path, text in made.items():
        DOCS.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        DOCS.joinpath(path).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
