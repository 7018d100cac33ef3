"""What is sealed opens where it belongs and nowhere else; keys are exchanged while the hub works."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from anyerp.errors import ConfigError
from anyerp_hub.store import Database
from anyerp_hub.vault import Key, Keyring, SealBroken, Sealer
from anyerp_hub.vault.key import VARIABLE, default_keys
from anyerp_hub.vault.rotation import rotate
from anyerp_hub.vault.secret import Secrets

OLD, NEW = Key("old", b"o" * 32), Key("new", b"n" * 32)


def test_a_sealed_value_opens_for_its_owner(sealer: Sealer):
    sealed = sealer.seal("connection", "con_1", b"hunter2")
    assert sealed.startswith("v1.k1.")
    assert "hunter2" not in sealed
    assert sealer.open("connection", "con_1", sealed) == b"hunter2"


@pytest.mark.parametrize(("kind", "owner"), [("connection", "con_2"), ("endpoint", "con_1")])
def test_a_value_copied_to_another_row_or_column_does_not_open(sealer: Sealer, kind: str, owner: str):
    sealed = sealer.seal("connection", "con_1", b"hunter2")
    with pytest.raises(SealBroken, match=f"{kind} of {owner}"):
        sealer.open(kind, owner, sealed)


def test_a_changed_byte_is_noticed_wherever_it_is(sealer: Sealer):
    sealed = sealer.seal("connection", "con_1", b"hunter2")
    for place in range(len(sealed)):
        changed = sealed[:place] + chr(ord(sealed[place]) ^ 1) + sealed[place + 1 :]
        with pytest.raises(ConfigError):
            sealer.open("connection", "con_1", changed)


def test_a_renamed_key_does_not_open_what_another_sealed():
    sealed = Sealer(Keyring(OLD)).seal("connection", "con_1", b"x")
    impostor = Sealer(Keyring(NEW, Key("old", NEW.secret)))
    with pytest.raises(SealBroken):
        impostor.open("connection", "con_1", sealed)


def test_no_two_seals_of_one_value_are_the_same(sealer: Sealer):
    assert len({sealer.seal("connection", "con_1", b"x") for _ in range(100)}) == 100


def test_rotation_seals_everything_anew_and_the_old_key_can_go(database: Database):
    old = Sealer(Keyring(OLD))
    pepper = Secrets(database, old).get("token-pepper")
    both = Sealer(Keyring(NEW, OLD))
    assert rotate(database, both) == 1
    assert rotate(database, both) == 0
    assert Secrets(database, Sealer(Keyring(NEW))).get("token-pepper") == pepper


def test_without_its_key_a_value_says_which_key_is_missing(database: Database):
    Secrets(database, Sealer(Keyring(OLD))).get("token-pepper")
    with pytest.raises(ConfigError, match=r"sealed with key old.*\(new\)"):
        Secrets(database, Sealer(Keyring(NEW))).get("token-pepper")


def test_two_hubs_agree_on_a_secret_that_neither_had(database: Database, sealer: Sealer, monkeypatch):
    value = Secrets(database, sealer).get("token-pepper")
    late, really = Secrets(database, sealer), Secrets._read
    answers = iter([None])  # it looked before the other had stored
    monkeypatch.setattr(Secrets, "_read", lambda self, name: next(answers, really(self, name)))
    assert late.get("token-pepper") == value


def test_the_key_file_beside_a_database_is_made_once_and_is_its_owners(tmp_path: Path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    first = default_keys(tmp_path / "hub.db").current()
    assert default_keys(tmp_path / "hub.db").current() == first
    assert stat.S_IMODE((tmp_path / "hub.db.keys").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["hub.db.keys"]


def test_keys_of_the_environment_come_first_and_the_first_seals(tmp_path: Path, monkeypatch):
    monkeypatch.setenv(VARIABLE, f"{NEW.text()},{OLD.text()}")
    ring = default_keys(tmp_path / "hub.db")
    assert ring.current() == NEW
    assert ring.key("old") == OLD
    assert not list(tmp_path.iterdir())


def test_on_postgresql_there_is_no_key_beside_the_data(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(ConfigError, match="no keys"):
        default_keys(None)


@pytest.mark.parametrize("text", ["k1", "k1:hunter2hunter2", "k1:aHVudGVyMg==", ":aHVudGVyMg==", "a b:c"])
def test_a_wrong_key_is_refused_without_being_shown(text: str):
    with pytest.raises(ConfigError) as caught:
        Keyring.parse(text, "the test")
    assert "hunter2" not in str(caught.value)
    assert "aHVudGVyMg" not in str(caught.value)


def test_keys_are_not_shown():
    shown = f"{NEW!r} {NEW} {Keyring(NEW)!r} {Keyring(NEW).__dict__}"
    assert "nnnn" not in shown
    assert "bm5u" not in shown
