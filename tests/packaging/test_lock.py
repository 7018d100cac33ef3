"""The lock holds what every pyproject.toml asks for, by hash and from nowhere in particular."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements" / "lock.txt").read_text()
MANIFESTS = [
    ROOT / "pyproject.toml",
    *sorted(ROOT.glob("*/pyproject.toml")),
    *sorted(ROOT.glob("plugins/*/pyproject.toml")),
]


def locked() -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*])?==([^ ;]+)", LOCK, re.MULTILINE))


def wanted(manifest: Path) -> list[Requirement]:
    data = tomllib.loads(manifest.read_text())
    project = data["project"]
    lists = [
        project.get("dependencies", []),
        *project.get("optional-dependencies", {}).values(),
        *data.get("dependency-groups", {}).values(),
        data.get("build-system", {}).get("requires", []),
    ]
    return [Requirement(text) for texts in lists for text in texts]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.relative_to(ROOT).as_posix())
def test_the_lock_satisfies_every_requirement(manifest):
    versions = locked()
    requirements = wanted(manifest)
    assert requirements
    problems = []
    for requirement in requirements:
        name = canonicalize_name(requirement.name)
        if name.split("-")[0] == "anyerp":
            continue
        if name not in versions:
            problems.append(f"{requirement}: not locked; run script/lock")
        elif Version(versions[name]) not in requirement.specifier:
            problems.append(f"{requirement}: {versions[name]} is locked; run script/lock")
    assert problems == []


def test_every_locked_package_has_hashes():
    blocks = re.split(r"\n(?=[a-z0-9])", LOCK.split("\n", 2)[2])
    assert len(blocks) > 40
    assert [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_index_and_no_place():
    assert re.findall(r"^--.*|.*://.*|.*@ .*", LOCK, re.MULTILINE) == []
