"""Documents that an approval procedure keeps as drafts: the POST is answered without one (sap sheet §13, Approval)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import AnyErpError, NotFound, NotSupported, OutcomeUnknown
from anyerp.kits.odata import v4

from anyerp_sap.b1.document import DOCUMENT, key_field
from anyerp_sap.b1.lens.status import DRAFT
from anyerp_sap.b1.refusal import NO_RECORD, code_of, explain
from anyerp_sap.b1.service import EntitySet

_PREFIX = "draft-"
_NOT_FOUND, _NO_CONTENT = 404, 204
_DONE = ("dasGenerated", "dasGeneratedbyAuthorizer")
Native = dict[str, Any]


def is_draft(id: str) -> bool:
    """Whether an id means a draft (`draft-12`)."""
    return id.startswith(_PREFIX)


def no_draft(id: str) -> None:
    """Raises `NotSupported` for a draft: what is done to documents cannot be done to it."""
    if is_draft(id):
        raise NotSupported(
            f"{id}: what waits for approval is withdrawn by its author in Business One",
            hint="it becomes a document of its own once it is approved",
        )


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of one kind of document, which all kinds share a set for."""

    documents: EntitySet
    object_code: str

    @property
    def among(self) -> EntitySet:
        """The set, narrowed to this kind."""
        return EntitySet(
            "Drafts",
            "DocEntry",
            DOCUMENT,
            numeric=True,
            only=f"DocObjectCode eq '{self.object_code}'",
            created="CreationDate",
            always=("DocObjectCode", "AuthorizationStatus"),
        )

    def at(self, id: str) -> str:
        """The path of a document, or of a draft."""
        return self.among.at(id.removeprefix(_PREFIX)) if is_draft(id) else self.documents.at(id)

    def get(self, ctx: Context, id: str) -> Flow[Native]:
        """One draft; once it is approved, the document that was made of it, where the caller's key tells which."""
        found = yield from self.among.one(ctx, id.removeprefix(_PREFIX))
        if found.get("DocObjectCode") != self.object_code:
            raise NotFound(f"{id} is the draft of something else")
        if found.get("AuthorizationStatus") in _DONE:
            field = yield from key_field(ctx, self.documents)
            made = None
            if found.get(field):
                made = yield from self.documents.first(ctx, f"{field} eq {v4.literal(found[field])}")
            if made is not None:
                return made
        return _marked(found)

    def find(self, ctx: Context, condition: str) -> Flow[Native | None]:
        """The first draft for which a condition holds."""
        found = yield from self.among.first(ctx, condition)
        return None if found is None else _marked(found)

    def several(self, ctx: Context, field: str, keys: Sequence[str]) -> Flow[dict[str, Native]]:
        """The drafts that bear one of these keys."""
        found = yield from self.among.several(ctx, field, keys)
        return {key: _marked(native) for key, native in found.items()}

    def create(self, ctx: Context, body: Native) -> Flow[Native]:
        """Send a new document, and give the draft where it became one.

        That is answered with 204, or with 404 and -2028, as for a reference that leads nowhere. Without a key of the
        caller's on it a draft cannot be found again. Raises `OutcomeUnknown` then for a 204.
        """
        request = Request("POST", self.documents.name, json=body, accept=(_NOT_FOUND,))
        response = yield from ask(request)
        if not self.unclear(response):
            return (yield from self.documents.given(ctx, response))
        return (yield from self.kept(ctx, body, response))

    def unclear(self, response: Response) -> bool:
        """Whether an answer leaves open what became of a new document."""
        return response.status in (_NO_CONTENT, _NOT_FOUND)

    def kept(self, ctx: Context, body: Native, response: Response) -> Flow[Native]:
        """The draft that a new document became, by the caller's key on it. Raises what the answer means without one."""
        field = yield from key_field(ctx, self.documents)
        found = None
        if body.get(field) is not None:
            found = yield from self.find(ctx, f"{field} eq {v4.literal(body[field])}")
        if found is None:
            raise _lost(ctx, Request("POST", self.documents.name), response)
        return found


def _marked(native: Mapping[str, Any]) -> Native:
    return {**native, DRAFT: True}


def _lost(ctx: Context, request: Request, response: Response) -> AnyErpError:
    if response.status == _NO_CONTENT:
        return OutcomeUnknown(
            "it was accepted without being made: an approval procedure keeps it as a draft",
            status=response.status,
            hint="give key=, so that it can be found among the drafts",
        )
    error = explain(ctx, request, response)
    if code_of(response) == NO_RECORD:
        error.hint = f"{error.hint}; or an approval procedure kept it as a draft, so look there first"
    return error
