"""Recording a real ERP's answers as fixtures: their form is kept, what they tell of people and money is not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from anyerp.connection import Connection
from anyerp.errors import AnyErpError, NotFound
from anyerp.lens import Codec, Derived, Each, Join, Map, Nest, Rule, Slots
from anyerp.lens.path import general
from anyerp.wire import Headers, Request, Response

#: What says nothing of anybody: dates, moments, truth written as text, codes of up to three capitals.
_HARMLESS = re.compile(
    r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?|/Date\(-?\d+([+-]\d{4})?\)/|true|false|[A-Z]{1,3}|"
)
#: From here on a whole number may be somebody's.
_LONG = 10**6
_SECRET_NAME = re.compile(r"token|secret|password|session|cookie|authorization|api.?key|signature", re.IGNORECASE)


class Recorder:
    """A transport that keeps what passed through it, requests with credentials of their own left out."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.seen: list[tuple[Request, str, Response]] = []

    def send(self, request: Request, url: str, headers: Mapping[str, str] = Headers()) -> Response:
        """Send through the inner transport."""
        response: Response = self._inner.send(request, url, headers)
        if request.authorized:
            self.seen.append((request, url, response))
        return response

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


def record(erp: Connection, folder: Path) -> list[Path]:
    """Ask each resource for a page of three, a record and one that is missing; write each kind of answer to a file.

    Nothing is written to the ERP. A resource that may not be read is passed over.
    """
    recorder = Recorder(erp._transport)  # noqa: SLF001 - a recorder stands between the two for a while
    erp._transport = erp._runner.transport = recorder  # noqa: SLF001
    hidden = secrets_of(erp._context.credentials)  # noqa: SLF001
    kept: list[Path] = []
    folder.mkdir(parents=True, exist_ok=True)
    for name in erp.resources:
        known = known_paths(erp.connector.resources[name].lens.rules)
        for kind, seen in _asked(erp, recorder, name):
            if seen is not None:
                file = folder / f"{name}-{kind}.json"
                file.write_text(told(*seen, known, hidden), "utf-8")
                kept.append(file)
    return kept


def _asked(erp: Connection, recorder: Recorder, name: str) -> list[tuple[str, tuple[Request, str, Response] | None]]:
    collection, found = erp.collection(name), []

    def last(kind: str) -> None:
        found.append((kind, recorder.seen[-1] if recorder.seen else None))
        recorder.seen.clear()

    try:
        records = collection.page(page_size=3).records if collection.operations["list"] is None else ()
        last("list")
        if collection.operations["get"] is None and records and records[0].id:
            collection.get(records[0].id)
            last("get")
            try:
                collection.get(records[0].id[:-1] + ("0" if records[0].id[-1] != "0" else "1") + "9")
            except NotFound:
                last("missing")
    except AnyErpError:
        last("refused")
    return found


def secrets_of(credentials: Any) -> set[str]:
    """The secrets of a connection, which may stand in no file."""
    values = [getattr(credentials, name) for name in type(credentials).model_fields]
    return {value.get_secret_value() for value in values if isinstance(value, SecretStr)} - {""}


def known_paths(rules: tuple[Rule, ...], prefix: str = "") -> dict[str, set[str] | None]:
    """Paths whose texts are kept: keys and references (None: all of them), codes of a table (these)."""
    found: dict[str, set[str] | None] = {}
    for rule in rules:
        match rule:
            case Map(field=field, path=path, codec=codec):
                if field in ("id", "version") or codec.name in ("reference", "choice"):
                    found[general(prefix + path)] = _codes(codec)
            case Nest(rules=inner, at=at):
                found |= known_paths(inner, prefix + (f"{at}/" if at else ""))
            case Each(path=path, rules=inner):
                found |= known_paths(inner, f"{prefix}{path}/*/")
            case Join() | Slots() | Derived():
                pass
    return found


def _codes(codec: Codec) -> set[str] | None:
    table = {**codec.data.get("table", {}), **codec.data.get("also", {})}
    return {str(key) for key in table} if codec.name == "choice" else None


def told(request: Request, url: str, response: Response, known: Mapping[str, set[str] | None], hidden: set[str]) -> str:
    """One exchange as JSON: method, path, status, type, body."""
    try:
        body = masked(response.json(), known)
    except ValueError:
        body = f"({len(response.content)} bytes that are no JSON)"
    facts = {"method": request.method, "path": urlsplit(url).path, "status": response.status,
             "content_type": response.media_type, "body": body}  # fmt: skip
    text = json.dumps(facts, indent=2, ensure_ascii=False, default=str)
    for secret in hidden:
        text = text.replace(json.dumps(secret, ensure_ascii=False)[1:-1], "***")
    return text + "\n"


def masked(value: Any, known: Mapping[str, set[str] | None], path: str = "", name: str = "") -> Any:
    """A body whose texts are replaced letter by letter, apart from keys, codes, dates. Its form stays."""
    match value:
        case dict():
            return {key: masked(inner, known, f"{path}/{key}", key) for key, inner in value.items()}
        case list():
            return [masked(inner, known, f"{path}/*", name) for inner in value]
        case str() if _SECRET_NAME.search(name):
            return "***"
        case str():
            return value if _kept(value, path, known) else re.sub(r"[^\W\d_]", _letter, re.sub(r"\d", "0", value))
        case int() if abs(value) >= _LONG and not _kept(str(value), path, known):
            return int("9" * len(str(abs(value))))  # a telephone or an account may be a number
        case _:
            return value


def _letter(found: re.Match[str]) -> str:
    return "X" if found[0].isupper() else "x"


def _kept(value: str, path: str, known: Mapping[str, set[str] | None]) -> bool:
    if _HARMLESS.fullmatch(value):
        return True
    return any(path.endswith("/" + tail) and (codes is None or value in codes) for tail, codes in known.items())
