"""Error laws: whatever goes wrong on the other side becomes an error of ours, and nothing is swallowed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from anyerp.errors import AnyErpError, NotFound, RateLimited, Unavailable, UnexpectedPayload
from anyerp.testing.escaped import advice
from anyerp.testing.inprocess import is_read, is_write
from anyerp.testing.law import Broken, Skipped, law
from anyerp.testing.sample import all_ids, fails, key_for, sample
from anyerp.testing.sandbox import Call, Once, answer_with, lose_before
from anyerp.testing.subject import Bench, Subject
from anyerp.wire import Headers, Response, dump_json

Strike = Callable[[Call, Callable[[], Response]], Response]

_HTML = Headers({"content-type": "text/html; charset=utf-8"})
_JSON = Headers({"content-type": "application/json"})
_PAGE = b"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry</h1></body></html>"


def _cut(call: Call, proceed: Callable[[], Response]) -> Response:
    response = proceed()
    return Response(response.status, response.headers, response.content[: len(response.content) // 2])


#: What may come instead of an answer, and what it is for one who reads.
FAULTS: tuple[tuple[str, Strike, type[AnyErpError]], ...] = (
    ("500 with an HTML page", answer_with(Response(500, _HTML, _PAGE)), Unavailable),
    ("503 with an HTML page", answer_with(Response(503, _HTML, _PAGE)), Unavailable),
    ("429", answer_with(Response(429, Headers({"retry-after": "1"}), b"")), RateLimited),
    ("404 with an HTML page", answer_with(Response(404, _HTML, _PAGE)), NotFound),
    ("JSON that breaks off", _cut, UnexpectedPayload),
    ("bytes that are nothing", answer_with(Response(200, _JSON, b"\x00\xff\x80garbage")), UnexpectedPayload),
    ("a login page with status 200", answer_with(Response(200, _HTML, _PAGE)), UnexpectedPayload),
    ("an empty answer", answer_with(Response(200, _JSON, b"")), UnexpectedPayload),
    ("JSON null", answer_with(Response(200, _JSON, b"null")), UnexpectedPayload),
    ("a connection that breaks", lose_before, Unavailable),
)


def _warm(subject: Subject, bench: Bench, resource: str) -> str:
    """Log on before anything strikes; gives the id of some record."""
    found = bench.erp.collection(resource).page(page_size=1).records
    if not found or found[0].id is None:
        raise Broken(f"{resource}: nothing is listed; seed the sandbox")
    return str(found[0].id)


def _raised(action: Callable[[], Any], expected: type[AnyErpError], what: str) -> None:
    try:
        result = action()
    except expected:
        return
    except AnyErpError as error:
        raise Broken(f"{what}: {expected.__name__} was expected, not {fails(error)}") from None
    except Exception as error:  # noqa: BLE001 - this is what the law looks for
        raise Broken(f"{what}: a foreign exception escapes: {fails(error)}", advice(error)) from None
    raise Broken(f"{what}: swallowed; it gave {str(result)[:80]!r}")


def _actions(subject: Subject, resource: str) -> Iterator[tuple[str, Callable[[Any, str], Any]]]:
    declared = subject.resource(resource)
    if declared.page is not None:
        yield "list", lambda erp, id: list(erp.collection(resource).list())
    if declared.get is not None:
        yield "get", lambda erp, id: erp.collection(resource).get(id)


@law("errors.reading")
def reading(subject: Subject, resource: str) -> None:
    """Every fault met by one who reads is a typed error; nothing foreign escapes, nothing is swallowed.

    Why: an empty list for a broken ERP makes a host delete what it knows.
    Checked: list and get while each call meets: 500, 503, 404, 429, broken JSON, garbage, a login page, a lost answer.
    If it fails: let `by_status` explain statuses, and do not `accept` one without deciding on it.
    Exempt: an `Exemption`.
    """
    subject.need(resource, "page")
    with subject.bench() as bench:
        id = _warm(subject, bench, resource)
        for name, strike, expected in FAULTS:
            bench.sandbox.faults[:] = [Once(strike, when=is_read, times=10_000)]
            for verb, act in _actions(subject, resource):
                _raised(lambda act=act: act(bench.erp, id), expected, f"{resource}.{verb}, {name}")  # type: ignore[misc]


@law("errors.asynchronous")
def asynchronous(subject: Subject, resource: str) -> None:
    """The same for an asynchronous host: the same answers, the same errors.

    Why: two drivers of one flow must not differ in what they make of trouble.
    Checked: list and get without faults give the same records as the synchronous host gets; each fault is typed.
    If it fails: a flow that looks at the clock, at threads, or at anything but its responses.
    Exempt: an `Exemption`.
    """
    subject.need(resource, "page")
    with subject.bench() as bench:
        id = _warm(subject, bench, resource)
        bench.sandbox.faults.clear()
        expected = list(bench.erp.collection(resource).list())

        async def look() -> None:
            async with bench.aopen() as erp:
                if [record async for record in erp.collection(resource).list()] != expected:
                    raise Broken(f"{resource}.list: other records than the synchronous host gets")
                for name, strike, kind in FAULTS:
                    bench.sandbox.faults[:] = [Once(strike, when=is_read, times=10_000)]
                    await _araised(erp, resource, id, kind, name, get=subject.resource(resource).get is not None)

        asyncio.run(look())


async def _araised(erp: Any, resource: str, id: str, kind: type[AnyErpError], name: str, *, get: bool) -> None:
    async def listed() -> Any:
        return [record async for record in erp.collection(resource).list()]

    async def got() -> Any:
        return await erp.collection(resource).get(id)

    for verb, act in [("list", listed), *([("get", got)] if get else [])]:
        try:
            result = await act()
        except Exception as error:  # noqa: BLE001 - judged by the synchronous law's own words
            _raised(lambda error=error: _again(error), kind, f"async {resource}.{verb}, {name}")  # type: ignore[misc]
        else:
            raise Broken(f"async {resource}.{verb}, {name}: swallowed; it gave {str(result)[:80]!r}")


def _again(error: Exception) -> None:
    raise error


@law("errors.missing")
def missing(subject: Subject, resource: str) -> None:
    """An id that nothing has is `NotFound`.

    Why: a host deletes its copy when, and only when, it hears this.
    Checked: get with an id made from a real one, and with one of odd characters.
    If it fails: `explain` calls it otherwise, or the id is put into the URL unescaped.
    Exempt: an `Exemption`.
    """
    subject.need(resource, "page", "get")
    with subject.bench() as bench:
        real = _warm(subject, bench, resource)
        absent = "".join("9" if sign.isdigit() else "Z" if sign.isalpha() else sign for sign in real)
        if real.isdecimal():  # a running number: far behind the last one
            absent = absent.ljust(9, "9")
        _raised(lambda: bench.erp.collection(resource).get(absent), NotFound, f"{resource}.get({absent!r})")
        odd = "x'/?#%&\u00e9 "
        _raised(lambda: bench.erp.collection(resource).get(odd), AnyErpError, f"{resource}.get({odd!r})")


@law("errors.quarantine")
def quarantine(subject: Subject, resource: str) -> None:
    """One record that cannot be read is set aside with its reasons; its neighbours are read.

    Why: one odd record in a page of a hundred must not stop an import.
    Checked: for each mapped value of the header, one row has an object in its place: all others come, that one is in
    `rejected` with reasons.
    If it fails: `rows` is not the path of the list, a codec is not strict about types, or `page` reads rows itself and
    takes it for granted what is in them.
    Exempt: an `Exemption`.
    """
    subject.need(resource, "page")
    declared = subject.resource(resource)
    tried = 0
    with subject.bench() as bench, _quiet():
        everything = len(all_ids(bench.erp, resource))
        for path in declared.lens.native_fields:
            places = declared.wire_rows or (declared.rows,)
            strike = _Spoil(places, declared.flat.column(path) if declared.flat is not None else path)
            bench.sandbox.faults[:] = [Once(strike, when=is_read, times=1_000)]
            found = bench.erp.collection(resource).list()
            read = len(list(found))
            tried += strike.done
            if strike.done and (read, len(found.rejected)) != (everything - 1, 1):
                raise Broken(
                    f"{resource}: {path} of one row is spoilt: {read} of {everything} records were read, "
                    f"{len(found.rejected)} rejected"
                )
            if strike.done and not found.rejected[0].reasons:
                raise Broken(f"{resource}: {path} of one row is spoilt, and its rejection gives no reasons")
    if not tried:
        raise Skipped("no page of rows with a mapped value of the header passed by")


class _Spoil:
    """A strike that puts an object where a row has a value at a path, once."""

    def __init__(self, places: tuple[str, ...], path: str) -> None:
        self.places, self.path, self.done = places, path, False

    def __call__(self, _: Call, proceed: Callable[[], Response]) -> Response:
        response = proceed()
        if self.done or "/" in self.path or response.status >= 400:
            return response
        page: Any = response.json()
        for row in (row for place in self.places for row in _rows(page, place)):
            if row.get(self.path) is not None:
                row[self.path] = {"spoilt": True}
                self.done = True
                return Response(response.status, response.headers, dump_json(page))
        return response


def _rows(page: Any, place: str) -> list[Any]:
    for step in filter(None, place.split("/")):
        page = page.get(step) if isinstance(page, dict) else None
    return page if isinstance(page, list) else []


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the warnings about records set aside, which are meant here, out of the output."""
    log = logging.getLogger("anyerp")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


@law("errors.writing")
def writing(subject: Subject, resource: str) -> None:
    """A write that met a fault is never reported as done when it was not.

    Why: the order that was never placed is noticed when the goods do not come.
    Checked: create while the ERP answers 500, 503, garbage or a login page without doing anything.
    If it fails: the answer to a write must be looked at; a 2xx with a foreign body is no success.
    Exempt: an `Exemption`.
    """
    subject.need(resource, "create", "page", "get")
    with subject.bench() as bench:
        record = sample(subject, bench, resource)
        before = all_ids(bench.erp, resource)
        for name, strike, _ in FAULTS:
            if name in ("JSON that breaks off", "a connection that breaks"):
                continue
            once = Once(strike, when=is_write, times=10_000)
            bench.sandbox.faults[:] = [once]
            key = key_for(subject, resource)
            what = f"{resource}.create, {name}"
            _raised(lambda key=key: bench.erp.collection(resource).create(record, key=key), AnyErpError, what)  # type: ignore[misc]
            if once.times == 10_000:
                raise Broken(f"{resource}.create sends no request that is marked as a write")
        bench.sandbox.faults.clear()
        if all_ids(bench.erp, resource) != before:
            raise Broken(f"{resource}.create: a record appeared though every answer was a fault before the work")
