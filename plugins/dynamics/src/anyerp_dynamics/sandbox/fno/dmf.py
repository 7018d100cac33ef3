"""Data management: packages in and out, change tracking, executions that take their time (dynamics sheet §1.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid5

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json

from ..odata import EntitySet, ODataError, Property, Row
from ..odata.lexer import instant
from ..odata.value import read_value
from .package import read_package, write_package
from .problem import ODATA, Problem
from .rule import Desk
from .store import Store
from .writing import Editor

_SPACE = UUID("c1a8f6a4-8d0e-4d54-a3a8-5dd1f0f5c0de")


@dataclass
class Project:
    """A data project: its entity sets in order, and whether it exports only what changed since its last export."""

    sets: tuple[str, ...]
    tracked: bool = False
    exported: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass
class Execution:
    """One run. `polls` says how often it still answers Executing."""

    status: str
    polls: int
    package: str = ""
    errors: list[str] = field(default_factory=list)


class DataManagement:
    """The actions of data management, and the blobs they speak of. `polls` is how long a run takes."""

    def __init__(self, store: Store, editor: Editor, desk: Callable[[EntitySet], Desk]) -> None:
        self.projects: dict[str, Project] = {}
        self.executions: dict[str, Execution] = {}
        self.blobs: dict[str, bytes | None] = {}
        self.polls = 0
        self._store, self._editor, self._desk = store, editor, desk

    def act(self, name: str, given: Mapping[str, Any], root: str) -> str:
        """Run an action and give its `value`. Raises `Problem`."""
        return str(getattr(self, "_" + name)(given, root.removesuffix("/data")))

    def blob(self, call: Call) -> Response:
        """Answer for a blob: its address is its permission, no bearer is asked for."""
        path = call.target.partition("?")[0]
        if call.target != self._link("", path.rpartition("/")[2]) or path.rpartition("/")[2] not in self.blobs:
            return Response(
                403, Headers({"Content-Type": "application/xml"}), b"<Error><Code>AuthenticationFailed</Code></Error>"
            )
        name = path.rpartition("/")[2]
        if call.method == "PUT":
            if call.headers.get("x-ms-blob-type") != "BlockBlob":
                said = b"<Error><Code>MissingRequiredHeader</Code></Error>"
                return Response(400, Headers({"Content-Type": "application/xml"}), said)
            self.blobs[name] = call.content
            return Response(201)
        content = self.blobs[name]
        return (
            Response(404) if content is None else Response(200, Headers({"Content-Type": "application/zip"}), content)
        )

    @staticmethod
    def _link(base: str, name: str) -> str:
        return f"{base}/blob/dmf/{name}?sig={uuid5(_SPACE, name).hex}"

    def _project(self, name: Any) -> Project:
        if name not in self.projects:
            raise Problem(500, inner=(f"The data project '{name}' does not exist.", ODATA))
        return self.projects[name]

    def _execution(self, given: Mapping[str, Any]) -> Execution | None:
        return self.executions.get(str(given.get("executionId")))

    def _named(self, given: Mapping[str, Any]) -> str:
        wanted = str(given.get("executionId") or "")
        return wanted or f"{given.get('definitionGroupId')}-{len(self.executions) + 1}"

    def _GetAzureWriteUrl(self, given: Mapping[str, Any], base: str) -> str:  # noqa: N802  the action's name
        name = str(given.get("uniqueFileName") or "")
        self.blobs[name] = None
        link = {"BlobId": f"{{{str(uuid5(_SPACE, name)).upper()}}}", "BlobUrl": self._link(base, name)}
        return dump_json(link).decode()

    def sets(self, project: str) -> list[EntitySet]:
        """Give the entity sets of a project. Raises `Problem`."""
        return [self._store.schema.sets[name] for name in self._project(project).sets]

    def collect(self, name: str, company: str) -> tuple[bytes, int]:
        """Make the package of a project for a company; gives it and how many rows are in it.

        A tracked project holds what changed since the last package for that company. Deletes leave no trace.
        """
        project, at = self._project(name), company.casefold()
        parts: dict[str, tuple[EntitySet, list[Row]]] = {}
        for entity_set in self.sets(name):
            since = project.exported.get((entity_set.name, at), 0) if project.tracked else 0
            rows = [
                row
                for row in self._store.rows(entity_set.facts.table)
                if row["_stamp"] > since and row.get("dataAreaId", at) == at
            ]
            parts[entity_set.name] = (entity_set, rows)
            project.exported[entity_set.name, at] = self._store.stamp
        return write_package(name, parts), sum(len(rows) for _, rows in parts.values())

    def _ExportToPackage(self, given: Mapping[str, Any], base: str) -> str:  # noqa: ARG002, N802
        content, _ = self.collect(str(given.get("definitionGroupId")), str(given.get("legalEntityId") or ""))
        execution = self._named(given)
        package = str(given.get("packageName") or f"{execution}.zip")
        self.blobs[package] = content
        self.executions[execution] = Execution("Succeeded", self.polls, package)
        return execution

    def _GetExportedPackageUrl(self, given: Mapping[str, Any], base: str) -> str:  # noqa: N802
        found = self._execution(given)
        return "" if found is None or not found.package or found.polls else self._link(base, found.package)

    def _GetExecutionSummaryStatus(self, given: Mapping[str, Any], base: str) -> str:  # noqa: ARG002, N802
        found = self._execution(given)
        if found is None:
            return "Unknown"
        if found.polls:
            found.polls -= 1
            return "Executing"
        return found.status

    def _GetExecutionErrors(self, given: Mapping[str, Any], base: str) -> str:  # noqa: ARG002, N802
        found = self._execution(given)
        return dump_json([{"ErrorMessage": text} for text in found.errors] if found else []).decode()

    def _ImportFromPackage(self, given: Mapping[str, Any], base: str) -> str:  # noqa: ARG002, N802
        sets = {each.label: each for each in self.sets(str(given.get("definitionGroupId")))}
        if any(run.polls and not run.package for run in self.executions.values()):
            raise Problem(500, inner=("Another import is running; imports do not run in parallel.", ODATA))
        content = self.blobs.get(str(given.get("packageUrl") or "").partition("?")[0].rpartition("/")[2])
        execution = self._named(given)
        run = self.executions[execution] = Execution("NotRun", 0)
        if not given.get("execute"):
            return execution
        run.polls = self.polls
        try:
            files = list(read_package(content or b""))
        except ValueError:
            run.status, run.errors = "Failed", ["The package cannot be read."]
            return execution
        done = sum(
            self.take(sets[label], rows, str(given.get("legalEntityId")), run) for label, rows in files if label in sets
        )
        run.status = "Succeeded" if not run.errors else "PartiallySucceeded" if done else "Failed"
        return execution

    def take(self, entity_set: EntitySet, rows: list[dict[str, str]], company: str, run: Execution) -> int:
        """Put rows of a file into the set, each by itself: new ones are added, known ones changed. Gives how many."""
        desk, done = self._desk(entity_set), 0
        columns = {prop.name.upper(): prop for prop in entity_set.type.properties if not prop.facts.read_only}
        for number, cells in enumerate(rows, 1):
            try:
                given = {columns[name].name: self._read(columns[name], text) for name, text in cells.items()
                         if name in columns and text}  # fmt: skip
                self._editor.put(desk, company, given)
                done += 1
            except (Problem, ODataError, ValueError, InvalidOperation) as error:
                run.errors.append(f"{entity_set.label}, row {number}: {error}")
        return done

    def _read(self, prop: Property, text: str) -> Any:
        if prop.type == "Edm.DateTimeOffset":
            return instant(text)
        if prop.type in ("Edm.Decimal", "Edm.Int32", "Edm.Int64"):
            return read_value(prop, Decimal(text), self._store.schema)
        return read_value(prop, text, self._store.schema)
