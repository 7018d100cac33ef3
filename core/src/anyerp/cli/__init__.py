"""The command line, `anyerp`: what a person or a shell script does with a connection.

Exit codes: 0 done; 1 the ERP or the data said no; 2 wrong usage or configuration; 3 partly done, or nobody can say;
70 a bug of ours; 130 stopped by Ctrl-C; 141 the reader of a pipe went away.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

_NEEDED = ("cyclopts", "rich")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    try:
        import rich  # noqa: F401, PLC0415 - the command line is an extra

        from anyerp.cli.app import run  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _NEEDED:
            raise
        print("anyerp: the command line is not installed; run: pip install 'anyerp[cli]'", file=sys.stderr)  # noqa: T201
        return 2
    return run(list(sys.argv[1:] if arguments is None else arguments))
