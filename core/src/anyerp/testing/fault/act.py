"""What each kind of fault does to one request and its answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from anyerp.testing.fault.message import Gone, Message
from anyerp.testing.fault.plan import Kind, Plan
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, dump_json, load_json

_PAGE = b"<html><head><title>%s</title></head><body><h1>%s</h1></body></html>"
_BUSY: dict[Kind, tuple[str, bytes]] = {
    "too_many": ("HTTP/1.1 429 Too Many Requests", b"Too Many Requests"),
    "overloaded": ("HTTP/1.1 503 Service Unavailable", b"Service Unavailable"),
}


class Act:
    """Answers one request after the other. It remembers the last page of each list."""

    def __init__(self) -> None:
        self._pages: dict[str, Message] = {}

    async def answer(
        self,
        kind: Kind | None,
        plan: Plan,
        call: Call,
        number: int,
        proceed: Callable[[], Awaitable[Message]],
        writer: asyncio.StreamWriter,
    ) -> None:
        """Answer a request, struck or not. Raises `Gone` where the connection is to break."""
        if kind == "drop_before":
            raise Gone
        if kind in _BUSY:
            writer.write(_busy(kind, plan.choice(call, number)).wire())
            await writer.drain()
            return
        for behind, does in (("expire", plan.expire), ("insert", plan.insert)):
            if kind == behind and does is not None:
                await asyncio.to_thread(does)
        found = await proceed()
        if kind == "drop_after":
            raise Gone
        if kind == "delay":
            await asyncio.sleep(plan.delay)
        await self._write(kind, plan, call, self._changed(kind, plan, call, number, found), writer)

    def _changed(self, kind: Kind | None, plan: Plan, call: Call, number: int, found: Message) -> Message:
        """The answer as it is sent on, changed where a fault changes what it says."""
        path = call.target.partition("?")[0]
        is_page = call.method == "GET" and found.status == 200 and _rows(found, plan.rows) is not None
        before = self._pages.get(path)
        if is_page:
            self._pages[path] = found
        if kind == "repeat" and is_page and before is not None:
            return before
        if kind == "reorder" and is_page:
            return _reordered(found, plan.rows, random.Random(f"{plan.seed}|{path}|{number}"))  # noqa: S311 - seeded
        if kind == "garble" and found.body:
            return Message(found.first, found.headers, garbled(found.body))
        return found

    async def _write(
        self, kind: Kind | None, plan: Plan, call: Call, found: Message, writer: asyncio.StreamWriter
    ) -> None:
        wire = found.wire()
        if kind == "truncate":
            writer.write(wire[: len(wire) - max(1, len(found.body) // 2)])
            await writer.drain()
            raise Gone
        if kind == "drip":
            for place in range(len(wire)):
                writer.write(wire[place : place + 1])
                await writer.drain()
                await asyncio.sleep(plan.drip)
            return
        # The answer to HEAD tells a length and has no body.
        writer.write(wire[: len(wire) - len(found.body)] if call.method == "HEAD" else wire)
        await writer.drain()


def garbled(body: bytes) -> bytes:
    """A body of the same length in which a few bytes in the middle are such as JSON and XML do not allow."""
    middle = len(body) // 2
    return body[:middle] + bytes(len(body[middle : middle + 8])) + body[middle + 8 :]


def _busy(kind: Kind, retry_after: str) -> Message:
    first, words = _BUSY[kind]
    fields = [("Content-Type", "text/html"), *([("Retry-After", retry_after)] if retry_after else [])]
    return Message(first, Headers(fields), _PAGE % (words, words))


def _rows(answer: Message, path: str) -> list[Any] | None:
    try:
        found = load_json(answer.body)
        for name in path.split("/"):
            found = found[name]
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return found if isinstance(found, list) else None


def _reordered(answer: Message, path: str, order: random.Random) -> Message:
    whole = load_json(answer.body)
    rows = whole
    for name in path.split("/"):
        rows = rows[name]
    order.shuffle(rows)
    return Message(answer.first, answer.headers, dump_json(whole))
