"""`anyerp list` and `anyerp get`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Annotated, Any

from cyclopts import Parameter

from anyerp.cli import flat
from anyerp.cli.names import ConnectionName, ResourceName, collection, moment, opened, resource_named
from anyerp.cli.output import Format, FormatOption, Row, chosen, clean, line, show, tell
from anyerp.connection import Collection
from anyerp.errors import ConfigError
from anyerp.lens import Rejected
from anyerp.model import RESOURCES
from anyerp.model.base import Record

#: What a person looks for first; other resources show their first fields that hold anything.
COLUMNS = {
    "purchase_orders": ("number", "order_date", "vendor", "status", "total_excl_tax", "currency", "lines"),
    "goods_receipts": ("number", "receipt_date", "purchase_order", "vendor", "vendor_reference", "status", "lines"),
    "vendor_invoices": ("number", "invoice_date", "vendor", "kind", "status", "total_incl_tax", "currency", "due_date"),
    "sales_orders": ("number", "order_date", "customer", "status", "total_excl_tax", "currency", "lines"),
    "stock_levels": ("item", "location", "status", "quantity_on_hand", "quantity_available", "unit", "lot_number"),
}
_ASIDE = ("id", "url", "version", "created_at", "updated_at", "extra", "raw")
_LINE = (
    "number",
    "item",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "status",
    "requested_date",
    "kind",
    "purchase_order",
    "purchase_order_line",
    "location",
)
_MOST = 8
PARTLY = 3

Raw = Annotated[bool, Parameter(help="Keep the ERP's own record beside ours, in raw.", negative="")]


def list_records(
    connection: ConnectionName,
    resource: ResourceName,
    /,
    *,
    updated_since: Annotated[str | None, Parameter(help="Only what changed since: 2026-01-31 or with a time.")] = None,
    limit: Annotated[int | None, Parameter(help="Stop after so many records.")] = None,
    page_size: Annotated[int | None, Parameter(help="Records in one request to the ERP.")] = None,
    raw: Raw = False,
    format: FormatOption = None,
) -> int:
    """List records. Those that cannot be read are named on stderr, and the exit code is then 3."""
    if limit is not None and limit < 0:
        raise ConfigError(f"--limit must not be negative, and is {limit}")
    if page_size is not None and page_size < 1:
        raise ConfigError(f"--page-size must be at least 1, and is {page_size}")
    how, name = chosen(format), resource_named(resource)
    if limit is not None and page_size is None and limit:
        page_size = limit if limit < 100 else None
    since = moment(updated_since)
    with opened(connection) as erp:
        records = collection(erp, name).list(updated_since=since, page_size=page_size, raw=raw)
        _print(name, erp.collection(name), _counted(islice(records, limit), how), how)
        for rejected in records.rejected:
            _complain(rejected, as_json=format in ("json", "jsonl"))
        return PARTLY if records.rejected else 0


def get(
    connection: ConnectionName,
    resource: ResourceName,
    id: str,
    /,
    *,
    raw: Raw = False,
    format: FormatOption = None,
) -> int:
    """Get one record by its id."""
    how, name = chosen(format), resource_named(resource)
    with opened(connection) as erp:
        records = collection(erp, name)
        record = dumped(records.get(id, raw=raw))
    if how == "table":
        _card(record)
    elif how == "json":
        sys.stdout.write(line(record) + "\n")
    else:
        _print(name, records, [record], how, single=True)
    return 0


def dumped(record: Record) -> Row:
    """A record as JSON values; what the ERP says nothing of is left out."""
    return record.model_dump(mode="json", exclude_none=True)


def _card(record: Row) -> None:
    """One record for a person: its fields below each other, and a table for its lines."""
    from anyerp.cli.table import table  # noqa: PLC0415 - not needed in a pipe

    inner = {name for name, value in record.items() if isinstance(value, list) and value and isinstance(value[0], dict)}
    table([{"field": k, "value": v} for k, v in record.items() if k not in inner], ("field", "value"))
    for name in sorted(inner):
        lines = record[name]
        table(lines, [key for key in _LINE if any(key in row for row in lines)], name)


def _print(
    name: str, records: Collection[Any], found: Iterable[Record | Row], how: Format, *, single: bool = False
) -> None:
    # What lists leave out has no column there: an empty one would say that the ERP has nothing.
    absent = {it.field for it in records.coverage if it.mode == "absent" or not (single or it.listed)}
    rows = (dumped(it) if isinstance(it, Record) else it for it in found)
    model = RESOURCES[name]
    show(
        rows,
        how,
        columns=lambda every: columns(name, every),
        flat=(flat.columns(model, absent), flat.flattener(model)),
    )


def columns(name: str, rows: Sequence[Row]) -> Sequence[str]:
    """The columns of a table of a resource's records."""
    first = ["id"] if any(row.get("id") != row.get("number") for row in rows) else []  # what get and cancel take
    if name in COLUMNS:
        return [*first, *COLUMNS[name]]
    used = {field for row in rows for field in row if field not in _ASIDE and not field.startswith("native_")}
    return [*first, *(field for field in RESOURCES[name].model_fields if field in used)][:_MOST] or ["id"]


def _counted(records: Iterator[Record], how: Format) -> Iterator[Record]:
    """The records, with a running count on a terminal while nothing else is printed there."""
    with ExitStack() as stack:
        status = None
        if sys.stderr.isatty() and (how == "table" or not sys.stdout.isatty()):
            from rich.console import Console  # noqa: PLC0415 - not needed in a pipe

            status = stack.enter_context(Console(stderr=True).status("asking the ERP ..."))
        for count, record in enumerate(records, 1):
            yield record
            if status is not None and count % 50 == 0:
                status.update(f"{count} records ...")


def _complain(rejected: Rejected, *, as_json: bool) -> None:
    if as_json:
        facts = {"rejected": {"reasons": [reason.to_dict() for reason in rejected.reasons]}}
        tell(line(facts))
        return
    reasons = "; ".join(clean(reason.message) for reason in rejected.reasons)
    tell(f"anyerp: one record cannot be read: {reasons}")
