# ruff: noqa: E501 - prose
"""The page of the hub over HTTP."""

from __future__ import annotations

import tempfile

from anyerp.model import RESOURCES
from anyerp_hub import Hub
from anyerp_hub.web.app import create_app

from pages.text import cell


def routes() -> dict[tuple[str, str], tuple[str, str]]:
    """The hub's calls over HTTP by path and method: what each does, and its parameters; `{resource}` for any of them."""
    with tempfile.TemporaryDirectory() as folder, Hub(f"sqlite:///{folder}/docs.db") as hub:
        paths = create_app(hub, pages=False).openapi()["paths"]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for path, methods in paths.items():
        steps = ["{resource}" if step in RESOURCES else step for step in path.split("/")]
        general = "/".join(steps)
        for method, told in methods.items():
            words = told.get("description") or told.get("summary") or ""
            if general != path:
                name = next(step for step in path.split("/") if step in RESOURCES).replace("_", " ")
                words = words.replace(f"one of the {name}", "a record").replace(name, "records")
            given = ", ".join(f"`{one['name']}`" for one in told.get("parameters", ()) if one["in"] == "query")
            found.setdefault((general, method.upper()), (words.partition("\n\n")[0], given))
    return found


def http() -> str:
    """The hub over HTTP."""
    told = ["# HTTP", "",
            "What the hub serves (`anyerp-hub[web]`). A call carries `Authorization: Bearer TOKEN`, the token of a connection. Errors are",
            "`application/problem+json` (RFC 9457) with the facts of [the error](errors.md): `code`, `retry`, `hint`, `problems`. The server's own",
            "`/openapi.json` describes every body; records are those of [the model](model.md), and `{resource}` is one of its names.", "",
            "| Call | Does | Query |", "| --- | --- | --- |"]  # fmt: skip
    told += [f"| `{method} {path}` | {cell(words)} | {given} |" for (path, method), (words, given) in routes().items()]
    return "\n".join(told)
