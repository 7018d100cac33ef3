"""`anyerp new`: the files of a complete plugin, green at birth; every later step turns one `Absent` into a `Map`."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from anyerp import __version__
from anyerp.authoring.skeleton import absences
from anyerp.errors import ConfigError
from anyerp.model import RESOURCES
from anyerp.plugin import ConnectorInfo

#: The files of a plugin and the templates they are made from (flat, so that no template looks like a test or package).
FILES = {
    "pyproject.toml": "pyproject.toml.tmpl",
    "README.md": "readme.md.tmpl",
    ".gitignore": "gitignore.tmpl",
    ".github/workflows/check.yml": "workflow.yml.tmpl",
    "src/@package@/__init__.py": "entry.py.tmpl",
    "src/@package@/py.typed": "",
    "src/@package@/connector.py": "connector.py.tmpl",
    "src/@package@/settings.py": "settings.py.tmpl",
    "src/@package@/lens.py": "lens.py.tmpl",
    "src/@package@/sandbox.py": "sandbox.py.tmpl",
    "tests/test_contract.py": "test_contract.py.tmpl",
}


def plugin(name: str, *, title: str | None = None, resource: str = "vendors") -> dict[str, str]:
    """The files of a new plugin by their paths. Raises `ConfigError` for a name or resource that cannot be."""
    words = _words(name, title, resource)
    return {_filled(path, words): _filled(_template(template), words) for path, template in FILES.items()}


def write_plugin(folder: Path, made: dict[str, str]) -> None:
    """Write the files of a new plugin. Raises `ConfigError` where the folder holds anything already."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConfigError(f"{folder} is there already", hint="name another folder, or an empty one")
        for path, text in made.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written to: {error.strerror}") from None


def _words(name: str, title: str | None, resource: str) -> dict[str, str]:
    """What the templates' placeholders stand for."""
    try:
        ConnectorInfo(name, "", load="x:y")
    except ValueError as error:
        raise ConfigError(str(error), hint="for example: anyerp new northwind-cloud") from None
    if len(name) > 30:
        raise ConfigError(f"a name of at most 30 characters, not {len(name)}")
    if name == "anyerp" or name.startswith("anyerp-"):
        raise ConfigError(f"the name is the ERP's alone: {name.removeprefix('anyerp-')!r}, not {name!r}")
    if resource not in RESOURCES:
        raise ConfigError(f"there is no resource {resource!r}", hint=f"there are: {', '.join(sorted(RESOURCES))}")
    title = title or name.replace("-", " ").title()
    if not re.fullmatch(r"[^\"\\\x00-\x1f@{}]{1,40}", title):
        raise ConfigError(f"a title is one line of at most 40 characters without quotes or @{{}}, not {title!r}")
    model = RESOURCES[resource]
    label = "name" if "name" in model.model_fields else "number"
    return {
        "name": name,
        "title": title,
        "package": "anyerp_" + name.replace("-", "_"),
        "distribution": "anyerp-" + name,
        "class": "".join(word.title() for word in name.split("-")),
        "resource": resource,
        "model": model.__name__,
        "LENS": re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).upper(),
        "label": label,
        "absences": "\n".join(absences(model, {"id", label})),
        "floor": ".".join(__version__.split(".")[:2]),
    }


def _template(name: str) -> str:
    return files("anyerp.authoring").joinpath("template", name).read_text("utf-8") if name else ""


def _filled(text: str, words: dict[str, str]) -> str:
    return re.sub(r"@(\w+)@", lambda found: words[found[1]], text)
