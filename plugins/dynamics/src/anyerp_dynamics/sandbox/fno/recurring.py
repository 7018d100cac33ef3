"""Recurring integrations under `/api/connector`: a queue of files per activity, in and out (dynamics sheet §1.9)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid5

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json, load_json

from ..odata import split_target
from .dmf import DataManagement, Execution
from .problem import ODATA, Problem

_SPACE = UUID("0f6a4b1e-9e5c-4a43-8f0c-2d7c3a5b6e90")
#: A message that nobody acknowledges comes back after this long; a file is kept this long.
UNSEEN, KEPT = timedelta(minutes=30), timedelta(days=7)


@dataclass
class Message:
    """A file on its way: out (taken by dequeue, ended by ack) or in (its status moves on when asked)."""

    id: str
    made: datetime
    content: bytes = b""
    hidden_until: datetime | None = None
    receipt: int = 0
    status: list[str] = field(default_factory=list)


class RecurringIntegrations:
    """The queues of all activities; `activities` maps an activity's id to its data project."""

    def __init__(self, dmf: DataManagement, now: Callable[[], datetime]) -> None:
        self.activities: dict[str, str] = {}
        self.waiting: dict[str, list[Message]] = {}
        self.messages: dict[str, Message] = {}
        self._dmf, self._now = dmf, now

    def _message(self, content: bytes = b"") -> Message:
        made = Message(str(uuid5(_SPACE, str(len(self.messages)))), self._now(), content)
        self.messages[made.id] = made
        return made

    def export(self, activity: str, company: str) -> None:
        """Run the activity's export job, as its schedule would: one package with what changed, if anything did."""
        content, count = self._dmf.collect(self.activities[activity], company)
        if count:
            self.waiting.setdefault(activity, []).append(self._message(content))

    def status(self, message_id: str) -> str:
        """Give a message's status, one step further each time."""
        message = self.messages.get(message_id)
        if message is None:
            raise Problem(500, inner=(f"The message '{message_id}' does not exist.", ODATA))
        return message.status.pop(0) if len(message.status) > 1 else (message.status or ["Dequeued"])[0]

    def answer(self, call: Call, base_url: str) -> Response:
        """Answer one call. Raises `Problem`."""
        path, query = split_target(call.target)
        verb, _, name = path.removeprefix("/api/connector/").partition("/")
        if verb == "download" and call.method == "GET":
            return self._download(name)
        if name not in self.activities:
            raise Problem(404, f"The activity '{name}' does not exist.")
        if (verb, call.method) == ("enqueue", "POST"):
            return self._enqueue(call, name, parse_qs(query))
        if (verb, call.method) == ("dequeue", "GET"):
            return self._dequeue(name, base_url)
        if (verb, call.method) == ("ack", "POST"):
            return self._ack(call, name)
        raise Problem(404, f"There is nothing at '{path}'.")

    def _enqueue(self, call: Call, activity: str, query: Mapping[str, list[str]]) -> Response:
        entity = (query.get("entity") or [""])[0]
        found = next((each for each in self._dmf.sets(self.activities[activity]) if each.label == entity), None)
        if found is None:
            raise Problem(400, f"The entity '{entity}' is not part of the activity.")
        message, run = self._message(), Execution("", 0)
        rows = list(csv.DictReader(io.StringIO(call.content.decode("utf-8-sig", "replace"))))
        self._dmf.take(found, rows, (query.get("company") or ["usmf"])[0], run)
        message.status = ["Enqueued", "Processing", "ProcessedWithErrors" if run.errors else "Processed"]
        return _json(message.id)

    def _dequeue(self, activity: str, base_url: str) -> Response:
        now = self._now()
        for message in self.waiting.get(activity, []):
            if message.hidden_until is None or message.hidden_until <= now:
                message.hidden_until, message.receipt = now + UNSEEN, message.receipt + 1
                host = base_url.partition("://")[2]
                body = {
                    "CorrelationId": message.id,
                    "PopReceipt": str(message.receipt),
                    # The service writes http here even where it is reached by https (dynamics sheet §1.9).
                    "DownloadLocation": f"http://{host}/api/connector/download/{message.id}",
                    "IsDownLoadFileExist": True,
                    "FileDownLoadErrorMessage": None,
                }
                return _json(body)
        return Response(204)

    def _ack(self, call: Call, activity: str) -> Response:
        try:
            said: Any = load_json(call.content)
            wanted = (said["CorrelationId"], said["PopReceipt"])
        except (ValueError, KeyError, TypeError):
            raise Problem(400, "An acknowledgement repeats the body of the dequeue.") from None
        queue = self.waiting.get(activity, [])
        found = next((each for each in queue if (each.id, str(each.receipt)) == wanted), None)
        if found is None:
            raise Problem(400, "There is no such message, or it was taken again meanwhile.")
        queue.remove(found)
        found.status = ["Acked"]
        return Response(200)

    def _download(self, name: str) -> Response:
        message = self.messages.get(name)
        if message is None or not message.content or self._now() >= message.made + KEPT:
            raise Problem(404, "The file does not exist any more.")
        return Response(200, Headers({"Content-Type": "application/zip"}), message.content)


def _json(body: Any) -> Response:
    return Response(200, Headers({"Content-Type": "application/json; charset=utf-8"}), dump_json(body))
