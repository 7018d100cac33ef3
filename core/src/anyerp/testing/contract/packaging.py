"""Packaging laws: a plugin is cheap to list and typed for those who use it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from importlib.resources import files

from anyerp.testing.law import Broken, Skipped, law
from anyerp.testing.subject import Subject

#: What an entry module must not load: it is imported in every process that lists the connectors.
HEAVY = ("pydantic", "httpx", "httpx2", "requests", "aiohttp", "cryptography", "lxml", "hypothesis", "pytest")


def _entry(subject: Subject) -> str:
    if subject.entry is None:
        raise Skipped("the connector was not found through an installed plugin's entry point")
    return subject.entry


@law("packaging.import_budget", "connector")
def import_budget(subject: Subject, _: str) -> None:
    """The entry module loads neither Pydantic nor an HTTP library.

    Why: `anyerp connectors`, and every host's start, import all installed plugins.
    Checked: a fresh interpreter imports the module that the entry point names, and tells what came along.
    If it fails: name the connector by `ConnectorInfo(load="module:ATTRIBUTE")` and import nothing else.
    Exempt: nothing.
    """
    entry = _entry(subject)
    program = f"import sys, {entry}\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(  # noqa: S603 - our own interpreter, a module's name
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    if done.returncode:
        raise Broken(f"{entry} cannot be imported: {done.stderr.strip().splitlines()[-1:]}")
    if done.stdout.strip():
        raise Broken(f"importing {entry} loads {done.stdout.strip()}")


@law("packaging.typed", "connector")
def typed(subject: Subject, _: str) -> None:
    """The package says that it is typed.

    Why: without `py.typed` a host's type checker takes everything in it for Any.
    Checked: `py.typed` lies in the top package of the entry module.
    If it fails: add an empty file `py.typed`, and see that the wheel holds it.
    Exempt: nothing.
    """
    top = _entry(subject).partition(".")[0]
    spec = importlib.util.find_spec(top)
    if spec is None or spec.submodule_search_locations is None:
        raise Broken(f"{top} is no package")
    if not files(top).joinpath("py.typed").is_file():
        raise Broken(f"{top} has no py.typed")
