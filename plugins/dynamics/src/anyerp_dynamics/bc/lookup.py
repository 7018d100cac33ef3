"""Looking up what a record refers to by number or code, and refusing by name what is not there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from anyerp.connector import Context, Flow
from anyerp.errors import InvalidRecord, Problem
from anyerp.model import Ref

from anyerp_dynamics.bc.company import company
from anyerp_dynamics.bc.service import EntitySet, any_of

#: Values of one filter: `or` is taken for one field only, and an address has an end (dynamics sheet §2.3).
_AT_ONCE = 40
_REMEMBERED = timedelta(minutes=1)


class Problems:
    """Everything that is wrong with a record, raised together."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, pointer: str, field: str, native: str, why: str, code: str = "unknown_reference") -> None:
        """Note what is wrong with a field: both sides' names and the reason."""
        self.found.append(Problem(f"{field} <-> {native}: {why}", pointer, code))

    def demand(self) -> None:
        """Raise `InvalidRecord` if anything was noted."""
        if self.found:
            words = self.found[0].message if len(self.found) == 1 else f"{len(self.found)} values lead nowhere"
            raise InvalidRecord(words, problems=self.found, hint="nothing was sent; mend these fields")


def by_field(
    ctx: Context, entity_set: str, field: str, wanted: Iterable[str], give: str = "id"
) -> Flow[dict[str, list[str]]]:
    """What rows have in one field (`give`) by the value of another, in capitals: one call for forty values.

    What was found is remembered for a minute, so that many documents in a row do not ask for the same items.
    """
    values = sorted({value.upper().strip() for value in wanted})
    known: dict[tuple[str, ...], tuple[list[str], datetime]] = ctx.memory.setdefault("looked up", {})
    now, key = ctx.now(), (entity_set, field, give)
    found = {value: known[*key, value][0] for value in values if (*key, value) in known and known[*key, value][1] > now}
    values = [value for value in values if value not in found]
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        found |= {value: [] for value in some}
        condition = any_of(field, some)
        for row in (yield from EntitySet(entity_set).select(ctx, condition, give, field)):
            found.setdefault(str(row.get(field)).upper(), []).append(str(row.get(give)))
        known |= {(*key, value): (found[value], now + _REMEMBERED) for value in some if found[value]}
    return found


def one(found: dict[str, list[str]], value: str) -> tuple[str | None, str]:
    """The single answer for a value, or why there is none."""
    match found.get(value.upper().strip(), []):
        case [only]:
            return only, ""
        case []:
            return None, f"no record has {value!r}"
        case several:
            return None, f"{len(several)} records have {value!r}; say which"


class References:
    """References given by number, gathered first, then looked up with one call for each set."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[str, str], list[tuple[str, str, Ref]]] = {}
        self._done: dict[str, Ref] = {}
        self._company: Ref | None = None
        self._problems = Problems()

    def want(self, pointer: str, field: str, entity_set: str, by: str, ref: Ref | None) -> None:
        """Note a reference. One that has an id is told by it alone."""
        if ref is None:
            return
        if ref.id is not None:
            self._done[pointer] = Ref(id=ref.id)
        elif ref.number is None:
            self._problems.add(pointer, field, f"{entity_set}.{by}", "neither id nor number is given")
        else:
            self._wanted.setdefault((entity_set, by), []).append((pointer, field, ref))

    def company(self, ref: Ref | None) -> None:
        """Note the company: the connection's own is known already."""
        self._company = ref

    def found(self, ctx: Context) -> Flow[dict[str, Ref]]:
        """Each reference by its pointer, with its id. Raises `InvalidRecord` naming all that lead nowhere."""
        done = dict(self._done)
        yield from self._at_home(ctx, done)
        for (entity_set, by), wanted in self._wanted.items():
            known = yield from by_field(ctx, entity_set, by, (ref.number for _, _, ref in wanted if ref.number))
            for pointer, field, ref in wanted:
                id, why = one(known, str(ref.number))
                if id is None:
                    self._problems.add(pointer, field, f"{entity_set}.{by}", why)
                else:
                    done[pointer] = Ref(id=id)
        self._problems.demand()
        return done

    def _at_home(self, ctx: Context, done: dict[str, Ref]) -> Flow[None]:
        if self._company is None:
            return
        if self._company.id is not None:
            done["/company"] = Ref(id=self._company.id)
            return
        at = yield from company(ctx)
        if (self._company.number or "").lower() == at.name.lower():
            done["/company"] = Ref(id=at.id)
        else:
            why = f"this connection works in {at.name!r}, not in {self._company.number!r}"
            self._problems.add("/company", "company", "companies.name", why)
