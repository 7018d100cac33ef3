"""What the integration's role may do: permissions that an administrator can take away (netsuite sheet §2d, §4)."""

from __future__ import annotations

from dataclasses import dataclass, field

from anyerp_netsuite.sandbox.problem import forbidden

#: Without these nobody gets in at all: the refusal is INVALID_LOGIN, not a 403.
REST = "REST Web Services"
OAUTH = "Log in using OAuth 2.0 Access Tokens"
TBA = "Log in using Access Tokens"
#: Needed for SuiteQL.
WORKBOOK = "SuiteAnalytics Workbook"


@dataclass
class Role:
    """The permissions taken away: one of the names above, or a record type (`purchaseOrder`)."""

    administrator: bool = False
    revoked: set[str] = field(default_factory=set)
    read_only: set[str] = field(default_factory=set)

    def has(self, permission: str) -> bool:
        """Whether a permission or a record type is left."""
        return permission.lower() not in self.revoked

    def check(self, permission: str, *, writes: bool = False) -> None:
        """Raise a 403 without the permission, or with only the right to look."""
        if not self.has(permission) or (writes and permission.lower() in self.read_only):
            raise forbidden(permission)
