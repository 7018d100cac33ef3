"""Tokens: shown once, checked without the database where possible, ended at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from anyerp.errors import ConfigError
from anyerp_hub.error import NoSuchThing, TokenExpired, TokenRejected, TokenRevoked
from anyerp_hub.store import Database, table
from anyerp_hub.vault import form
from anyerp_hub.vault.secret import Secrets
from anyerp_hub.vault.token import Tokens


@pytest.fixture
def tokens(database: Database, secrets: Secrets) -> Tokens:
    with database.begin() as tx:
        for id in ("con_1", "con_2"):
            now = database.now(tx)
            values = {
                "id": id, "connector": "acme", "name": id, "lifecycle": "active", "health": "ok", "since": now,
                "settings": {}, "revision": 1, "metadata": {}, "streak": 0, "probe_failures": 0, "created_at": now,
                "updated_at": now,
            }  # fmt: skip
            tx.execute(table.connection.insert().values(values))
    return Tokens(database, secrets)


def test_a_token_is_known_again(tokens: Tokens):
    issued = tokens.issue("con_1", name="erp sync")
    assert issued.secret.startswith("any_")
    assert len(issued.secret) == 40
    found = tokens.verify(issued.secret)
    assert (found.id, found.connection_id, found.name) == (issued.token.id, "con_1", "erp sync")


def test_the_database_holds_no_token(tokens: Tokens, database: Database):
    issued = tokens.issue("con_1")
    with database.read() as tx:
        stored = str(tx.execute(sa.select(table.token)).mappings().one())
    assert issued.secret[12:] not in stored
    assert issued.secret not in repr(issued)


def test_every_typing_error_is_told_without_asking_the_database(tokens: Tokens, database: Database):
    secret = tokens.issue("con_1").secret
    database.close()
    sa.event.listen(database.engine, "begin", lambda _: pytest.fail("the database was asked"))
    for place in range(4, len(secret)):
        typo = secret[:place] + ("a" if secret[place] != "a" else "b") + secret[place + 1 :]
        with pytest.raises(TokenRejected, match="no token of anyerp"):
            tokens.verify(typo)


@pytest.mark.parametrize("text", ["", "any_", "Bearer x", "any_" + "é" * 36, "any_" + "0" * 100, "sk_live_1"])
def test_foreign_text_is_no_token(tokens: Tokens, text: str):
    with pytest.raises(TokenRejected):
        tokens.verify(text)


def test_a_well_formed_token_that_nobody_issued_is_rejected(tokens: Tokens):
    with pytest.raises(TokenRejected, match="nobody has issued"):
        tokens.verify(form.make())


def test_a_token_that_shares_the_lookup_of_another_is_rejected(tokens: Tokens):
    secret = tokens.issue("con_1").secret
    body = secret[4:12] + "0" * 22
    with pytest.raises(TokenRejected, match="nobody has issued"):
        tokens.verify(f"any_{body}{form._checksum(body)}")


def test_a_token_ends_at_its_time_and_not_before(tokens: Tokens, clock):
    secret = tokens.issue("con_1", valid_for=timedelta(hours=1)).secret
    clock.advance(minutes=59)
    tokens.verify(secret)
    clock.advance(minutes=1)
    with pytest.raises(TokenExpired, match="2026-03-01T13:00:00Z"):
        tokens.verify(secret)


def test_a_revoked_token_is_worthless_at_once(tokens: Tokens):
    issued = tokens.issue("con_1")
    tokens.revoke(issued.token.id)
    with pytest.raises(TokenRevoked):
        tokens.verify(issued.secret)


def test_revoking_again_keeps_the_first_moment(tokens: Tokens, clock):
    issued = tokens.issue("con_1")
    tokens.revoke(issued.token.id)
    first = tokens.list("con_1")[0].revoked_at
    clock.advance(hours=1)
    tokens.revoke(issued.token.id)
    assert tokens.list("con_1")[0].revoked_at == first


def test_revoking_what_is_not_there_is_said(tokens: Tokens):
    with pytest.raises(NoSuchThing, match="tok_x"):
        tokens.revoke("tok_x")


def test_use_is_noted_once_a_minute(tokens: Tokens, clock):
    secret = tokens.issue("con_1").secret
    for _ in range(3):
        tokens.verify(secret)
        clock.advance(seconds=25)
    assert tokens.verify(secret).connection_id == "con_1"
    used = tokens.list("con_1")[0].last_used_at
    assert used is not None
    assert clock.at - used < timedelta(minutes=1)


def test_scopes_hold_what_they_name_and_nothing_else(tokens: Tokens):
    orders = tokens.issue("con_1", scopes=["purchase_orders:read"]).token
    assert orders.allows("purchase_orders", "read")
    assert not orders.allows("purchase_orders", "write")
    assert not orders.allows("vendors", "read")
    assert not orders.allows("hub", "read")
    everything = tokens.issue("con_1").token
    assert everything.allows("vendors", "write")
    assert not everything.allows("hub", "read")
    operator = tokens.issue(scopes=["hub:read"]).token
    assert operator.allows("hub", "read")
    assert not operator.allows("hub", "write")
    assert not operator.allows("vendors", "read")


@pytest.mark.parametrize(
    ("connection", "scopes", "words"),
    [
        ("con_1", ["purchase orders"], "is no scope"),
        ("con_1", ["vendors:delete"], "is no scope"),
        ("con_1", ["hub:read"], "cannot govern the hub"),
        (None, ["vendors:read"], "needs a connection"),
    ],
)
def test_scopes_that_make_no_sense_are_refused(tokens: Tokens, connection, scopes, words):
    with pytest.raises(ConfigError, match=words):
        tokens.issue(connection, scopes=scopes)
