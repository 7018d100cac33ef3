"""The demonstration connects every sandbox that can be had here, names the others, and its token signs in."""

from __future__ import annotations

from anyerp.connector.registry import registry
from anyerp_hub.demo import demonstration


def test_every_installed_sandbox_is_connected_or_named_with_the_reason(capsys):
    with demonstration() as (hub, token):
        assert hub.tokens.verify(token).allows("hub", "write")
        there = {one.connector: one for one in hub.connections(tag="sandbox")}
        wanted = {name for name in registry().connectors if registry().connector(name).sandbox is not None}
        said = capsys.readouterr().out
        assert {name for name in wanted if f"{name} is left out: " not in said} == set(there)
        assert {"sap-s4hana", "dynamics-bc", "dynamics-fo"} <= set(there)
        for one in there.values():
            assert one.health in ("ok", "degraded")
