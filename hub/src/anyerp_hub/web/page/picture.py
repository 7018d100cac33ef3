"""Health over time as a picture: from the audit, one rectangle for each state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from anyerp_hub.connection.info import ConnectionInfo
from anyerp_hub.hub import Hub

DAYS = 7
_BAD = ("needs_reauth", "needs_configuration", "unreachable")
_WARN = ("degraded", "rate_limited", "expiring", "paused")


@dataclass(frozen=True, slots=True)
class Span:
    """A state from a moment on, as a rectangle of a picture that is 1000 wide."""

    state: str
    begin: datetime
    x: float
    width: float
    tone: str


def picture(hub: Hub, info: ConnectionInfo) -> tuple[list[Span], str]:
    """The rectangles, and the same in words."""
    end = hub.database.wall()
    begin = end - timedelta(days=DAYS)
    health, lifecycle, moves = "ok", "created", []
    for row in hub.audit(info.id, limit=1000, newest=True)[::-1]:
        to = row["detail"].get("to")
        if to is None:
            continue
        if row["action"].startswith("health:"):
            health = to
        else:
            lifecycle = to
        at = datetime.fromisoformat(row["at"])
        moves.append((at, health if lifecycle == "active" else lifecycle))
    spans, well = [], 0.0
    for (at, state), (until, _) in zip(moves, [*moves[1:], (end, "")], strict=True):
        since = max(at, begin)
        if until <= begin or until <= since:
            continue
        x, width = ((since - begin) / (end - begin) * 1000, (until - since) / (end - begin) * 1000)
        spans.append(Span(state, at, round(x, 1), round(max(width, 1.0), 1), _tone(state)))
        well += width if state == "ok" else 0.0
    known = sum(span.width for span in spans)
    share = f"{min(100.0, well / known * 100):.0f} %" if known else "none"
    return spans, f"ok for {share} of the time that it was connected; now {info.health.replace('_', ' ')}"


def _tone(state: str) -> str:
    return "good" if state == "ok" else "bad" if state in _BAD else "warn" if state in _WARN else "none"
