"""Where tokens are asked for (netsuite sheet §2)."""

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - an address
