"""What script/release asks of the distributions that it built; writes LICENCES.md and SHA256SUMS beside them."""

from __future__ import annotations

import hashlib
import re
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

ROOT = Path(__file__).parent.parent
NEEDED = (
    "Name",
    "Version",
    "Summary",
    "Requires-Python",
    "License-Expression",
    "License-File",
    "Description-Content-Type",
)


def members() -> dict[str, Path]:
    """Every distribution of the workspace by its name."""
    manifests = [*ROOT.glob("*/pyproject.toml"), *ROOT.glob("plugins/*/pyproject.toml")]
    return {tomllib.loads(path.read_text("utf-8"))["project"]["name"]: path.parent for path in manifests}


def version() -> str:
    """The one version of them all. Raises `SystemExit` where they differ."""
    found = {
        name: tomllib.loads(folder.joinpath("pyproject.toml").read_text("utf-8"))["project"]["version"]
        for name, folder in members().items()
    }
    if len(set(found.values())) != 1:
        raise SystemExit(f"the distributions have different versions: {found}")
    return next(iter(found.values()))


def metadata(file: Path) -> tuple[Message, list[str]]:
    """The metadata of a wheel or sdist, and the names of its files."""
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            names = wheel.namelist()
            text = wheel.read(next(name for name in names if name.endswith(".dist-info/METADATA")))
    else:
        with tarfile.open(file) as sdist:
            names = [name.partition("/")[2] for name in sdist.getnames()]
            inner = sdist.extractfile(f"{file.name.removesuffix('.tar.gz')}/PKG-INFO")
            assert inner is not None
            text = inner.read()
    return Parser().parsestr(text.decode()), names


def problems(folder: Path) -> Iterator[str]:
    """Everything that is wrong with what was built."""
    wanted, ours = version(), members()
    wheels = {canonicalize_name(parse_wheel_filename(file.name)[0]): file for file in folder.glob("*.whl")}
    sdists = {canonicalize_name(parse_sdist_filename(file.name)[0]): file for file in folder.glob("*.tar.gz")}
    for name in ours:
        for kind, found in (("wheel", wheels), ("sdist", sdists)):
            if name not in found:
                yield f"{name} has no {kind}"
                continue
            about, files = metadata(found[name])
            where = found[name].name
            yield from (f"{where}: no {field}" for field in NEEDED if not about[field])
            if about["Version"] != wanted:
                yield f"{where}: version {about['Version']}, the workspace is {wanted}"
            if not any(file.endswith("py.typed") for file in files):
                yield f"{where}: no py.typed"
            if not any(file.endswith("LICENSE") for file in files):
                yield f"{where}: no LICENSE"
            yield from _requirements(where, about, wanted, ours)
            yield from (
                f"{where}: {file}" for file in files if re.search(r"\.pyc$|/__pycache__/|\.env$|anyerp\.toml$", file)
            )
    yield from (f"{name} is built, and no member" for name in sorted({*wheels, *sdists} - set(ours)))


def unwritten() -> str | None:
    """What is missing in the changelog."""
    told = re.findall(r"^## \[?([^\]\s]+)", ROOT.joinpath("CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    return None if version() in told else f"CHANGELOG.md has no section {version()}"


def _requirements(where: str, about: Message, wanted: str, ours: dict[str, Path]) -> Iterator[str]:
    for text in about.get_all("Requires-Dist") or ():
        requirement = Requirement(text)
        if requirement.url is not None:
            yield f"{where}: requires {text}, which an index refuses"
        if canonicalize_name(requirement.name) in ours and Version(wanted) not in requirement.specifier:
            yield f"{where}: requires {text}, and this is {wanted}"


def licences() -> str:
    """A table of what an installation of everything brings, with the licence that each states."""
    needed = closure({canonicalize_name(name) for name in members()})
    lines = ["# Licences", "", "What is installed with every distribution of this release and all their extras.", ""]
    lines += ["| Distribution | Version | Licence |", "| --- | --- | --- |"]
    for name, one in sorted(needed.items()):
        lines.append(f"| {name} | {one.version} | {licence(one)} |")
    return "\n".join(lines) + "\n"


def closure(roots: set[str]) -> dict[str, Distribution]:
    """The installed distributions that some need, extras included, and theirs."""
    installed = {canonicalize_name(one.metadata["Name"]): one for one in distributions() if one.metadata.get("Name")}
    found: dict[str, Distribution] = {}
    waiting = sorted(roots)
    while waiting:
        name = waiting.pop()
        if name in found or name not in installed:
            continue
        found[name] = installed[name]
        for text in installed[name].requires or ():
            requirement = Requirement(text)
            extra = requirement.marker is not None and "extra" in str(requirement.marker)
            if name in roots or not extra:
                waiting.append(canonicalize_name(requirement.name))
    return found


def licence(one: Distribution) -> str:
    """The licence that a distribution states: by expression, by classifier, else in words."""
    about = one.metadata
    named = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier") or () if text.startswith("License ::")]
    words = (about.get("License") or "").strip().partition("\n")[0]
    return about.get("License-Expression") or ", ".join(named) or words[:60] or "NOT STATED"


def main() -> None:
    """Check a folder of distributions; or print the version."""
    if sys.argv[1:] == ["--version"]:
        print(version())
        return
    folder = Path(sys.argv[1])
    wrong, missing = list(problems(folder)), unwritten()
    if missing is not None and "--trial" in sys.argv:
        print(f"Only a trial: {missing}.")
    elif missing is not None:
        wrong.append(missing)
    if wrong:
        raise SystemExit("\n".join(["The distributions cannot be released:", *(f"  - {one}" for one in wrong)]))
    folder.joinpath("LICENCES.md").write_text(licences(), "utf-8")
    files = sorted([*folder.glob("*.whl"), *folder.glob("*.tar.gz")])
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    folder.joinpath("SHA256SUMS").write_text(sums, "utf-8")
    print(
        f"{len(files)} distributions of {version()}: names, versions, metadata, types and licences are as they must be."
    )


if __name__ == "__main__":
    main()
