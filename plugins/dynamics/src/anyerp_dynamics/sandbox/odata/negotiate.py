"""Media types and preferences: what `Accept`, `$format`, `Content-Type` and `Prefer` ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .error import ODataError

Level = Literal["none", "minimal", "full"]


@dataclass(frozen=True, slots=True)
class Format:
    """The JSON that a client wants: metadata level, and whether long numbers are text (IEEE754Compatible)."""

    metadata: Level = "minimal"
    ieee754: bool = False

    @property
    def media_type(self) -> str:
        """The content type of an answer in this format."""
        tail = "; IEEE754Compatible=true" if self.ieee754 else ""
        return f"application/json; odata.metadata={self.metadata}; odata.streaming=true{tail}"


def _parameters(text: str) -> tuple[str, dict[str, str]]:
    name, *rest = (part.strip() for part in text.split(";"))
    found = (part.partition("=") for part in rest)
    return name.lower(), {key.strip().lower(): value.strip().strip('"') for key, _, value in found}


def wanted_format(accept: str | None, option: str | None = None) -> Format:
    """Give the format for an `Accept` header, or for `$format` which wins.

    Raises `media_type` (406) when JSON is not among them.
    """
    if option == "json":
        return Format()
    for choice in (option or accept or "*/*").split(","):
        name, parameters = _parameters(choice)
        level = parameters.get("odata.metadata", parameters.get("metadata", "minimal")).lower()
        if name in ("application/json", "application/*", "*/*") and level in ("none", "minimal", "full"):
            ieee = parameters.get("ieee754compatible", "false").lower() == "true"
            return Format(level, ieee)  # type: ignore[arg-type]
    raise ODataError(
        "media_type", "A supported MIME type could not be found that matches the acceptable MIME types.", status=406
    )


def require_json(content_type: str | None) -> bool:
    """Whether numbers come as text. Raises `media_type` (415) when a body is not declared as JSON."""
    name, parameters = _parameters(content_type or "")
    if name != "application/json":
        raise ODataError(
            "media_type",
            f"The content type '{content_type or ''}' is not supported; send application/json.",
            status=415,
        )
    return parameters.get("ieee754compatible", "false").lower() == "true"


def preferences(header: str | None) -> dict[str, str]:
    """Give a `Prefer` header as {name: value}, e.g. {"odata.maxpagesize": "100", "return": "minimal"}."""
    found = (part.strip().partition("=") for part in (header or "").split(",") if part.strip())
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in found}
