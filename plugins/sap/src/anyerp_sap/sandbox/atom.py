"""Entities as Atom XML, what is served unless JSON is asked for; a minimal feed (sap sheet §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from anyerp_sap.sandbox.edm import Entity, Property, Row
from anyerp_sap.sandbox.etag import etag_of
from anyerp_sap.sandbox.query import Shape
from anyerp_sap.sandbox.render import Renderer
from anyerp_sap.sandbox.values import shown

_SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
    ' xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"'
)
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_RELATED = "http://schemas.microsoft.com/ado/2007/08/dataservices/related/"


def feed(renderer: Renderer, shape: Shape, rows: Sequence[Row], count: int | None, link: str | None) -> bytes:
    """Write a page of rows as a feed."""
    name = shape.entity.name
    parts = [f"{_HEAD}<feed {_SPACES} xml:base={quoteattr(renderer.root + '/')}>"]
    parts.append(f'<id>{renderer.root}/{name}</id><title type="text">{name}</title>')
    parts += [f"<m:count>{count}</m:count>"] if count is not None else []
    parts += [_entry(renderer, shape, row, "") for row in rows]
    parts += [f'<link rel="next" href={quoteattr(link)}/>'] if link else []
    return ("".join(parts) + "</feed>").encode()


def entry(renderer: Renderer, shape: Shape, row: Row) -> bytes:
    """Write one entity as an entry."""
    return (_HEAD + _entry(renderer, shape, row, f" {_SPACES}")).encode()


def _entry(renderer: Renderer, shape: Shape, row: Row, spaces: str) -> str:
    entity = shape.entity
    uri = escape(renderer.uri(entity, row))
    tag = etag_of(entity, row)
    etag = f" m:etag={quoteattr(tag)}" if tag else ""
    links = "".join(_link(renderer, shape, row, name) for name in (n.name for n in shape.navigations))
    properties = "".join(_property(p, shape, row, renderer.language) for p in shape.properties)
    return (
        f'<entry{spaces}{etag}><id>{uri}</id><title type="text"/>'
        f'<category term="{renderer.namespace}.{entity.type_name}"'
        ' scheme="http://schemas.microsoft.com/ado/2007/08/dataservices/scheme"/>'
        f'{links}<content type="application/xml"><m:properties>{properties}</m:properties></content></entry>'
    )


def _link(renderer: Renderer, shape: Shape, row: Row, name: str) -> str:
    navigation = shape.entity.navigations[name]
    kind = "feed" if navigation.many == "*" else "entry"
    href = quoteattr(f"{renderer.uri(shape.entity, row)}/{name}")
    start = f'<link rel="{_RELATED}{name}" type="application/atom+xml;type={kind}" title="{name}" href={href}'
    if name not in shape.expanded:
        return start + "/>"
    below = shape.expanded[name]
    inner = "".join(_entry(renderer, below, r, "") for r in renderer.store.related(shape.entity, row, navigation))
    return f"{start}><m:inline>{f'<feed>{inner}</feed>' if kind == 'feed' else inner}</m:inline></link>"


def _property(prop: Property, shape: Shape, row: Row, language: str) -> str:
    value = row.get(prop.name, prop.initial)
    if value is None:
        return f'<d:{prop.name} m:null="true"/>'
    return f"<d:{prop.name}>{escape(xml_text(prop, shape.entity, row, language))}</d:{prop.name}>"


def xml_text(prop: Property, entity: Entity, row: Row, language: str) -> str:
    """Write a value in its XML form: stamps in ISO 8601, Booleans in lower case."""
    value = row.get(prop.name, prop.initial)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond:06}0Z"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}T00:00:00"
    return str(shown(prop, entity, row, language))


def value(prop: Property, entity: Entity, row: Row, language: str) -> bytes:
    """Write one property as an XML document."""
    space = 'xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices"'
    return f"{_HEAD}<{prop.name} {space}>{escape(xml_text(prop, entity, row, language))}</{prop.name}>".encode()
