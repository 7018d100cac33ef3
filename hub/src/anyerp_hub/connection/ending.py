"""When credentials end: a certificate among them says so itself, a refresh token by how long the ERP lets it last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, SecretStr

#: How long before their end credentials are called `expiring`, at most; and at most this part of what they last.
SOON, PART = timedelta(days=14), 4


@dataclass(frozen=True, slots=True)
class Ending:
    """When credentials end, and from when on that is told."""

    at: datetime
    told: datetime

    @classmethod
    def of(cls, at: datetime, lasts: timedelta | None = None) -> Ending:
        """The end of what lasts so long; of a password nobody knows how long."""
        return cls(at, at - (SOON if lasts is None else min(SOON, lasts / PART)))

    def columns(self) -> dict[str, datetime]:
        """As a connection's row holds it."""
        return {"credentials_expire_at": self.at, "expiring_at": self.told}


def of_credentials(credentials: BaseModel) -> Ending | None:
    """The first end of a certificate among credentials; None where there is none, or it cannot be read."""
    found = [end for text in _texts(credentials.model_dump()) for end in _certificates(text)]
    return min(found, key=lambda one: one.at, default=None)


def of_tokens(tokens: Mapping[str, str] | None) -> Ending | None:
    """The end of a refresh token whose store says how long it lasts (`anyerp.kits.refresh`)."""
    end, lasts = (tokens or {}).get("refresh_ends_at"), (tokens or {}).get("refresh_lasts")
    return Ending.of(datetime.fromisoformat(end), timedelta(seconds=float(lasts))) if end and lasts else None


def ends_soon(row: Any, now: datetime) -> bool:
    """Whether the credentials of a connection's row are to be called expiring."""
    if row.credentials_expire_at is None:
        return False
    told: datetime = row.expiring_at or row.credentials_expire_at - SOON
    return told <= now


def _texts(values: Mapping[str, Any]) -> Iterator[str]:
    for value in values.values():
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and "-----BEGIN CERTIFICATE-----" in text:
            yield text


def _certificates(text: str) -> Iterator[Ending]:
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - few connections have one

    try:
        found = load_pem_x509_certificates(text.encode())
    except ValueError:  # whoever uses it says what is wrong with it
        return
    for each in found:
        yield Ending.of(each.not_valid_after_utc, each.not_valid_after_utc - each.not_valid_before_utc)
