"""Who calls: Entra applications and the users to which the ERP maps them (dynamics sheet §1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from anyerp.wire import Headers, Response

from ..entra import BadToken, EntraSandbox
from ..odata import EntitySet
from .problem import denied


@dataclass
class User:
    """A user of the ERP. `company` is the default one; `denied` holds (set, operation) pairs outside the roles."""

    name: str
    company: str
    priority: str = "Medium"
    denied: set[tuple[str, str]] = field(default_factory=set)

    def may(self, entity_set: EntitySet, operation: str) -> None:
        """Let an operation (`Read`, `Create`, `Update`, `Delete`) through. Raises `Problem` (403)."""
        if {(entity_set.name, operation), (entity_set.name, "*")} & self.denied:
            raise denied(entity_set.facts.entity, operation)


class Unauthorized(Exception):
    """Nobody the ERP knows; `status` is 401, or what this environment says to an unmapped application."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status

    def response(self) -> Response:
        """Give the answer: an empty body, and where to get a token."""
        challenge = 'Bearer authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
        return Response(self.status, Headers({"WWW-Authenticate": challenge} if self.status == 401 else {}))


class Directory:
    """The page "Microsoft Entra ID applications" of the ERP: client ids and their users."""

    def __init__(self, entra: EntraSandbox, unmapped_status: int) -> None:
        self._entra = entra
        self._status = unmapped_status
        self.users: dict[str, User] = {}

    def user(self, headers: Mapping[str, str]) -> User:
        """Give the user of a call. Raises `Unauthorized`.

        A token whose audience ends in a slash is refused: the scope had one slash too many.
        """
        try:
            bearer = self._entra.read(headers.get("authorization"))
        except BadToken as bad:
            raise Unauthorized(401, str(bad)) from None
        if bearer.audience.endswith("/") or not urlsplit(bearer.audience).netloc:
            raise Unauthorized(401, "The audience of the token is not this environment.")
        user = self.users.get(bearer.client_id)
        if user is None:
            raise Unauthorized(self._status, "The application is not mapped to a user.")
        return user
