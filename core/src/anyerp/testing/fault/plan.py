"""Which request is struck by what: decided by a seed, or by a list of what was struck before."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from anyerp.testing.sandbox import Call

#: drop_before    the connection breaks before the ERP sees the request
#: drop_after     the ERP does the work, and its answer is lost
#: delay          the answer comes late
#: drip           the answer comes byte by byte
#: truncate       the connection breaks in the middle of the answer
#: garble         bytes of the answer's body are others
#: too_many       429, with one of `retry_after`
#: overloaded     503 with an HTML page, as a gateway in front sends it, and with one of `retry_after`
#: expire         `expire` is called first: sessions and tokens end just before the request
#: insert         `insert` is called first: somebody else writes while we page
#: repeat         a read is answered by the last page of the same list once more
#: reorder        the rows of a page come in another order
Kind = Literal[
    "drop_before", "drop_after", "delay", "drip", "truncate", "garble", "too_many", "overloaded",
    "expire", "insert", "repeat", "reorder",
]  # fmt: skip

#: Values of `Retry-After`: no wait, nothing useful, or none at all. Those that ask for long waits are a test's own.
RETRY_AFTER = ("0", "-1", "soon", "Wed, 01 Jan 2020 00:00:00 GMT", "")


@dataclass(frozen=True, slots=True)
class Strike:
    """One request that was struck: the `number`th with its method on its path (from 1)."""

    kind: Kind
    method: str
    path: str
    number: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What strikes how often: `rates` are shares of the requests, together at most 1, for which `only` holds.

    A request is known by its method, its path and how many of these came before it, so that a client which does the
    same once more meets the same faults. With `in_a_row` at most so many requests on one path are struck one after the
    other, so that patience is rewarded. Times are seconds: `delay` before a late answer, `drip` between two bytes.
    """

    seed: int = 0
    rates: Mapping[Kind, float] = field(default_factory=dict)
    only: Callable[[Call], bool] = lambda call: True
    in_a_row: int | None = None
    delay: float = 0.05
    drip: float = 0.01
    retry_after: tuple[str, ...] = RETRY_AFTER
    rows: str = "value"
    expire: Callable[[], object] | None = None
    insert: Callable[[], object] | None = None
    script: Mapping[tuple[str, str, int], Kind] | None = None

    def __post_init__(self) -> None:
        if not 0 <= sum(self.rates.values()) <= 1 or any(rate < 0 for rate in self.rates.values()):
            raise ValueError("rates are shares of all requests, together at most 1")

    @classmethod
    def again(cls, strikes: Iterable[Strike], **options: object) -> Plan:
        """The plan that strikes exactly these requests."""
        script = {(strike.method, strike.path, strike.number): strike.kind for strike in strikes}
        return replace(cls(**options), script=script)  # type: ignore[arg-type]

    def kind(self, call: Call, number: int) -> Kind | None:
        """What strikes a request, if anything does."""
        path = call.target.partition("?")[0]
        if self.script is not None:
            return self.script.get((call.method, path, number))
        if not self.only(call):
            return None
        lot = self._random(call.method, path, number).random()
        for kind, rate in self.rates.items():
            if lot < rate:
                return kind
            lot -= rate
        return None

    def choice(self, call: Call, number: int) -> str:
        """One of the `retry_after`, by the seed."""
        return self._random(call.method, call.target.partition("?")[0], -number).choice(self.retry_after)

    def _random(self, *facts: object) -> random.Random:
        return random.Random(f"{self.seed}|{facts}")  # noqa: S311 - it must be the same every time
