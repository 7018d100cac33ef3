"""What a connector is: frozen data and functions. Nothing is subclassed, nothing here does I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from anyerp.connector.consent import ConsentRequest
from anyerp.connector.flow import Flow
from anyerp.errors import AnyErpError, Problem
from anyerp.lens import Changes, FieldCoverage, Flat, Lens
from anyerp.lens.coverage import Listed, coverage
from anyerp.model.base import Record
from anyerp.wire import Request, Response

R = TypeVar("R", bound=Record)


def _now() -> datetime:
    return datetime.now(UTC)


class TokenStore(Protocol):
    """Where a connection keeps tokens that must outlive it: a row of a database, a file. Both calls are quick.

    Connections whose stores have one `name` are taken for one account: they take turns in refreshing its tokens.
    """

    name: str

    def load(self) -> Mapping[str, str] | None:
        """Give what was saved last, by whomever; None when nothing was."""
        ...

    def save(self, tokens: Mapping[str, str]) -> None:
        """Keep these; they are safe when this returns."""
        ...


@dataclass(slots=True)
class Context:
    """What a flow may know of its connection.

    `settings` and `credentials` are the connector's own models. `memory` lives as long as the connection: tokens,
    sessions, metadata. `lens` is the resource's lens with the tenant's overlay, `base_url` without a trailing slash.
    `tokens` keeps what must outlive it (None: the host gave no store).
    `share` counts turns beyond this process (None: within it).
    `warnings` takes what the ERP remarks on a write that it accepted; each write has a list of its own.
    """

    settings: Any
    credentials: Any = field(repr=False)
    base_url: str
    memory: dict[str, Any] = field(default_factory=dict, repr=False)
    now: Callable[[], datetime] = _now
    lens: Lens[Any] | None = None
    warnings: list[Problem] = field(default_factory=list)
    tokens: Any = field(default=None, repr=False)
    share: Any = field(default=None, repr=False)

    def fields(self) -> tuple[str, ...]:
        """Every native path that the lens reads."""
        assert self.lens is not None
        return self.lens.native_fields


@dataclass(frozen=True, slots=True)
class Query:
    """What to list.

    `page_size` is what the host asked for, at most `limits.page_size`. `updated_since` is an aware moment: what was
    changed then or later is wanted; it comes only where the resource says `updated_since="native"`. `filters` are
    values by unified field, which a connector heeds, or refuses by `ConfigError`.
    """

    page_size: int
    updated_since: datetime | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """One page as it came, and where the next one starts.

    `content` is the body with the rows at `Resource.rows`, as the ERP sent it (or `dump_json` of what was put together
    of several answers); it is decoded once, by the lens. `next` is the state (JSON values) for the next page, where the
    answer names it. Otherwise `full` and `key` say: if at least `full` rows came, another page may follow behind the
    last row, whose values at the native paths `key` become the next state `{"after": {...}}`.
    """

    content: bytes
    next: Any = None
    full: int | None = None
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.full is not None and not self.key:
            raise ValueError("PageAnswer(full=...) needs key=: the native paths of the last row behind which to go on")


Page = Callable[[Context, Query, Any], Flow[PageAnswer]]


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What became of one record of a native batch: the native record as far as the answer gives it, or why not.

    `native` holds at least what `id` is read from. An `error` means that nothing of this record was written, unless
    it is `OutcomeUnknown`. `warnings` are what the ERP remarks on a record that it accepted.
    """

    native: Mapping[str, Any] | None = None
    error: AnyErpError | None = None
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Generic[R]):
    """One resource of a connector: its lens, and the operations that this ERP has; a missing one is declared absent.

    `rows` is the path of the list in a page's body ("" for a bare list); `flat` says how its rows make records where
    they are lines of them (what `get` gives is the nested record all the same). `page(ctx, query, state)` asks for one
    page (state None: the first). `get(ctx, id)` gives the native record, `create(ctx, native)` the one as created.
    `update(ctx, id, native, changes)` sends what changed; `native` is the record as read a moment ago.
    `find(ctx, key)` gives the whole native record that carries the caller's own key, or None: it settles lost answers,
    and is what a host gets that creates with the same key again. `key_field` is the unified field of that key.
    `resolve(ctx, record)` completes references that were given by number.
    `create_batch(ctx, natives)` creates several records by the ERP's own batching, each apart from the others, and
    gives one `BatchAnswer` for each in their order; what it raises holds for all of them. `find_many(ctx, keys)` looks
    for several keys at once and gives those found. Both are optional: without them records go one by one.
    `wire_rows` are the paths of the list in the ERP's own answers, where `page` rewrites them: one for each protocol
    that it speaks.
    `given(ctx)` gives native members that no answer of the ERP has and that are alike for all records of a connection
    (a time zone, an address), by name; the lens finds them beside the ERP's own, and no page is rewritten for them.
    `listed(path)` says whether the rows of a page have what stands at a native path (None: all that the lens reads).
    `updated_since` is "native" where `page` heeds `query.updated_since`; else `changes` compares what it reads.
    `because` gives the reason for missing operations, each beginning with `never:`, `upstream:` or `todo:`.
    """

    lens: Lens[R]
    rows: str
    flat: Flat | None = None
    wire_rows: tuple[str, ...] = ()
    page: Page | None = None
    get: Callable[[Context, str], Flow[dict[str, Any]]] | None = None
    create: Callable[[Context, dict[str, Any]], Flow[dict[str, Any]]] | None = None
    update: Callable[[Context, str, dict[str, Any], Changes], Flow[None]] | None = None
    delete: Callable[[Context, str, dict[str, Any]], Flow[None]] | None = None
    cancel: Callable[[Context, str, dict[str, Any]], Flow[None]] | None = None
    close: Callable[[Context, str, dict[str, Any]], Flow[None]] | None = None
    find: Callable[[Context, str], Flow[dict[str, Any] | None]] | None = None
    resolve: Callable[[Context, R], Flow[R]] | None = None
    create_batch: Callable[[Context, Sequence[dict[str, Any]]], Flow[Sequence[BatchAnswer]]] | None = None
    find_many: Callable[[Context, Sequence[str]], Flow[Mapping[str, dict[str, Any]]]] | None = None
    key_field: str = "external_reference"
    given: Callable[[Context], Mapping[str, Any]] | None = None
    listed: Listed | None = None
    updated_since: Literal["native", "snapshot", "none"] = "none"
    because: Mapping[str, str] = field(default_factory=dict)

    OPERATIONS = ("page", "get", "create", "update", "delete", "cancel", "close", "find")

    def __post_init__(self) -> None:
        missing = [name for name in self.OPERATIONS if getattr(self, name) is None and name not in self.because]
        if missing:
            raise ValueError(
                f"{self.lens.model.__name__}: no {', '.join(missing)}, and no reason in because= "
                "(begin it with never:, upstream: or todo:)"
            )

    def coverage(self, lens: Lens[R] | None = None) -> tuple[FieldCoverage, ...]:
        """What each field can do here, in single records and in lists; `lens` is the one with a tenant's overlay."""
        return coverage((lens or self.lens).rules, self.listed)


@dataclass(frozen=True, slots=True)
class Limits:
    """What this ERP can bear: records a page and a batch, requests in flight for one account."""

    page_size: int = 100
    batch_size: int = 50
    in_flight: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A way to log on by a user's own consent in the browser: OAuth 2.0 authorization code with PKCE.

    `credentials` is the model of the client that asks for it, one of the connector's ways. `page(ctx, asked)` gives the
    address where the user signs in and consents; `redeem(ctx, asked, code)` is a flow that exchanges the code, and
    saves what it gets in `ctx.tokens`, where `authorize` finds it. `anyerp.kits.consent` has both for the usual ERP.
    """

    credentials: type[BaseModel]
    page: Callable[[Context, ConsentRequest], str]
    redeem: Callable[[Context, ConsentRequest, str], Flow[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """One kind of ERP.

    `settings` and `credentials` are Pydantic models (secrets as `SecretStr`); `credentials` may be several, one per
    way of authenticating. `base_url(settings)` gives the address. `authorize(ctx)` is a flow that gives the headers
    to send, asking for a token where it needs one; `renew(ctx, response)` looks at a 401 or 403, forgets what has
    expired and says whether once more makes sense. `sign(ctx, method, url)` gives the Authorization of one attempt, for
    schemes that sign each anew (None: nothing to sign). `explain(ctx, request, response)` is the one place where native
    errors become ours. `leave(ctx)` ends what a connection opened (a session that holds a licence) when it is closed;
    what it raises is not told. `consent` says how a user consents in the browser, where that is one of the ways.
    `sandbox()` makes a fake of this ERP for tests.
    """

    name: str
    title: str
    settings: type[BaseModel]
    credentials: tuple[type[BaseModel], ...]
    base_url: Callable[[Any], str]
    authorize: Callable[[Context], Flow[Mapping[str, str]]]
    explain: Callable[[Context, Request, Response], AnyErpError]
    resources: Mapping[str, Resource[Any]]
    renew: Callable[[Context, Response], bool] | None = None
    sign: Callable[[Context, str, str], str | None] | None = None
    leave: Callable[[Context], Flow[None]] | None = None
    consent: Consent | None = None
    sandbox: Callable[[], Any] | None = None
    limits: Limits = Limits()
    exemptions: tuple[Exemption, ...] = ()

    def __post_init__(self) -> None:
        if self.consent is not None and self.consent.credentials not in self.credentials:
            raise ValueError(f"{self.name}: the model of consent= is none of credentials=")
        if self.sandbox is not None and not callable(self.sandbox):
            raise ValueError(f"{self.name}: sandbox= is what makes one, such as its class, and not one that is made")


@dataclass(frozen=True, slots=True)
class Exemption:
    """A law of the contract kit that a connector cannot keep: which, on what, why, and a witness that must still fail.

    `witness` runs the law's check on the one case that breaks it and must raise `AssertionError`; once it passes,
    the exemption is out of date and the kit says so.
    """

    law: str
    resource: str
    because: str
    witness: Callable[[], None]
