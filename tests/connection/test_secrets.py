"""Signing in to a tiny ERP: one token for all, wrong credentials named, and no secret shown anywhere."""

from __future__ import annotations

import asyncio
import threading

import pytest
from anyerp import ConfigError, CredentialsRejected
from pydantic import SecretStr
from tiny import SECRET, aconnect, connect


def test_many_threads_ask_for_one_token(tiny, erp):
    together, found = threading.Barrier(12), []

    def read():
        together.wait()
        found.append(erp.vendors.get("001").id)

    threads = [threading.Thread(target=read) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (found, tiny.tokens) == (["001"] * 12, 1)


def test_many_tasks_ask_for_one_token(tiny):
    async def main():
        async with aconnect(tiny) as erp:
            return await asyncio.gather(*(erp.vendors.get("001") for _ in range(12)))

    assert len(asyncio.run(main())) == 12
    assert tiny.tokens == 1


def test_a_token_that_has_ended_is_renewed_once_and_unnoticed(tiny, erp):
    erp.vendors.get("001")
    tiny.valid = set()
    assert erp.vendors.get("002").id == "002"
    assert tiny.tokens == 2


def test_credentials_that_are_wrong_say_so_and_not_what_they_were(tiny):
    with connect(tiny, credentials={"user": "u", "password": "wrong-canary"}) as erp:
        with pytest.raises(CredentialsRejected) as caught:
            erp.vendors.get("001")
        assert "wrong-canary" not in str(caught.value) + repr(caught.value) + repr(erp)


def test_settings_and_credentials_that_do_not_fit_are_named_without_their_values(tiny):
    with pytest.raises(ConfigError) as caught:
        connect(tiny, settings={"client": "canary-a", "colour": "canary-b"})
    assert {problem.pointer for problem in caught.value.problems} == {"/settings/client", "/settings/colour"}
    with pytest.raises(ConfigError) as second:
        connect(tiny, credentials={"user": 5, "password": ["canary-c"], "token": SecretStr("canary-d")})
    told = str(caught.value) + str(second.value) + repr(second.value.to_dict())
    assert "canary" not in told
    assert "give one of: user, password" in told


def test_no_error_carries_a_chain_that_shows_a_secret(tiny):
    with pytest.raises(ConfigError) as caught:
        connect(tiny, credentials={"user": "u", "password": 5, "pin": SECRET})
    error = caught.value
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert SECRET not in str(error)


def test_a_connection_shows_no_secret(erp):
    assert SECRET not in repr(erp) + repr(erp.vendors) + repr(erp.__dict__)
