"""The calls that both tables of Brickworks have, each a flow; `name` is the table's address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from anyerp.connector import Context, Flow, PageAnswer, Query, Request, Response, ask
from anyerp.errors import UnexpectedPayload
from anyerp.lens import Changes


def body_of(response: Response, member: str) -> dict[str, Any]:
    """The object of an answer, if it has a member. Raises `UnexpectedPayload` for anything else, as a login page."""
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict) or member not in found:
        raise UnexpectedPayload(f"the answer is no object with {member!r}", status=response.status)
    return found


@dataclass(frozen=True)
class Table:
    """One table. `delta` makes the body of a PATCH from what changed."""

    name: str
    delta: Callable[[Changes], dict[str, Any]]

    def path(self, id: str) -> str:
        """The address of a record."""
        return f"v1/{self.name}/{quote(id, safe='')}"

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page; the next one begins at the cursor that Brickworks names."""
        params = {"limit": str(query.page_size)}
        if query.updated_since is not None:
            params["changed_since"] = query.updated_since.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if state is not None:
            params["cursor"] = str(state["cursor"])
        response = yield from ask(Request("GET", f"v1/{self.name}", params))
        following = body_of(response, "items").get("next")
        return PageAnswer(response.content, next=None if following is None else {"cursor": following})

    def get(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One record."""
        return body_of((yield from ask(Request("GET", self.path(id)))), "id")

    def find(self, ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The record that carries our own reference."""
        rows = body_of((yield from ask(Request("GET", f"v1/{self.name}", {"our_ref": key}))), "items")["items"]
        return rows[0] if rows else None

    def create(self, ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """A new record, as Brickworks has it."""
        return body_of((yield from ask(Request("POST", f"v1/{self.name}", json=native))), "id")

    def update(self, ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        """What changed, if nobody else has changed it since it was read."""
        guard = {"If-Match": str(native["revision"])}
        yield from ask(Request("PATCH", self.path(id), headers=guard, json=self.delta(changes)))

    def cancel(self, ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
        """The end of a document."""
        guard = {"If-Match": str(native["revision"])}
        yield from ask(Request("POST", f"{self.path(id)}/cancel", headers=guard))


def of_supplier(changes: Changes) -> dict[str, Any]:
    """The changed fields, those of the address in an object of their own."""
    body = changes.own
    if address := changes.under("address"):
        body["address"] = address
    return body


def of_order(changes: Changes) -> dict[str, Any]:
    """The changed fields; new lines, the changed fields of old ones by number, numbers of those to remove."""
    body = changes.own
    if lines := changes.lists.get("lines"):
        body["lines"] = [*lines.added, *({"no": line["no"], **what.fields} for line, what in lines.changed)]
        body["remove_lines"] = [line["no"] for line in lines.removed]
    return body


SUPPLIERS = Table("suppliers", of_supplier)
ORDERS = Table("orders", of_order)
