"""What a flow is, as data: where to read, what to keep and change, where to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,127}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class End(_Part):
    """One end of a flow: a resource of a connection."""

    connection: str = Field(min_length=1)
    resource: str = Field(min_length=1)


class Transform(_Part):
    """What becomes of a record on its way, in this order.

    `only` lets records pass whose fields have these values (`{"status": "approved"}`, a list for one of several);
    `keep` names the fields to take, `lines.quantity` for those of lines (none: all that another ERP can understand);
    `translate` changes values by tables (`{"vendor.number": {"10300001": "V-17"}}`; `*` for any other);
    `set` puts values in. Fields are named by dots; a path through `lines` means every line.
    """

    only: Mapping[str, Any] = {}
    keep: tuple[str, ...] = ()
    translate: Mapping[str, Mapping[str, str]] = {}
    set: Mapping[str, Any] = {}


class Flow(_Part):
    """A flow. `every` is a schedule in seconds; without it the flow runs when it is called.

    `on_problem` says what a record does that cannot be transformed: `stop` ends the run and advances nothing, `skip`
    leaves it out, `dead-letter` keeps it among the records of the job, with the reason.
    """

    name: Name
    read: End
    write: End
    transform: Transform = Transform()
    every: int | None = Field(None, ge=10, le=31_536_000)
    batch_size: int | None = Field(None, ge=1, le=10_000)
    pause: float = Field(0.0, ge=0, le=3600)
    on_problem: Literal["stop", "skip", "dead-letter"] = "stop"
