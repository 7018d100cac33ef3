"""What a connection is made of: profiles with secrets from the environment, and overlays."""

from __future__ import annotations

import anyerp
import pytest
from anyerp import ConfigError
from anyerp.model import Vendor
from tiny import SECRET, connect

PROFILE = """
[connections.mine]
connector = "tiny-test"
[connections.mine.settings]
client = 200
[connections.mine.secrets]
user = "u"
password = "env:TINY_PASSWORD"

[connections.broken]
connector = "tiny-test"
[connections.broken.secrets]
password = "env:TINY_NOWHERE"
"""


@pytest.fixture
def profile(tmp_path, monkeypatch):
    from anyerp.connector import registry  # noqa: PLC0415
    from anyerp.plugin import ConnectorInfo  # noqa: PLC0415

    found = registry.registry()
    monkeypatch.setitem(
        found.connectors, "tiny-test", registry.Found(ConnectorInfo("tiny-test", "T", load="tiny:CONNECTOR"), "t", "1")
    )
    path = tmp_path / "anyerp.toml"
    path.write_text(PROFILE, "utf-8")
    monkeypatch.setenv("ANYERP_CONFIG", str(path))
    monkeypatch.setenv("TINY_PASSWORD", SECRET)
    return path


def test_a_connection_comes_from_a_profile_with_secrets_from_the_environment(profile):
    with anyerp.connect("mine") as erp:
        assert erp._context.settings.client == 200
        assert erp._context.credentials.password.get_secret_value() == SECRET
        assert SECRET not in repr(erp._context)


def test_a_variable_that_is_missing_is_named_with_its_place(profile):
    with pytest.raises(ConfigError, match=r"\[connections.broken.secrets\] password: .* no variable TINY_NOWHERE"):
        anyerp.connect("broken")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[connections.mine]\n", r"\[connections.mine\] needs a line connector"),
        ("[connections.mine]\nconnector = 'x'\npassword = 'canary'\n", r"does not know password"),
        ("[connections", "is no TOML"),
    ],
)
def test_a_profile_that_does_not_fit_is_named_with_its_file(profile, text, says):
    profile.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=says) as caught:
        anyerp.connect("mine")
    assert str(profile) in str(caught.value)
    assert "canary" not in str(caught.value)


OVERLAY = {
    "vendors": [{"rule": "map", "field": "extra.zone", "path": "zz_zone", "codec": {"codec": "text", "max_length": 3}}]
}


def test_an_overlay_of_data_maps_a_custom_field(tiny):
    tiny.rows["001"]["zz_zone"] = "N"
    with connect(tiny, overlays=OVERLAY) as erp:
        assert erp.vendors.get("001").extra == {"zone": "N"}
        erp.vendors.update(Vendor(id="001", extra={"zone": "S"}))
    assert tiny.rows["001"]["zz_zone"] == "S"


def test_an_overlay_may_be_a_function(tiny):
    with connect(tiny, overlays={"vendors": lambda lens: lens}) as erp:
        assert erp.vendors.get("001").name == "V1"


def test_everything_wrong_with_overlays_is_told_when_connecting(tiny):
    wrong = {
        "vendors": [{"rule": "map", "field": "extra.a", "path": "b", "codec": {"codec": "txt"}}, {"rule": "mop"}],
        "orders": [],
    }
    with pytest.raises(ConfigError, match="the overlays do not fit") as caught:
        connect(tiny, overlays=wrong)
    assert [problem.pointer for problem in caught.value.problems] == ["/overlays/vendors"] * 2 + ["/overlays/orders"]
