"""Health over time as a picture: from the audit, one rectangle for each state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from anyerp_hub.connection.info import ConnectionInfo
from anyerp_hub.hub import Hub

#: How far back the picture goes, and how little it shows of a connection that is young.
LONGEST, SHORTEST = timedelta(days=7), timedelta(minutes=1)
#: So narrow a rectangle can still be seen, of 1000.
_NARROW = 3.0
_BAD = ("needs_reauth", "needs_configuration", "unreachable")
_WARN = ("degraded", "rate_limited", "expiring", "paused")
#: In these nothing could have worked: they count neither for nor against it.
_APART = ("created", "pending_auth", "validating", "paused", "disconnected")


@dataclass(frozen=True, slots=True)
class Span:
    """A state from one moment to another, as a rectangle of a picture that is 1000 wide."""

    state: str
    begin: datetime
    end: datetime
    x: float
    width: float
    tone: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The rectangles, the moments below them, the same in words, and how long the time is that they show."""

    spans: Sequence[Span]
    marks: Sequence[str]
    summary: str
    title: str


def picture(hub: Hub, info: ConnectionInfo) -> Picture:
    """The last week of a connection, or as much as there is."""
    end = hub.database.wall()
    begin = end - min(max(end - info.created_at, SHORTEST), LONGEST)
    spans = []
    moves = _moves(hub, info)
    for (at, state), (until, _) in zip(moves, [*moves[1:], (end, "")], strict=True):
        since = max(at, begin)
        if until <= since:
            continue
        x, width = ((since - begin) / (end - begin) * 1000, (until - since) / (end - begin) * 1000)
        width = max(width, _NARROW)
        spans.append(Span(state, since, until, round(min(x, 1000 - width), 1), round(width, 1), _tone(state)))
    title = f"Health over the last {_words(end - begin).removeprefix('1 ')}"
    return Picture(spans, _marks(begin, end), _summary(spans, info), title)


def _moves(hub: Hub, info: ConnectionInfo) -> list[tuple[datetime, str]]:
    health, lifecycle, moves = "ok", "created", []
    for row in hub.audit(info.id, limit=1000, newest=True)[::-1]:
        to = row["detail"].get("to")
        if to is None:
            continue
        if row["action"].startswith("health:"):
            health = to
        else:
            lifecycle = to
        moves.append((datetime.fromisoformat(row["at"]), health if lifecycle == "active" else lifecycle))
    return moves


def _summary(spans: Sequence[Span], info: ConnectionInfo) -> str:
    """How much of the time it worked, of the time in which it could have; in whole seconds, not in what is drawn."""
    could = sum(((span.end - span.begin) for span in spans if span.state not in _APART), timedelta())
    well = sum(((span.end - span.begin) for span in spans if span.state in ("ok", "expiring")), timedelta())
    now = (info.health if info.lifecycle == "active" else info.lifecycle).replace("_", " ")
    if not could:
        return f"not connected in this time; now {now}"
    share = well / could * 100
    # Never round a failure away, nor a success.
    percent = "100" if well == could else "0" if not well else f"{min(max(share, 0.1), 99.9):.1f}"
    return f"ok for {percent} % of the {_words(could).removeprefix('1 ')} that it was connected; now {now}"


def _marks(begin: datetime, end: datetime) -> list[str]:
    """Five moments from left to right, as exactly as the picture is long."""
    span = end - begin
    form = "%a %H:%M" if span > timedelta(days=1) else "%H:%M" if span > timedelta(minutes=20) else "%H:%M:%S"
    return [f"{begin + (end - begin) * part / 4:{form}}" for part in range(5)]


def _words(span: timedelta) -> str:
    """About how long: `3 minutes`, `7 days`."""
    seconds = span.total_seconds()
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {name}" + ("s" if count != 1 else "")
    return f"{max(1, round(seconds))} seconds" if round(seconds) > 1 else "1 second"


def _tone(state: str) -> str:
    return "good" if state == "ok" else "bad" if state in _BAD else "warn" if state in _WARN else "none"
