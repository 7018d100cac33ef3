"""Files: one for each run that found something, whole or not there at all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyerp.errors import AnyErpError, ConfigError

from anyerp_hub.flow.definition import Files
from anyerp_hub.flow.path import Column
from anyerp_hub.flow.row import ExportFailed, Row, Rows, Shape, fitting, plain


class Writer:
    """Writes the file `stem` in a directory under a name of its own, to be shown under its real one at the end."""

    def __init__(self, target: Files, columns: Sequence[Column], stem: str, run: str) -> None:
        self._format, self._columns = target.format, columns
        self._parquet: Any = _parquet() if target.format == "parquet" else None
        self._run, self._stem, self._folder = run, stem, Path(target.directory)
        self._staged: dict[Path, Path] = {}

    @property
    def shape(self) -> Shape:
        """Makes this format's values of a record's JSON."""
        if self._format == "jsonl":
            return lambda values: values
        return lambda values: (plain if self._format == "csv" else fitting)(self._columns, values)

    def stage(self, rows: Rows, letters: bool) -> None:
        """Write what there is; nothing is to be seen yet. Raises `ExportFailed`."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for left in self._folder.glob(f".{self._stem}.*.part"):  # by a run that died, or is overtaken by this one
                left.unlink(missing_ok=True)
            if rows.rows:
                self._write(self._part(f"{self._stem}.{self._format}"), rows.rows)
            if letters and rows.problems:
                lines = [{"id": id, "error": error.to_dict()} for id, error in rows.problems]
                _lines(self._part(f"{self._stem}.problems.jsonl"), lines)
        except OSError as error:
            self.drop()
            raise _failed(self._folder, error) from None
        except BaseException:
            self.drop()
            raise

    def show(self) -> None:
        """Give the files their names, in place of those that a run left which died just before its end."""
        try:
            for part, final in self._staged.items():
                part.replace(final)
            if self._staged:
                folder = os.open(self._folder, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        except OSError as error:
            raise _failed(self._folder, error) from None

    def drop(self) -> None:
        """Remove what was not shown."""
        for part in self._staged:
            part.unlink(missing_ok=True)

    def _part(self, name: str) -> Path:
        part = self._folder / f".{self._stem}.{self._run}.{len(self._staged)}.part"
        self._staged[part] = self._folder / name
        return part

    def _write(self, path: Path, rows: Sequence[Row]) -> None:
        if self._format == "jsonl":
            _lines(path, [{"change": row.change, **row.values} for row in rows])
        elif self._format == "csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, ["change", *(column.name for column in self._columns)])
                writer.writeheader()
                writer.writerows({"change": row.change, **row.values} for row in rows)
                _sync(file)
        else:
            self._write_parquet(path, rows)

    def _write_parquet(self, path: Path, rows: Sequence[Row]) -> None:
        pa, parquet = self._parquet
        kinds = {
            bool: pa.bool_(), int: pa.int64(), Decimal: pa.decimal128(38, 18), date: pa.date32(),
            datetime: pa.timestamp("us", tz="UTC"),
        }  # fmt: skip
        schema = pa.schema(
            [("change", pa.string()), *((one.name, kinds.get(one.type, pa.string())) for one in self._columns)]
        )
        try:
            found = pa.Table.from_pylist([{"change": row.change, **row.values} for row in rows], schema=schema)
            parquet.write_table(found, path)
        except pa.ArrowException as error:
            raise ExportFailed(f"Parquet: {error}") from None
        with path.open("rb+") as file:
            _sync(file)


def _lines(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        _sync(file)


def _sync(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _failed(folder: Path, error: OSError) -> AnyErpError:
    return ExportFailed(f"{folder} cannot be written: {error.strerror}", hint="mind its permissions and free space")


def _parquet() -> Any:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ConfigError("Parquet needs an extra", hint="pip install 'anyerp-hub[parquet]'") from None
    return pa, parquet
