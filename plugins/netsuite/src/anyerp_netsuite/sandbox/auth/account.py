"""The two spellings of one account: host id and realm (netsuite sheet §1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ALLOWED = re.compile(r"[A-Za-z0-9]+([_-][A-Za-z0-9]+)?")


@dataclass(frozen=True)
class Account:
    """An account id as anyone spells it. Raises `ValueError` for what cannot be part of a host name."""

    id: str

    def __post_init__(self) -> None:
        if not _ALLOWED.fullmatch(self.id):
            raise ValueError(f"{self.id!r} is no account id")

    @property
    def host_id(self) -> str:
        """`1234567-sb1`, the first label of the host name."""
        return self.id.lower().replace("_", "-")

    @property
    def realm(self) -> str:
        """`1234567_SB1`, the realm of TBA headers."""
        return self.id.upper().replace("-", "_")

    @property
    def host(self) -> str:
        """The host of everything REST."""
        return f"{self.host_id}.suitetalk.api.netsuite.com"
