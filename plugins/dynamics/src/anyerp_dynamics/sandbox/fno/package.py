"""Data packages: a zip with a manifest, a header and one CSV file per entity (dynamics sheet §1.9)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ..odata import EntitySet, Row
from ..odata.literal import instant_text


def _cell(value: Any) -> str:
    return instant_text(value) if isinstance(value, datetime) else str(value)


def write_package(project: str, parts: Mapping[str, tuple[EntitySet, Iterable[Row]]]) -> bytes:
    """Make a package; `parts` is {entity set name: (set, rows)}. Columns are field names in capitals."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        tag = "DataManagementPackage"
        xmlns = quoteattr("http://schemas.microsoft.com/dynamics/2015/01/DataManagement")
        named = [f"<EntityName>{escape(entity_set.label)}</EntityName>" for entity_set, _ in parts.values()]
        entities = "".join(f"<{tag}EntityData>{name}</{tag}EntityData>" for name in named)
        archive.writestr("Manifest.xml", f"<{tag}Manifest xmlns={xmlns}>{entities}</{tag}Manifest>")
        description = f"<Description>{escape(project)}</Description>"
        archive.writestr("PackageHeader.xml", f"<{tag}Header xmlns={xmlns}>{description}</{tag}Header>")
        for entity_set, rows in parts.values():
            names = [prop.name for prop in entity_set.type.properties]
            text = io.StringIO(newline="")
            table = csv.writer(text)
            table.writerow([name.upper() for name in names])
            table.writerows([[_cell(row[name]) for name in names] for row in rows])
            archive.writestr(f"{entity_set.label}.csv", text.getvalue())
    return made.getvalue()


def read_package(content: bytes) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Give (entity label, rows by column) of a package. Raises `ValueError` when it is none."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        archive.getinfo("Manifest.xml")
    except (zipfile.BadZipFile, KeyError):
        raise ValueError("no data package") from None
    with archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                text = archive.read(name).decode("utf-8-sig")
                yield name.removesuffix(".csv"), list(csv.DictReader(io.StringIO(text)))
