"""The compiled lens: bytes of a page to validated records, with one decode and one function."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from pydantic import ValidationError

from anyerp.errors import Problem
from anyerp.lens.check import native_types
from anyerp.lens.flat import Flat
from anyerp.lens.generate import generate
from anyerp.lens.path import steps
from anyerp.lens.reading import Unreadable, read
from anyerp.lens.rule import Rule
from anyerp.lens.shape import Shape
from anyerp.model.base import Record
from anyerp.wire import load_json

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be read: its native payload, and why, each reason naming both sides."""

    raw: Any
    reasons: tuple[Problem, ...]


class BadPage(ValueError):
    """The page as a whole has no rows where they belong."""


class Compiled(Generic[R]):
    """A lens made ready for pages whose rows stand at a path (`d/results`, `value`; "" for a bare list).

    `rows(content)` decodes the bytes into native structs; `records(rows)` gives validated records. Where a page does
    not decode or validate as a whole, `careful(content)` takes it record by record and rejects only the bad ones.
    `given` are members that every row has though the page does not say so.
    """

    def __init__(
        self,
        model: type[R],
        rules: Iterable[Rule],
        rows: str,
        flat: Flat | None = None,
        given: Iterable[tuple[str, Any]] = (),
    ) -> None:
        self.model, self.rules, self.path, self.flat = model, tuple(rules), rows, flat
        self._given = dict(given)
        if flat is None:
            row = Shape()
            for path, kind in native_types(self.rules):
                row.leaf(path, kind)
        else:
            row = flat.shape(native_types(self.rules))
        row_type = row.type("Row", self._given)
        self._convert, self.text = generate(self.rules, row, model, flat)
        self._row_shape, self._row_type = row, row_type
        self._page = msgspec.json.Decoder(_wrapped(row_type, rows)).decode
        self._row = msgspec.json.Decoder(row_type).decode
        self._raw_page = msgspec.json.Decoder(_wrapped(msgspec.Raw, rows)).decode
        self._unwrap = _unwrapper(rows)

    def rows(self, content: bytes) -> list[Any]:
        """Native structs. Raises `msgspec.ValidationError` for a bad record, `BadPage` where there are no rows."""
        return self._rows(self._page(content))

    def _rows(self, page: Any) -> list[Any]:
        rows = self._unwrap(page)
        if rows is None:
            raise BadPage(f"no list of records at {self.path or 'the top'}")
        return rows  # type: ignore[no-any-return]

    def each(self, rows: Sequence[Any]) -> Iterator[R]:
        """Validated records from native structs, each made when it is asked for.

        What a host has let go of by then is no work for the collector, which would look through a whole page of young
        objects. Raises `ValidationError` or a codec's error at a bad record.
        """
        return self._convert(rows)

    def records(self, rows: Sequence[Any]) -> list[R]:
        """The same records all at once."""
        collecting = gc.isenabled()
        gc.disable()  # for some milliseconds: nothing made here is garbage, and looking for some costs a fifth
        try:
            return list(self._convert(rows))
        finally:
            if collecting:
                gc.enable()

    def careful(self, content: bytes, *, raw: bool = False) -> tuple[list[R], list[Rejected]]:
        """Record by record: the good ones (with their native payload, if `raw`), and the rejected ones with reasons."""
        good: list[R] = []
        bad: list[Rejected] = []
        if self.flat is not None:
            self._carefully(self.flat, content, good, bad, raw=raw)
            return good, bad
        for row in self._raw_rows(content):
            try:
                record = self.records([self._row(row)])[0]
                good.append(record.model_copy(update={"raw": load_json(row)}) if raw else record)
            except Exception:  # noqa: BLE001 - whatever a foreign codec raises, the slow way says what is wrong
                self._slowly(row, good, bad, raw=raw)
        return good, bad

    def _carefully(self, flat: Flat, content: bytes, good: list[R], bad: list[Rejected], *, raw: bool) -> None:
        paths = [path for path, _ in native_types(self.rules)]
        for group in flat.grouped(self.loose(content)):
            try:
                (record,) = self.records(msgspec.convert(group, list[self._row_type]))  # type: ignore[name-defined]
                good.append(record.model_copy(update={"raw": flat.native(group, paths)}) if raw else record)
            except Exception:  # noqa: BLE001 - as above
                self._read(flat.native(group, paths), good, bad, raw=raw)

    def _raw_rows(self, content: bytes) -> list[bytes]:
        try:
            return [bytes(row) for row in self._rows(self._raw_page(content))]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadPage(str(error)) from None

    def loose(self, content: bytes) -> list[Any]:
        """The page's rows as plain values, whatever they hold; what is no JSON is an empty object."""
        found = []
        for row in self._raw_rows(content):
            try:
                found.append(load_json(row))
            except ValueError:
                found.append({})
        return found

    def _slowly(self, row: bytes, good: list[R], bad: list[Rejected], *, raw: bool) -> None:
        try:
            native = load_json(row)
        except ValueError as error:
            bad.append(Rejected(row.decode("utf-8", "replace"), (Problem(f"not readable: {error}"),)))
            return
        if not isinstance(native, dict):
            bad.append(Rejected(native, (Problem(f"a record was expected, {type(native).__name__} came"),)))
            return
        self._read(native, good, bad, raw=raw)

    def _read(self, native: Any, good: list[R], bad: list[Rejected], *, raw: bool) -> None:
        try:
            record = validated(self.model, read(self.rules, {**self._given, **native}))
            good.append(record.model_copy(update={"raw": native}) if raw else record)
        except Unreadable as error:
            bad.append(Rejected(native, (Problem(str(error), code="unreadable"),)))
        except ValidationError as error:
            bad.append(Rejected(native, tuple(explained(error))))

    def native_value(self, row: Any, path: str) -> Any:
        """The value of a mapped path in a native struct (a page's last key)."""
        shape: Shape = self._row_shape
        for step in steps(path):
            if row is None or not isinstance(step, str):
                return None
            row = getattr(row, shape.names[step])
            shape = shape.members[step]
        return row


def validated(model: type[R], values: dict[str, Any]) -> R:
    """One record from plain values. Raises `ValidationError`."""
    return model.model_validate(values)


def explained(error: ValidationError) -> list[Problem]:
    """What Pydantic says, one problem a field, without the input."""
    found: dict[str, Problem] = {}
    for item in error.errors(include_input=False, include_url=False):
        steps_ = [str(part) for part in item["loc"]]
        pointer = "/" + "/".join(steps_)
        found.setdefault(pointer, Problem(f"{'.'.join(steps_)}: {item['msg']}", pointer))
    return list(found.values())


def _wrapped(row: Any, path: str) -> Any:
    kind: Any = list[row]
    for index, step in enumerate(reversed([p for p in path.split("/") if p])):
        kind = msgspec.defstruct(f"Page{index}", [("rows", kind | None, None)], rename={"rows": step}, gc=False)
    return kind


def _unwrapper(path: str) -> Callable[[Any], Any]:
    depth = len([p for p in path.split("/") if p])

    def unwrap(page: Any) -> Any:
        for _ in range(depth):
            if page is None:
                return None
            page = page.rows
        return page

    return unwrap
