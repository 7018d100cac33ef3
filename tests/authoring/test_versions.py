"""Additive minors: a plugin that was frozen at 1.0 works on, with laws, fields and arguments that came later."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Annotated, Any

import anyerp
import pytest
from anyerp import PurchaseOrder, PurchaseOrderLine, Vendor
from anyerp.connector.registry import discover
from anyerp.kits import auth
from anyerp.lens import Lens, LensError, Map, absent, added, text
from anyerp.model.base import Text
from anyerp.plugin import ConnectorInfo, hookimpl
from anyerp.testing.check import cases, judged, subject_of
from anyerp.testing.contract import LAWS
from anyerp.testing.inprocess import BASE_URL, prepared
from anyerp.testing.sandbox import serve
from pydantic.fields import FieldInfo

FROZEN = Path(__file__).parent / "frozen"
sys.path.insert(0, str(FROZEN))
import anyerp_frozen  # noqa: E402 - importable from here on

POINT = EntryPoint("frozen", "anyerp_frozen", "anyerp.v1")
RELEASED_WITH = FROZEN.joinpath("laws.txt").read_text().split()


def connector() -> Any:
    found = discover([POINT])
    assert found.troubles == []
    return found.connector("frozen")


def test_the_frozen_plugin_is_found_and_loads() -> None:
    assert connector().title == "Brickworks"


def test_the_frozen_plugin_keeps_every_law_that_it_was_released_with() -> None:
    with_laws = subject_of(connector(), entry="anyerp_frozen")
    results = [judged(with_laws, law, on) for law, on in cases(with_laws.connector) if law.id in RELEASED_WITH]
    assert [(one.law, one.resource, one.detail) for one in results if one.outcome == "failed"] == []
    assert len([one for one in results if one.outcome == "passed"]) > 60


def test_no_law_of_1_0_was_taken_away_or_renamed() -> None:
    assert set(RELEASED_WITH) - set(LAWS) == set()


def test_the_frozen_plugin_lists_and_writes_for_a_host_of_today() -> None:
    found = connector()
    box = found.sandbox()
    with serve(box) as url, anyerp.connect(found, settings=box.settings(url), credentials=box.credentials) as erp:
        order = next(iter(erp.purchase_orders.list()))
        assert order.lines
        done = erp.purchase_orders.create(PurchaseOrder(vendor=order.vendor, currency="EUR"), key="V-1")
        assert erp.purchase_orders.update(done.record.model_copy(update={"notes": "later"})).record.notes == "later"
        assert erp.purchase_orders.cancel(done.record.id).status == "cancelled"


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A core of 1.1 whose vendors and lines have a field more."""
    monkeypatch.setattr(added, "ADDED", {"Vendor": {"iban": 1}, "PurchaseOrderLine": {"colour": 1}})
    for model, name in ((Vendor, "iban"), (PurchaseOrderLine, "colour")):
        monkeypatch.setitem(model.__pydantic_fields__, name, FieldInfo.from_annotation(Annotated[Text | None, None]))


def parts(lens: Lens[Any]) -> dict[str, tuple[str, str | None]]:
    return {one.field: (one.mode, one.because) for one in lens.coverage}


def test_a_field_that_a_minor_adds_is_absent_in_an_older_table(grown: None) -> None:
    old = connector().resources
    vendor = parts(Lens(Vendor, [rule for rule in old["vendors"].lens.rules if rule.field != "iban"]))
    assert vendor["iban"] == ("absent", "todo: came with 1.1, this table is older")
    order = parts(Lens(PurchaseOrder, old["purchase_orders"].lens.rules))
    assert order["lines.colour"] == ("absent", "todo: came with 1.1, this table is older")


def test_a_newer_table_may_map_it(grown: None) -> None:
    rules = absent(
        "todo: not mapped yet", *(name for name in Vendor.model_fields if name not in ("iban", "raw", "extra"))
    )
    assert parts(Lens(Vendor, [Map("iban", "bank/iban", text(34)), *rules]))["iban"] == ("rw", None)


def test_a_field_of_1_0_is_still_demanded(grown: None) -> None:
    rules = absent(
        "todo: not mapped yet", *(name for name in Vendor.model_fields if name not in ("name", "raw", "extra"))
    )
    with pytest.raises(LensError, match="name: no rule"):
        Lens(Vendor, rules)


def test_an_implementation_of_a_hook_takes_fewer_arguments_than_a_later_core_offers() -> None:
    class Old:
        @staticmethod
        @hookimpl
        def anyerp_credentials(reference: str) -> Mapping[str, Any]:
            return {"api_key": reference}

    found = discover([])
    found.manager.register(Old, name="old")
    assert found.first("anyerp_credentials", connection="x", reference="vault:y") == {"api_key": "vault:y"}


def test_a_plugin_that_needs_a_later_minor_is_named_and_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    late = ConnectorInfo("late", "Late", load="anyerp_frozen.connector:CONNECTOR", requires_api=(1, 99))
    now = ConnectorInfo("frozen", "Frozen", load="anyerp_frozen.connector:CONNECTOR")
    monkeypatch.setattr(anyerp_frozen, "anyerp_connectors", hookimpl(lambda: [late, now]))
    found = discover([POINT])
    assert list(found.connectors) == ["frozen"]
    assert [trouble.hint for trouble in found.troubles] == ["upgrade anyerp"]


@pytest.mark.parametrize("broken", ["argument", "class", "law"])
def test_a_planted_break_of_the_plugin_api_is_seen(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The alarm itself: what a careless minor would do, done on purpose."""
    for name in [name for name in sys.modules if name.startswith("anyerp_frozen.")]:
        monkeypatch.delitem(sys.modules, name)
    match broken:
        case "argument":
            monkeypatch.setattr(auth, "client_credentials", lambda ctx, *, token_url, client_id, client_secret: None)
            with pytest.raises(TypeError):
                next(connector().authorize(_context(connector())))
        case "class":
            monkeypatch.delattr("anyerp.lens.Each")
            with pytest.raises(anyerp.ConfigError, match="does not load"):
                connector()
        case "law":
            monkeypatch.delitem(LAWS, "lens.put_get")
            with pytest.raises(AssertionError):
                test_no_law_of_1_0_was_taken_away_or_renamed()


def _context(found: Any) -> Any:
    box = found.sandbox()
    return replace(prepared(found, box.settings(BASE_URL), box.credentials), memory={})
