"""`anyerp new`: a plugin that is green at birth, in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anyerp.authoring.new import plugin, write_plugin
from anyerp.cli.output import tell


def new(
    name: Annotated[str, Parameter(help="The connector's name: the ERP's, lower-case words joined by hyphens.")],
    folder: Annotated[Path | None, Parameter(help="Where to; anyerp-NAME if not given.")] = None,
    /,
    *,
    title: Annotated[str | None, Parameter(help="The ERP's name for people.")] = None,
    resource: Annotated[str, Parameter(help="The resource to begin with.")] = "vendors",
) -> int:
    """Make the files of a new connector: package, sandbox, contract test, CI. It passes the contract as it is.

    From there each step turns one `Absent` of its lens into a `Map`.
    """
    folder = folder or Path(f"anyerp-{name}")
    write_plugin(folder, plugin(name, title=title, resource=resource))
    tell(
        f"{folder} is a plugin with the connector {name!r}. Next:\n\n"
        f"  cd {folder}\n  python -m venv .venv && source .venv/bin/activate\n  pip install -e '.[dev]'\n"
        f"  anyerp check {name}\n\nThen turn one Absent of src/anyerp_{name.replace('-', '_')}/lens.py into a Map."
    )
    return 0
