# ruff: noqa: E501 - prose
"""The page of the hooks."""

from __future__ import annotations

import inspect
import re
import textwrap

from anyerp.plugin import Hooks

PICTURE = """```text
 anyerp_connectors      once, when the first connector is looked up
        │
 anyerp_ready           once, behind it
        │
        ▼
 anyerp.connect(NAME)
        │
        ├─ anyerp_credentials    where the secrets say  from = "vault:..."
        ├─ anyerp_transport      where no client was given
        ▼
 each request ──► the ERP ──► anyerp_observe    each attempt, behind it
```"""


def hooks() -> str:
    """The five hooks."""
    told = ["# Hooks", "", "The order of calls:", "", PICTURE, "",
            "A plugin names its module in the entry-point group `anyerp.v1`; functions marked `hookimpl` are its hooks. An implementation may",
            "take fewer arguments than are offered. One that raises is noted (`anyerp connectors` shows it) and disturbs nobody."]  # fmt: skip
    for name, hook in vars(Hooks).items():
        if not name.startswith("anyerp_"):
            continue
        arguments = list(inspect.signature(hook).parameters)[1:]
        told += ["", f"## {name}({', '.join(arguments)})", "", hook_text(inspect.cleandoc(hook.__doc__ or ""))]
    told += ["", "## ConnectorInfo", "", "::: anyerp.plugin.ConnectorInfo"]
    return "\n".join(told)


def hook_text(text: str) -> str:
    """A hook's words, and its sample as a program that runs."""
    words, _, sample = text.partition("@hookimpl")
    return f"{words.strip()}\n\n```python\nfrom anyerp.plugin import ConnectorInfo, hookimpl\n\n\n@hookimpl{textwrap.dedent(' ' * _indent(text) + sample).rstrip()}\n```"


def _indent(text: str) -> int:
    found = re.search(r"^( *)@hookimpl", text, re.MULTILINE)
    return len(found[1]) if found else 0
