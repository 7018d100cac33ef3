"""The one error of the OData room: what is wrong with a request, before a product gives it its own clothes."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "syntax",  # a URL, filter or body that cannot be parsed
    "unknown_resource",  # no such entity set, navigation or action
    "unknown_property",  # no such property on the type
    "unknown_option",  # a system query option that this service does not know
    "not_supported",  # understood, and refused by the product's dialect
    "incompatible_types",  # a comparison of things that cannot be compared
    "type",  # a body value of the wrong type
    "enum",  # a body value or literal that is no member of its enumeration
    "too_long",  # a string over its MaxLength
    "null",  # null where the property may not be null
    "nested",  # a navigation inside a body where it may not be
    "media_type",  # a content type that the service does not read
    "batch",  # a batch that cannot be read
]


class ODataError(Exception):
    """A refused request. `kind` is for the product's table of statuses and codes; `field` names the property if any."""

    def __init__(self, kind: Kind, message: str, *, status: int = 400, field: str | None = None) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.message = message
        self.status = status
        self.field = field
