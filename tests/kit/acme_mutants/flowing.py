"""Mutants whose flows ask, send and listen badly."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from acme_erp.connector import Table, authorize, body_of, explain, record_in
from anyerp.connector import Context, Flow, PageAnswer, Query, Request, Response, ask, by_status
from anyerp.errors import AnyErpError, OutcomeUnknown, Unavailable
from anyerp.lens import Changes
from anyerp.wire import dump_json

from acme_mutants.mapping import MAPPED
from acme_mutants.mutant import Mutant, acme, orders

Native = dict[str, Any]


class SkipsTheLast(Table):
    """A page that is not full is taken for the end, and left out."""

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page, if it is full."""
        answer = yield from super().page(ctx, query, state)
        rows = Response(200, content=answer.content).json()
        if isinstance(rows, dict) and state and len(rows.get("data", ())) < query.page_size:
            return PageAnswer(dump_json({"data": []}))
        return answer


class ForgetsNotes(Table):
    """A list that leaves a column out and does not say so."""

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page without remarks."""
        answer = yield from super().page(ctx, query, state)
        rows = Response(200, content=answer.content).json()["data"]
        kept = [{name: value for name, value in row.items() if name != "Notes"} for row in rows]
        return PageAnswer(dump_json({"data": kept}), full=answer.full, key=answer.key)


class ByOffset(Table):
    """Pages by offset; `back` rows come again."""

    def __init__(self, back: int = 0) -> None:
        super().__init__("orders")
        self.back = back

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page from an offset."""
        offset = int(state or 0)
        params = {"limit": str(query.page_size), "offset": str(offset)}
        response = yield from ask(Request("GET", self.path, params))
        rows = body_of(response).get("data") or []
        following = offset + query.page_size - self.back
        return PageAnswer(response.content, next=following if len(rows) == query.page_size else None)


class Remembers(Table):
    """Where the next page starts is kept in the connection's memory."""

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page behind what the connection remembers."""
        known = {"after": {"Key": ctx.memory["last"]}} if state and "last" in ctx.memory else None
        answer = yield from super().page(ctx, query, known)
        rows = Response(200, content=answer.content).json()["data"]
        if len(rows) < query.page_size:
            return PageAnswer(answer.content)
        ctx.memory["last"] = rows[-1]["Key"]
        return PageAnswer(answer.content, next="more")


class Swallows(Table):
    """Whatever is wrong, there is nothing to read."""

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page, or none."""
        try:
            return (yield from super().page(ctx, query, state))
        except Unavailable:
            return PageAnswer(b'{"data": []}')


class ListsNothing(Table):
    """A list that is always empty."""

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """Ask, and show nothing."""
        yield from super().page(ctx, query, state)
        return PageAnswer(b'{"data": []}')


class BelievesEverything(Table):
    """A write that was answered was done."""

    def create(self, ctx: Context, native: Native) -> Flow[Native]:
        """Send, and give back what was sent."""
        response = yield from ask(Request("POST", self.path, json=native, accept=(500, 503)))
        try:
            return record_in(response)
        except AnyErpError:
            return {**native, "Key": "made-up"}


class Forgets(Table):
    """The notes stay here."""

    def create(self, ctx: Context, native: Native) -> Flow[Native]:
        """Send all but the notes."""
        return (yield from super().create(ctx, {k: v for k, v in native.items() if k != "Notes"}))


class FindsNothing(Table):
    """A search that never finds."""

    def find(self, ctx: Context, key: str) -> Flow[Native | None]:
        """Ask, and look away."""
        yield from super().find(ctx, key)
        return None


class SendsAgain(Table):
    """A lost answer is answered by sending once more."""

    def create(self, ctx: Context, native: Native) -> Flow[Native]:
        """Send, and send again."""
        try:
            return (yield from super().create(ctx, native))
        except OutcomeUnknown:
            return (yield from super().create(ctx, native))


class CallsItARead(Table):
    """A write that is marked as a read: the transport repeats it."""

    def create(self, ctx: Context, native: Native) -> Flow[Native]:
        """Send as if nothing were written."""
        return record_in((yield from ask(Request("POST", self.path, json=native, writes=False))))


class ChangesMore(Table):
    """An update that tidies up on the way."""

    def delta(self, changes: Changes) -> Native:
        """What changed, and an empty reference."""
        return {**super().delta(changes), "TheirRef": ""}


class Replaces(Table):
    """An update that sends the mapped fields as the whole record."""

    def update(self, ctx: Context, id: str, native: Native, changes: Changes) -> Flow[None]:
        """PUT what we know."""
        known = {name: native[name] for name in MAPPED - {"Items"} if name in native}
        yield from self.send(id, {**known, **self.delta(changes)}, native["Rev"], method="PUT")


class FindsTheKeyOnly(Table):
    """A search that gives no more than it needs."""

    def find(self, ctx: Context, key: str) -> Flow[Native | None]:
        """Key and reference."""
        found = yield from super().find(ctx, key)
        return found and {name: found[name] for name in ("Key", "TheirRef", "Ref") if name in found}


class DropsLines(Table):
    """An update that sends the changed lines as all that there are."""

    def delta(self, changes: Changes) -> dict[str, Any]:
        """Every other line is removed, where one is changed."""
        kept = {line["No"] for lists in changes.lists.values() for line, _ in lists.changed}
        gone = [number for number in range(10, 100, 10) if number not in kept]
        return {**super().delta(changes), **({"ItemsRemoved": gone} if kept else {})}


class ForgetsLines(Table):
    """An update of the header alone."""

    def delta(self, changes: Changes) -> dict[str, Any]:
        """No lines."""
        return dict(changes.fields)


class SpreadsLines(Table):
    """An update that sends a line's change to all lines."""

    def update(self, ctx: Context, id: str, native: Native, changes: Changes) -> Flow[None]:
        """The same for all."""
        body = self.delta(changes)
        for _, what in (pair for lists in changes.lists.values() for pair in lists.changed):
            body["Items"] = [{"No": line["No"], **what.fields} for line in native["Items"]]
        yield from self.send(id, body, native["Rev"])


class Overwrites(Table):
    """An update that tells nobody which version it saw."""

    def update(self, ctx: Context, id: str, native: Native, changes: Changes) -> Flow[None]:
        """Send without If-Match."""
        yield from self.send(id, self.delta(changes), None)


def tells_the_password(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """An error that helps too much."""
    password = ctx.credentials.password.get_secret_value()
    return by_status(request, response, f"{ctx.credentials.user} with {password} got {response.status}")


def tells_the_page(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """An error that hands the ERP's page on."""
    return by_status(request, response, response.text() or None)


def logs_the_token(ctx: Context) -> Flow[Mapping[str, str]]:
    """A line for debugging that was forgotten."""
    headers = yield from authorize(ctx)
    logging.getLogger("acme").debug("sending %s", headers)
    return headers


def logs_on_each_time(ctx: Context) -> Flow[Mapping[str, str]]:
    """A login for every call."""
    ctx.memory.pop("token", None)
    return (yield from authorize(ctx))


def tries_twice(ctx: Context) -> Flow[Mapping[str, str]]:
    """A login that is tried again, in case the password was right after all."""
    if "token" not in ctx.memory:
        body = {"user": ctx.credentials.user, "password": ctx.credentials.password.get_secret_value()}
        yield from ask(Request("POST", "login", json=body, writes=False, authorized=False, accept=(401,)))
    return (yield from authorize(ctx))


def stumbles(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """An `explain` that believes every error to be JSON."""
    return by_status(request, response, response.json()["error"]["message"])


def calls_it_an_outage(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """A 404 that is explained as something else."""
    return Unavailable("try later") if response.status == 404 else explain(ctx, request, response)


MUTANTS = (
    Mutant(
        "paging.each_once", "the last page is skipped", orders(table=SkipsTheLast("orders")), "pages of 1: 1 too often"
    ),
    Mutant("paging.each_once", "a row is repeated", orders(table=ByOffset(back=1)), "listed twice"),
    Mutant("paging.each_once", "nothing is ever listed", orders(table=ListsNothing("orders")), "nothing is listed"),
    Mutant("paging.inserts", "pages by offset", orders(table=ByOffset()), "came not once"),
    Mutant("paging.resume", "the place is kept in memory", orders(table=Remembers("orders")), "on other connections"),
    Mutant("paging.same", "a list forgets a column", orders(table=ForgetsNotes("orders")), "notes is None in the list"),
    Mutant(
        "paging.same", "too much is called get only", orders(listed=lambda path: path != "Notes"), "lists say notes"
    ),
    Mutant("errors.reading", "an outage is an empty list", orders(table=Swallows("orders")), "swallowed"),
    Mutant(
        "errors.reading", "every error is believed to be JSON", acme(explain=stumbles), "a foreign exception escapes"
    ),
    Mutant("errors.asynchronous", "an outage is an empty list", orders(table=Swallows("orders")), "swallowed"),
    Mutant("errors.asynchronous", "every error is believed to be JSON", acme(explain=stumbles), "foreign exception"),
    Mutant(
        "errors.missing", "a missing record is an outage", acme(explain=calls_it_an_outage), "NotFound was expected"
    ),
    Mutant("errors.writing", "every answer is a success", orders(table=BelievesEverything("orders")), "swallowed"),
    Mutant("auth.canary", "the password is in the error", acme(explain=tells_the_password), "the error", resource=""),
    Mutant("auth.canary", "the ERP's page is in the error", acme(explain=tells_the_page), "echoing", resource=""),
    Mutant("auth.canary", "the token is in the log", acme(authorize=logs_the_token), "a log record", resource=""),
    Mutant(
        "auth.rejected_once", "the wrong password is tried twice", acme(authorize=tries_twice), "2 calls", resource=""
    ),
    Mutant(
        "auth.renewed_once", "a login for every call", acme(authorize=logs_on_each_time), "logins for one", resource=""
    ),
    Mutant("auth.renewed_once", "a session that is never renewed", acme(renew=None), "is not renewed", resource=""),
    Mutant(
        "writes.create_get", "the notes are not sent", orders(table=Forgets("orders")), "notes <-> Notes: was given"
    ),
    Mutant("writes.same_key", "the search finds nothing", orders(table=FindsNothing("orders")), "2 records"),
    Mutant(
        "writes.same_key", "what is found is half a record", orders(table=FindsTheKeyOnly("orders")), "was given, and"
    ),
    Mutant("writes.lost_after", "a blind second order", orders(table=SendsAgain("orders")), "2 new records"),
    Mutant("writes.lost_after", "the search finds nothing", orders(table=FindsNothing("orders")), "not settled"),
    Mutant("writes.lost_after", "a write called a read", orders(table=CallsItARead("orders")), "marked as a write"),
    Mutant("writes.lost_before", "a blind second order", orders(table=SendsAgain("orders")), "sent again blindly"),
    Mutant(
        "writes.update", "another field is emptied", orders(table=ChangesMore("orders")), "vendor_reference: not given"
    ),
    Mutant("writes.update", "other lines are removed", orders(table=DropsLines("orders")), "and the ERP has 1 lines"),
    Mutant("writes.update", "lines are not sent", orders(table=ForgetsLines("orders")), "lines.quantity <-> Items/*/"),
    Mutant(
        "writes.update", "a change hits every line", orders(table=SpreadsLines("orders")), "another line was changed"
    ),
    Mutant("writes.unknown_fields", "a record replaced by what we know", orders(table=Replaces("orders")), "Approver"),
    Mutant("writes.race", "the version is not sent", orders(table=Overwrites("orders")), "came in between"),
)
