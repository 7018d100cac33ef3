"""What is tracked names neither a package registry's host nor a folder of anyone's machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Written in halves, so that this file passes its own test.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npmjs" + ".",
    "yarnpkg" + ".com",
    "crates" + ".io",
    "proxy.golang" + ".org",
    "deb.debian" + ".org",
    "maven" + ".org",
    "nuget" + ".org",
    "rubygems" + ".org",
]
FOLDERS = ["work", "root", "tmp/bash" + "_jobs", "opt/wheels", "opt/pypi"]
FORBIDDEN = re.compile(
    "|".join([*(re.escape(host) for host in HOSTS), rf"(?<![\w.$)}}-])/(?:{'|'.join(FOLDERS)})[/.]"]).encode(),
    re.IGNORECASE,
)


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git work tree, or no git: there is no list of tracked files")
    git = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True)
    return [path for name in git.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_tracked_file_names_a_registry_or_a_folder_of_a_machine():
    files = tracked()
    assert len(files) > 20
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]!r}"
        for path in files
        for number, line in enumerate(path.read_bytes().splitlines(), 1)
        if FORBIDDEN.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "index = https://" + HOSTS[0] + "/simple",
        'PATH = "/' + 'work/main/x"',
        "see /" + "root/.cache",
        "file:///" + "opt/wheels/",
    ],
)
def test_the_search_finds_what_it_is_for(line):
    assert FORBIDDEN.search(line.encode())


@pytest.mark.parametrize(
    "line", ["GET /$root/Items", "docs/work/plan.md", "https://erp.example/work/orders", "/roots/"]
)
def test_the_search_leaves_paths_of_urls_alone(line):
    assert not FORBIDDEN.search(line.encode())


def test_every_distribution_carries_the_licence_of_the_repository():
    for manifest in [*ROOT.glob("*/pyproject.toml"), *ROOT.glob("plugins/*/pyproject.toml")]:
        assert (manifest.parent / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes(), manifest.parent
