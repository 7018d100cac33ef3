"""Entity tags: weak, base64 of whatever the product puts inside, and the preconditions that rest on them."""

from __future__ import annotations

from base64 import b64decode, b64encode


def weak(text: str) -> str:
    """Make `W/"<base64 of 'text'>"`: both products put the text in apostrophes first (dynamics sheet §1.4, §2.2)."""
    inside = b64encode(f"'{text}'".encode()).decode()
    return f'W/"{inside}"'


def unwrap(tag: str) -> str | None:
    """Give the text inside a tag made by `weak`, or None when it is garbled."""
    if not (tag.startswith('W/"') and tag.endswith('"')):
        return None
    try:
        text = b64decode(tag[3:-1], validate=True).decode()
    except ValueError:
        return None
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else None


def matches(header: str, current: str) -> bool:
    """Whether an `If-Match` value (a list of tags, or `*`) allows a change of the row whose tag is `current`."""
    return any(tag.strip() in ("*", current) for tag in header.split(","))
