"""What is told of an exception that escaped while a law was checked: where it was raised, and what is to be mended.

Such an exception says nothing of the law. Most are a flow that is no flow, or gives something else than it should.
"""

from __future__ import annotations

import re
import sys
import traceback
from pathlib import Path

from pydantic import ValidationError

from anyerp.connector import Connector
from anyerp.errors import AnyErpError

_ADVICE = (
    (r"'generator' object", "a flow was called and not run: write `yield from` before the call."),
    (
        r"object is not a mapping|argument after \*\* must be a mapping",
        "`get`, `create` and `find` give the native record, a dict (`find`: or None), and not a `Response`.",
    ),
    (r"has no attribute '(next|full|content|key)'$", "`page` gives a `PageAnswer`, whose content is bytes."),
)
_OTHERWISE = "an exception escaped from the connector, and the law was not judged; mend the line that is named."
_MODEL = "a codec gives what the field of the model does not hold; compare the field with docs/reference/model.md."


def escaped(error: Exception, connector: Connector) -> tuple[str, str | None]:
    """The exception with its place (in the plugin, if it came through it), and what to do; None: as the law says."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_home(connector))]
    where = (ours or frames)[-1]
    told = f"{type(error).__name__}: {error} ({where.filename.rpartition('/')[2]}, line {where.lineno})"
    if isinstance(error, AnyErpError):
        return told, None
    if isinstance(error, ValidationError):
        return told, _MODEL
    return told, advice(error) or _OTHERWISE


def advice(error: Exception) -> str | None:
    """What to do about an exception of a well-known kind, else None."""
    return next((told for form, told in _ADVICE if re.search(form, str(error))), None)


def _home(connector: Connector) -> Path:
    """The folder of the package that declares the connector."""
    package = sys.modules.get(str(getattr(connector.explain, "__module__", "")).partition(".")[0])
    file = getattr(package, "__file__", None)
    return Path(file).parent if file else Path("/nowhere")
