"""How errors are shown: for people on stderr, as JSON for programs; never a traceback, never a secret."""

from __future__ import annotations

import json
import os
import traceback
from pathlib import Path

from anyerp.cli.output import clean, tell
from anyerp.errors import AnyErpError, ConfigError, InvalidCursor


def code(error: AnyErpError) -> int:
    """2 for what is wrong on this side of the wire, 1 for what the ERP or the data refused."""
    return 2 if isinstance(error, (ConfigError, InvalidCursor)) else 1


def say(error: AnyErpError, *, as_json: bool) -> None:
    """Print an error on stderr."""
    if as_json:
        tell(json.dumps({"error": error.to_dict()}, ensure_ascii=False))
        return
    first, *others = str(error).split("\n")
    tell("\n".join([f"anyerp: {clean(first)}", *(clean(line) for line in others)]))
    if error.retry != "never":
        tell(f"  retry: {error.retry.replace('_', ' ')}")


def usage(message: str) -> None:
    """Print what is wrong with a command as it was typed."""
    tell(f"anyerp: {message}\n  hint: anyerp --help, or anyerp COMMAND --help")


def bug(error: Exception) -> None:
    """Print where we failed, and nothing that may hold a value."""
    if os.environ.get("ANYERP_TRACEBACK"):
        traceback.print_exception(error)
        return
    place = traceback.extract_tb(error.__traceback__)[-1]
    tell(
        f"anyerp: this is a bug of anyerp or of a plugin: {type(error).__name__} at "
        f"{Path(place.filename).name}:{place.lineno}\n"
        "  hint: please report it; ANYERP_TRACEBACK=1 shows all of it (and may show values of your data)"
    )
