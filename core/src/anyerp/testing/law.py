"""A law: its name, what it is about, the function that checks it, and how a breach is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from anyerp.testing.subject import Subject

Scope = Literal["connector", "resource"]


class Broken(AssertionError):
    """A law is broken. The text names rule, paths and value; the kit adds how to see it again.

    `remedy` says what to do where that is not what the law itself says.
    """

    def __init__(self, text: str, remedy: str | None = None) -> None:
        super().__init__(text)
        self.remedy = remedy


class Skipped(Exception):
    """A law does not apply here; the text says why."""


@dataclass(frozen=True, slots=True)
class Law:
    """One law. `check(subject, resource)` raises `Broken` or `Skipped`; `resource` is "" for a law on the connector."""

    id: str
    scope: Scope
    check: Callable[[Subject, str], None]

    @property
    def title(self) -> str:
        """The first line of its description."""
        return (self.check.__doc__ or "").partition("\n")[0]


#: Every law by its id, in the order of declaration. Filled by the modules of this package.
LAWS: dict[str, Law] = {}


def law(
    id: str, scope: Scope = "resource"
) -> Callable[[Callable[[Subject, str], None]], Callable[[Subject, str], None]]:
    """Enter a function into the book of laws. Its docstring says why, what is checked, what to do, what exempts."""

    def enter(check: Callable[[Subject, str], None]) -> Callable[[Subject, str], None]:
        assert id not in LAWS, f"two laws are called {id}"
        assert check.__doc__, f"the law {id} does not say what it is"
        LAWS[id] = Law(id, scope, check)
        return check

    return enter


def shown(value: Any) -> str:
    """A value for a message: short, on one line."""
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:100]}... ({len(text)} characters)"
