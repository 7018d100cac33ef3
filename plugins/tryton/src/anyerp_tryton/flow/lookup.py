"""Looking up what a record refers to, by code or name, and refusing by name what is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.errors import InvalidRecord, Problem
from anyerp.model import Ref

from anyerp_tryton import rpc


class Problems:
    """Everything that is wrong with a record, raised together."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, pointer: str, field: str, native: str, why: str) -> None:
        """Note what is wrong with a field: both sides' names and the reason."""
        self.found.append(Problem(f"{field} <-> {native}: {why}", pointer, "unknown_reference"))

    def demand(self) -> None:
        """Raise `InvalidRecord` if anything was noted."""
        if self.found:
            words = self.found[0].message if len(self.found) == 1 else f"{len(self.found)} values lead nowhere"
            raise InvalidRecord(words, problems=self.found, hint="nothing was sent; mend these fields")


def ids(ctx: Context, model: str, field: str, wanted: Iterable[str], *only: Any) -> Flow[dict[str, list[int]]]:
    """The ids of active records by the value of a field (`code`, `party.code`), one call for all; `only` narrows."""
    values = sorted(set(wanted))
    found: dict[str, list[int]] = {value: [] for value in values}
    if values:
        head, _, rest = field.partition(".")
        for row in (yield from rpc.rows(ctx, model, [[field, "in", values], *only], [field])):
            value = (row.get(f"{head}.") or {}).get(rest) if rest else row.get(field)
            found.setdefault(str(value), []).append(row["id"])
    return found


def one(found: dict[str, list[int]], value: str) -> tuple[int | None, str]:
    """The single id for a value, or why there is none."""
    match found.get(value, []):
        case [only]:
            return only, ""
        case []:
            return None, f"no active record has {value!r}"
        case several:
            return None, f"{len(several)} records have {value!r}; give the id"


class References:
    """References given by number, gathered first, then looked up with one call for each model."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[str, str], list[tuple[str, str, Ref]]] = {}
        self._problems = Problems()

    def want(self, pointer: str, field: str, model: str, by: str, ref: Ref | None) -> None:
        """Note a reference; one that has an id already is left as it is."""
        if ref is None or ref.id is not None:
            return
        if ref.number is None:
            self._problems.add(pointer, field, f"{model}.{by}", "neither id nor number is given")
            return
        self._wanted.setdefault((model, by), []).append((pointer, field, ref))

    def found(self, ctx: Context) -> Flow[dict[str, Ref]]:
        """Each looked-up reference by its pointer, with its id. Raises `InvalidRecord` naming all that lead nowhere."""
        done: dict[str, Ref] = {}
        for (model, by), wanted in self._wanted.items():
            known = yield from ids(ctx, model, by, (ref.number for _, _, ref in wanted if ref.number))
            for pointer, field, ref in wanted:
                id, why = one(known, str(ref.number))
                if id is None:
                    self._problems.add(pointer, field, f"{model}.{by}", why)
                else:
                    done[pointer] = ref.model_copy(update={"id": str(id)})
        self._problems.demand()
        return done


def existing(ctx: Context, model: str, wanted: Iterable[int], fields: Iterable[str]) -> Flow[dict[int, dict[str, Any]]]:
    """The active records with these ids, by id. A missing one must be refused here: SQLite stores it (wire §6)."""
    numbers = sorted(set(wanted))
    if not numbers:
        return {}
    rows = yield from rpc.rows(ctx, model, [["id", "in", numbers]], fields)
    return {row["id"]: row for row in rows}
