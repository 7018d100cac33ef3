"""Makes a distribution of the frozen plugin in a folder, for `script/downstream`: `python package.py FOLDER`."""

import shutil
import sys
from pathlib import Path

MANIFEST = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "anyerp-frozen"
version = "1.0"
dependencies = ["anyerp"]

[project.entry-points."anyerp.v1"]
frozen = "anyerp_frozen"

[tool.hatch.build.targets.wheel]
packages = ["src/anyerp_frozen"]
"""

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    here = Path(__file__).with_name("anyerp_frozen")
    shutil.copytree(here, folder / "src" / here.name, ignore=shutil.ignore_patterns("__pycache__"))
    folder.joinpath("pyproject.toml").write_text(MANIFEST)
