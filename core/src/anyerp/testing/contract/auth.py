"""Auth laws: secrets stay inside, wrong ones are tried once, expired sessions are renewed once."""

from __future__ import annotations

import base64
import logging
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

from pydantic import BaseModel, SecretBytes, SecretStr

from anyerp.errors import AnyErpError, CredentialsRejected
from anyerp.lens.fields import members
from anyerp.testing.contract.error import FAULTS
from anyerp.testing.inprocess import Traffic, is_read, open_connection, prepared
from anyerp.testing.law import Broken, Skipped, law
from anyerp.testing.sample import fails, key_for, sample
from anyerp.testing.sandbox import Call, Once
from anyerp.testing.subject import Bench, Subject
from anyerp.wire import SECRET_HEADERS, Headers, Response

_SHORT = 6


def is_secret(model: type[BaseModel], field: str) -> bool:
    """Whether a field is kept secret by its type."""
    kinds = members(model.model_fields[field].annotation)
    return SecretStr in kinds or SecretBytes in kinds


def secrets_of(context_credentials: BaseModel) -> dict[str, str]:
    """The secret fields of credentials and their values."""
    found = {}
    for field in type(context_credentials).model_fields:
        value = getattr(context_credentials, field)
        if isinstance(value, SecretStr) and value.get_secret_value():
            found[field] = value.get_secret_value()
    return found


def needles(credentials: BaseModel, calls: list[Call]) -> set[str]:
    """Every form in which a secret could show: as it is, in base64, in a URL, and the tokens made of it."""
    values = set(secrets_of(credentials).values())
    for call in calls:
        for name, value in call.headers.items_with_repeats():
            if name.lower() in SECRET_HEADERS and name.lower() != "x-csrf-token":
                values.add(value.partition(" ")[2] or value)
    found = set()
    for value in values:
        if len(value) >= _SHORT:
            coded = base64.b64encode(value.encode()).decode()
            found |= {value, coded, coded.rstrip("="), quote(value, safe=""), quote_plus(value), repr(value)[1:-1]}
    return found


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record's text, and its traceback's."""
        self.heard.append(record.getMessage() + str(record.args) + str(record.exc_text or ""))
        if record.exc_info and record.exc_info[1] is not None:
            self.heard.append("".join(traceback.format_exception(record.exc_info[1])))


@contextmanager
def listening() -> Iterator[list[str]]:
    """Hear every log record at DEBUG while the block runs."""
    ear, root = _Ear(), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        yield ear.heard
    finally:
        root.setLevel(level)
        root.removeHandler(ear)


def _told(error: BaseException) -> str:
    facts = str(error.to_dict()) if isinstance(error, AnyErpError) else ""
    return "\n".join([str(error), repr(error), facts, *traceback.format_exception(error)])


def _echo(call: Call, proceed: Any) -> Response:
    """A server that shows the whole request on its error page, as debugging proxies do."""
    shown = "\n".join(f"{name}: {value}" for name, value in call.headers.items_with_repeats())
    page = f"<html><body><pre>{call.target}\n{shown}\n{call.content.decode('utf-8', 'replace')}</pre></body></html>"
    return Response(500, Headers({"content-type": "text/html"}), page.encode())


@law("auth.canary", "connector")
def canary(subject: Subject, _: str) -> None:
    """A secret appears nowhere: no log at DEBUG, no repr, no error, no traceback, no event.

    Why: what is in a log is in a backup, in a ticket, at a subcontractor.
    Checked: reading, writing, every fault, an error page that echoes the request, and wrong credentials; the secrets,
    their base64 and URL forms and the tokens made of them are sought in everything that is told.
    If it fails: `explain` must pick facts from the answer, never hand its text on; secrets stay `SecretStr`.
    Exempt: nothing.
    """
    with subject.bench() as bench, listening() as heard:
        told: list[tuple[str, str]] = []
        calls = bench.box.calls if bench.box is not None else []
        strikes = [*((name, strike) for name, strike, _ in FAULTS), ("an echoing error page", _echo)]
        for resource in subject.connector.resources:
            if subject.resource(resource).page is None:
                continue
            for name, strike in [("no fault", None), *strikes]:
                if bench.box is not None:
                    bench.box.faults[:] = [] if strike is None else [Once(strike, when=is_read, times=1_000)]
                elif strike is not None:
                    continue
                try:
                    found = bench.erp.collection(resource).list()
                    told.append((f"{resource}.list", str(list(found)) + str(found.rejected)))
                except Exception as error:  # noqa: BLE001 - whatever it is, it must not tell
                    told.append((f"the error of {resource}.list, {name}", _told(error)))
        told += _of_writing(subject, bench)
        told += _of_wrong_ones(subject, bench)
        told += [("repr of the connection", repr(bench.erp)), ("repr of the context", repr(bench.context))]
        told += [("an event", str(event)) for event in bench.traffic.events]
        told += [("repr of a request", repr(request)) for request in bench.traffic.requests]
        told += [("a log record", text) for text in heard]
    sought = needles(bench.context.credentials, list(calls))
    if not sought:
        raise Broken(f"no secret of {_SHORT} characters or more is in play, so that none could be seen to leak")
    for needle in sought:
        for where, text in told:
            if needle in text:
                raise Broken(f"a secret of {len(needle)} characters is told in {where}")


def _of_writing(subject: Subject, bench: Bench) -> Iterator[tuple[str, str]]:
    for resource, declared in subject.connector.resources.items():
        if bench.box is None or declared.create is None or declared.page is None or declared.get is None:
            continue
        bench.box.faults.clear()
        try:
            record = sample(subject, bench, resource)
            bench.box.faults.append(Once(_echo, times=1_000))
            bench.erp.collection(resource).create(record, key=key_for(subject, resource))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not tell
            yield f"the error of {resource}.create, an echoing error page", _told(error)
        bench.box.faults.clear()


def _of_wrong_ones(subject: Subject, bench: Bench) -> Iterator[tuple[str, str]]:
    try:
        settings, credentials, _ = subject.ground()
        prepared(subject.connector, settings, {**credentials, "no_such_field": "x"})
    except AnyErpError as error:
        yield "the error about an unknown credential", _told(error)
    if bench.box is None:
        return
    for resource, declared in subject.connector.resources.items():
        if declared.page is None:
            continue
        bench.box.faults.clear()
        context = prepared(subject.connector, settings, {**credentials})
        context.credentials = _wrong(context.credentials)
        try:
            with open_connection(subject.connector, context, bench.traffic, bench.box) as erp:
                erp.collection(resource).page(page_size=1)
        except AnyErpError as error:
            text = _told(error)
            for value in secrets_of(context.credentials).values():
                if value in text:
                    raise Broken(f"a wrong secret is told in the error of {resource}.list") from None
            yield f"the error of {resource}.list with wrong credentials", text


def _wrong(credentials: BaseModel) -> BaseModel:
    changed: Mapping[str, Any] = {
        field: SecretStr(value[::-1] + "wrong")
        for field, value in secrets_of(credentials).items()
        if "BEGIN" not in value
    }
    return credentials.model_copy(update=changed)


def _listed(subject: Subject) -> str:
    for resource, declared in subject.connector.resources.items():
        if declared.page is not None:
            return resource
    raise Skipped("no resource can be listed")


@law("auth.rejected_once", "connector")
def rejected_once(subject: Subject, _: str) -> None:
    """Wrong credentials are `CredentialsRejected` after exactly one attempt.

    Why: three attempts lock the user, and with it the whole integration.
    Checked: every secret is wrong; a list is asked for; one call reaches the ERP, which cannot have been more.
    If it fails: `renew` must forget an expired token only, and say no where there was none.
    Exempt: an `Exemption`.
    """
    resource = _listed(subject)
    with subject.bench() as bench:
        box = bench.sandbox
        context = bench.context
        right = secrets_of(context.credentials)
        context.credentials = _wrong(context.credentials)
        if not right or secrets_of(context.credentials) == right:
            raise Skipped("the sandbox's credentials hold no secret that can be made wrong")
        with open_connection(subject.connector, context, Traffic(), box) as erp:
            box.calls.clear()
            try:
                erp.collection(resource).page(page_size=1)
            except CredentialsRejected:
                pass
            except AnyErpError as error:
                raise Broken(f"wrong credentials are CredentialsRejected, not {fails(error)}") from None
            else:
                raise Broken("wrong credentials are let in; does the sandbox look at them?")
        if len(box.calls) != 1:
            raise Broken(f"wrong credentials were tried in {len(box.calls)} calls, one is allowed")


@law("auth.renewed_once", "connector")
def renewed_once(subject: Subject, _: str) -> None:
    """An expired session or token is renewed once, for all who wait.

    Why: a hundred threads that log on at once use up the ERP's sessions.
    Checked: after `sandbox.expire_sessions()` four threads list and a record is created: all succeed, with at most one
    login (none where every call carries the credentials) and one repetition each.
    If it fails: `renew` must forget the token; `authorize` must look into `ctx.memory` first.
    Exempt: an `Exemption`.
    """
    resource = _listed(subject)
    with subject.bench() as bench:
        expire = getattr(bench.sandbox, "expire_sessions", None)
        if expire is None:
            raise Skipped("the sandbox has no expire_sessions()")
        collection = bench.erp.collection(resource)
        collection.page(page_size=1)
        for other, declared in subject.connector.resources.items():
            if declared.create is not None and declared.page is not None and declared.get is not None:
                record = sample(subject, bench, other)
                bench.erp.collection(other).create(record, key=key_for(subject, other))
                expire()
                try:
                    bench.erp.collection(other).create(record, key=key_for(subject, other))
                except AnyErpError as error:
                    raise Broken(f"{other}.create: an expired session is not renewed: {fails(error)}") from None
        expire()
        logins, calls, wrong = bench.traffic.logins, len(bench.sandbox.calls), []

        def read() -> None:
            try:
                collection.page(page_size=1)
            except Exception as error:  # noqa: BLE001 - told below
                wrong.append(error)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if wrong:
            raise Broken(f"an expired session is not renewed: {fails(wrong[0])}")
        if bench.traffic.logins - logins > 1:
            raise Broken(f"{bench.traffic.logins - logins} logins for one expired session, one is allowed")
        if len(bench.sandbox.calls) - calls > 9:
            raise Broken(f"{len(bench.sandbox.calls) - calls} calls for four readers after an expiry, nine are allowed")
