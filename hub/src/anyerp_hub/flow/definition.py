"""What a flow is, as data: where to read, what to keep and change, where to write, when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,127}$")]
#: An environment variable that holds a database's URL, so that the flow itself holds no password.
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class End(_Part):
    """One end of a flow: a resource of a connection."""

    connection: str = Field(min_length=1)
    resource: str = Field(min_length=1)


class Files(_Part):
    """Files in a directory, one for each run that found something. Parquet needs the extra `[parquet]`."""

    directory: str = Field(min_length=1)
    format: Literal["csv", "jsonl", "parquet"] = "jsonl"
    deletions: bool = False
    """Whether deleted records are looked for in ERPs where that means to read every id."""

    @property
    def place(self) -> str:
        """What a person reads."""
        return f"{self.format} files in {self.directory}"


class Sql(_Part):
    """A table of a database that mirrors the resource. `database` is a URL without a password, or `${VARIABLE}`."""

    database: str = Field(min_length=1)
    table: str | None = Field(None, pattern=r"^[a-z_][a-z0-9_]{0,49}$")
    """The table; without it, one of the resource's name."""
    deletions: bool = False
    """Whether deleted records are looked for in ERPs where that means to read every id."""

    @property
    def place(self) -> str:
        """What a person reads."""
        return f"table {self.table or 'of the same name'} of {self.database}"

    @field_validator("database")
    @classmethod
    def _without_password(cls, value: str) -> str:
        if VARIABLE.fullmatch(value):
            return value
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("is no URL of a database; such as sqlite:///file.db or ${WAREHOUSE_URL}") from None
        if url.password is not None or "password" in url.query:
            raise ValueError("holds a password; put the URL into an environment variable and write ${ITS_NAME}")
        return value


def _kind(value: Any) -> str:
    has = value.__contains__ if isinstance(value, Mapping) else lambda name: hasattr(value, name)
    return "files" if has("directory") else "sql" if has("database") else "connection"


Target = Annotated[
    Annotated[End, Tag("connection")] | Annotated[Files, Tag("files")] | Annotated[Sql, Tag("sql")],
    Discriminator(_kind),
]


class Transform(_Part):
    """What becomes of a record on its way, in this order.

    `only` lets records pass whose fields have these values (`{"status": "approved"}`, a list for one of several);
    `keep` names the fields to take, `lines.quantity` for those of lines (none: all that another ERP can understand,
    or, for files and tables, all);
    `translate` changes values by tables (`{"vendor.number": {"10300001": "V-17"}}`; `*` for any other);
    `set` puts values in. Fields are named by dots; a path through `lines` means every line.
    """

    only: Mapping[str, Any] = {}
    keep: tuple[str, ...] = ()
    translate: Mapping[str, Mapping[str, str]] = {}
    set: Mapping[str, Any] = {}


class Flow(_Part):
    """A flow.

    `every` is a schedule in seconds, `at` one by the time of day in UTC (`02:00`); `webhook` lets a signed call start
    it. Without any of them it runs when it is called.

    `on_problem` says what a record does that cannot be transformed: `stop` ends the run and advances nothing, `skip`
    leaves it out, `dead-letter` keeps it with the reason: among the records of the job, in a file or table beside.
    """

    name: Name
    read: End
    write: Target
    transform: Transform = Transform()
    every: int | None = Field(None, ge=10, le=31_536_000)
    at: str | None = Field(None, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    webhook: bool = False
    batch_size: int | None = Field(None, ge=1, le=10_000)
    pause: float = Field(0.0, ge=0, le=3600)
    on_problem: Literal["stop", "skip", "dead-letter"] = "stop"

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        if (self.every is not None) + (self.at is not None) + self.webhook > 1:
            raise ValueError("a flow has one trigger: every, at or webhook")
        return self

    def first(self, now: datetime) -> datetime | None:
        """When a flow that is put now is due: at once, at its time of day, or not by itself."""
        return now if self.every is not None else self.following(now)

    def following(self, now: datetime) -> datetime | None:
        """When it is due after a run that begins now."""
        if self.every is not None:
            return now + timedelta(seconds=self.every)
        if self.at is None:
            return None
        today = datetime.combine(now.date(), time.fromisoformat(self.at), now.tzinfo)
        return today if today > now else today + timedelta(days=1)
