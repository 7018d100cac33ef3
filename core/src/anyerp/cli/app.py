"""The table of commands, and what happens around each: errors, Ctrl-C, a closed pipe, the exit code."""

from __future__ import annotations

import difflib
import logging
import os
import sys
from typing import Any

from cyclopts import App, CycloptsError, UnknownCommandError

from anyerp import __version__
from anyerp.cli import failure
from anyerp.cli.output import clean
from anyerp.errors import AnyErpError

STOPPED, PIPE_CLOSED, BUG = 130, 141, 70

app = App(
    name="anyerp",
    help="One data model and one set of calls for every ERP. Connections are read from anyerp.toml.",
    help_format="plaintext",
    version=__version__,
    exit_on_error=False,
    print_error=False,
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
_names: list[str] = []
# Each is imported when it is called, so that the command that fails is the only one that fails.
for _place, (_name, _where, _help) in enumerate(
    (
        ("connectors", "connectors:connectors", "What is installed, and what is wrong with it."),
        ("coverage", "coverage:coverage", "What each field can do in an ERP."),
        ("list", "reading:list_records", "List records."),
        ("get", "reading:get", "Get one record by its id."),
        ("changes", "changing:changes", "What was created, updated and deleted since last time."),
        ("create", "writing:create", "Create records from JSON."),
        ("update", "writing:update", "Write the fields that JSON records name."),
        ("cancel", "writing:cancel", "Cancel documents."),
        ("close", "writing:close", "Close documents."),
        ("delete", "writing:delete", "Delete records."),
        ("check", "check:check", "Hold a connector to the contract, or try a connection."),
        ("sandbox", "sandbox:sandbox", "Serve a fake of an ERP on this machine."),
        ("schemas", "schemas:schemas", "The unified model as JSON Schema."),
        ("new", "new:new", "Begin a connector: a plugin that is green at birth."),
        ("draft", "draft:draft", "Propose a lens from an ERP's own metadata."),
        ("demo", "demo:demo", "One program on every installed ERP, on screen."),
        ("serve", "serve:serve", "Serve connections, jobs and webhooks over HTTP (package anyerp-hub)."),
        ("worker", "serve:worker", "Carry out jobs, send webhooks, probe connections (package anyerp-hub)."),
    )
):
    app.command(f"anyerp.cli.{_where}", name=_name, help=_help, sort_key=_place)
    _names.append(_name)


def run(arguments: list[str]) -> int:
    """Run a command; whatever happens, say it in one place and give the exit code."""
    logging.getLogger("anyerp").addHandler(logging.NullHandler())  # what matters is printed by the commands
    as_json = False
    try:
        if arguments and arguments[0] in _names:
            app[arguments[0]].help = None  # its own help page shows the whole docstring
        command, bound, _ = app.parse_args(arguments or ["--help"])
        as_json = bound.arguments.get("format") in ("json", "jsonl")
        code = _code(command(*bound.args, **bound.kwargs))
        sys.stdout.flush()
    except UnknownCommandError:
        near = difflib.get_close_matches(arguments[0], _names, 1)
        failure.usage(clean(f"no command {arguments[0]!r}") + (f"; did you mean {near[0]}?" if near else ""))
        return 2
    except CycloptsError as error:
        failure.usage(clean(str(error)))
        return 2
    except AnyErpError as error:
        failure.say(error, as_json=as_json)
        return failure.code(error)
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        # Nobody reads: whatever is still buffered goes nowhere, so that Python's own last flush stays silent.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the user sees no traceback, and no value that may be a secret
        failure.bug(error)
        return BUG
    return code


def _code(result: Any) -> int:
    return result if isinstance(result, int) else 0
