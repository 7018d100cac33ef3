"""Dates as the account shows and understands them: its display format, and Oracle's format models."""

from __future__ import annotations

import re
from datetime import date, datetime

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_MODEL = re.compile(r'"[^"]*"|YYYY|YY|MONTH|MON|MM|DD|HH24|HH12|HH|MI|SS|AM|PM|DY|.', re.IGNORECASE | re.DOTALL)
_PARSERS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MM": r"(?P<month>\d{1,2})",
    "MON": r"(?P<name>[A-Za-z]{3})",
    "DD": r"(?P<day>\d{1,2})",
    "HH24": r"(?P<hour>\d{1,2})",
    "HH12": r"(?P<hour12>\d{1,2})",
    "HH": r"(?P<hour12>\d{1,2})",
    "MI": r"(?P<minute>\d{1,2})",
    "SS": r"(?P<second>\d{1,2})",
    "AM": r"(?P<half>[AaPp][Mm])",
    "PM": r"(?P<half>[AaPp][Mm])",
}


class DateStyle:
    """How the role shows dates: `M/D/YYYY`, `D/M/YYYY`, `YYYY-M-D`, ...; MM and DD pad with a zero (sheet §4)."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._parts = re.findall(r"YYYY|MM|M|DD|D|.", pattern)
        numbers = {"YYYY": r"(?P<y>\d{4})", "M": r"(?P<m>\d{1,2})", "D": r"(?P<d>\d{1,2})"}
        numbers |= {"MM": numbers["M"], "DD": numbers["D"]}
        self._reading = re.compile("".join(numbers.get(part, re.escape(part)) for part in self._parts))

    def show(self, value: date) -> str:
        """The date without its time, whatever it had."""
        texts = {
            "YYYY": f"{value.year:04}",
            "M": str(value.month),
            "MM": f"{value.month:02}",
            "D": str(value.day),
            "DD": f"{value.day:02}",
        }
        return "".join(texts.get(part, part) for part in self._parts)

    def read(self, text: str) -> date | None:
        """The date of a text in this format, or None."""
        match = self._reading.fullmatch(text.strip())
        try:
            return date(int(match["y"]), int(match["m"]), int(match["d"])) if match else None
        except ValueError:
            return None


def to_char(value: datetime, model: str) -> str:
    """A moment by an Oracle format model: `YYYY-MM-DD"T"HH24:MI:SS"Z"`."""

    def part(match: re.Match[str]) -> str:
        token = match[0]
        if token.startswith('"'):
            return token[1:-1]
        month = _MONTHS[value.month - 1]
        texts = {
            "YYYY": f"{value.year:04}",
            "YY": f"{value.year % 100:02}",
            "MM": f"{value.month:02}",
            "MON": month if token.isupper() else month.title(),
            "DD": f"{value.day:02}",
            "HH24": f"{value.hour:02}",
            "HH12": f"{value.hour % 12 or 12:02}",
            "HH": f"{value.hour % 12 or 12:02}",
            "MI": f"{value.minute:02}",
            "SS": f"{value.second:02}",
            "AM": "AM" if value.hour < 12 else "PM",
            "PM": "AM" if value.hour < 12 else "PM",
        }
        return texts.get(token.upper(), token)

    return _MODEL.sub(part, model)


def to_date(text: str, model: str) -> datetime:
    """A text by an Oracle format model. Raises `ValueError` when it does not fit."""
    pattern = ""
    for match in _MODEL.finditer(model):
        token = match[0]
        literal = token[1:-1] if token.startswith('"') else token
        pattern += _PARSERS.get(token.upper(), re.escape(literal))
    found = re.fullmatch(pattern, text.strip())
    if found is None:
        raise ValueError(f"date format picture does not match: {model}")
    parts = found.groupdict()
    year = int(parts["year"]) if parts.get("year") else 2000 + int(parts.get("short") or 0)
    month = _MONTHS.index(parts["name"].upper()) + 1 if parts.get("name") else int(parts.get("month") or 1)
    hour = int(parts.get("hour") or 0)
    if parts.get("hour12"):
        hour = int(parts["hour12"]) % 12 + (12 if (parts.get("half") or "").upper() == "PM" else 0)
    day, minute, second = int(parts.get("day") or 1), int(parts.get("minute") or 0), int(parts.get("second") or 0)
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the account's own clock
