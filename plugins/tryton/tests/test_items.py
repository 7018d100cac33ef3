"""Items of a live Tryton: a variant and its template, made, changed and deleted as one, and told apart where shared."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from anyerp.connection.connection import Connection
from anyerp.errors import Conflict, InvalidRecord, NotFound, NotRepresentable, OutcomeUnknown, PermissionDenied
from anyerp.lens import Map
from anyerp.model import Item, PurchaseOrderLine, Ref, SalesOrder, SalesOrderLine
from anyerp.transport import HttpTransport
from anyerp.wire import Request, Response
from anyerp_tryton.codec import truth
from anyerp_tryton.live import Server
from anyerp_tryton.live.rpc import Rpc

pytestmark = pytest.mark.live

Connect = Callable[..., Connection]
Order = Callable[..., Any]


def pump(**more: Any) -> Item:
    values = {
        "name": "Bilge pump",
        "description": "12 V,\nwith float switch",
        "kind": "goods",
        "unit": "C62",
        "gtin": "4006381333931",
        "group": "With tax",
        "cost": Decimal("41.2345"),
        "price": Decimal("79.9"),
        "purchasable": True,
        **more,
    }
    return Item.model_validate(values)


def template_of(rpc: Rpc, item: Item) -> int:
    found: int = rpc.read("product.product", [int(item.id or 0)], "template")[0]["template"]
    return found


@pytest.fixture
def shared(own: Connection, written: Server) -> tuple[Item, Item]:
    """Two variants of one template, numbered `HOSE-` and their own."""
    rpc = written.rpc()
    first = own.items.create(pump(name="Hose", gtin=None, number=f"HOSE{len(list(own.items.list()))}-"))
    template = template_of(rpc, first.record)
    rpc.write("product.product", [int(first.record.id)], {"suffix_code": "RED"})
    (other,) = rpc.create("product.product", {"template": template, "suffix_code": "BLUE"})
    return own.items.get(first.record.id), own.items.get(str(other))


# Making


def test_an_item_is_made_with_all_that_it_has_in_one_call_and_only_once_for_a_key(
    own: Connection, written: Server
) -> None:
    plan = own.items.create(pump(), key="PUMP-1", dry_run=True)
    (request,) = plan.requests
    assert request.body["method"] == "model.product.template.create"
    assert plan.problems == ()

    made = own.items.create(pump(), key="PUMP-1").record
    assert (made.number, made.name, made.kind, made.status) == ("PUMP-1", "Bilge pump", "goods", "active")
    assert (made.description, made.gtin, made.group) == ("12 V,\nwith float switch", "4006381333931", "With tax")
    assert (made.unit, made.purchase_unit, made.purchasable) == ("C62", "C62", True)
    assert (made.cost, made.price) == (Decimal("41.2345"), Decimal("79.9"))
    again = own.items.create(pump(), key="PUMP-1")
    assert (again.settled, again.record) == ("before", made)
    assert written.rpc().ids("product.template", [["code", "=", "PUMP-1"]]) == [template_of(written.rpc(), made)]


def test_an_item_that_was_made_is_ordered(own: Connection, order: Order) -> None:
    made = own.items.create(pump(gtin=None, unit="LTR", kind="service"), key="FLUSHING").record
    line = PurchaseOrderLine(item=Ref(number="FLUSHING"), quantity=Decimal("2.5"), unit_price=Decimal(3))
    (ordered,) = own.purchase_orders.create(order(lines=(line,))).record.lines
    assert (ordered.item.id, ordered.unit, ordered.kind) == (made.id, "LTR", "service")


def test_an_item_without_a_number_gets_none(own: Connection) -> None:
    made = own.items.create(Item(name="Sundries", unit="C62")).record
    assert (made.number, made.kind, made.purchasable, made.purchase_unit) == (None, "goods", False, None)


class Losing(HttpTransport):
    """Sends everything, and loses the answer to the first creation."""

    lost = 0

    def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
        response = super().send(request, url, headers)
        if request.json["method"].endswith(".create") and not self.lost:
            self.lost += 1
            raise OutcomeUnknown("the answer was lost")
        return response


def test_a_lost_answer_is_settled_by_the_code(written: Server, connect: Connect) -> None:
    transport = Losing(trust_origin=written.base_url)
    with connect(written, transport=transport) as erp:
        done = erp.items.create(pump(gtin=None), key="PUMP-LOST")
    assert (transport.lost, done.settled, done.record.number) == (1, "look", "PUMP-LOST")
    assert len(written.rpc().ids("product.product", [["code", "=", "PUMP-LOST"]])) == 1


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"number": "BOLT-M8"}, InvalidRecord, "must be unique"),
        ({"unit": None}, InvalidRecord, "Default UoM"),
        ({"name": None}, InvalidRecord, "Name"),
        ({"unit": None, "native_unit": "ell"}, InvalidRecord, "unit <-> default_uom.symbol"),
        ({"purchase_unit": "KGM"}, InvalidRecord, "Purchase UoM"),
        ({"group": "Without sense"}, InvalidRecord, "group <-> account_category.name"),
        ({"gtin": "4006381333932"}, NotRepresentable, "check digit"),
        ({"gtin": "40063813339"}, NotRepresentable, "12, 13 or 14 figures"),
        ({"kind": "other"}, NotRepresentable, "kind <-> type"),
        ({"status": "blocked"}, NotRepresentable, "status <-> active"),
        ({"cost": Decimal("1.23456")}, NotRepresentable, "cost <-> cost_price"),
        ({"net_weight": Decimal(1)}, NotRepresentable, "net_weight"),
    ],
)
def test_an_item_that_tryton_cannot_hold_is_refused(
    own: Connection, changes: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        own.items.create(pump(**changes))


@contextmanager
def numbering(server: Server, *kinds: str) -> Iterator[None]:
    """Let Tryton number templates or variants by a sequence of its own."""
    rpc = server.rpc()
    made = {}
    for kind in kinds:
        sequence_type = rpc.one("ir.sequence.type", [["name", "=", "Product" if kind == "template" else "Variant"]])
        values = {"name": f"{kind}s", "prefix": f"{kind[0].upper()}", "sequence_type": sequence_type}
        (made[f"{kind}_sequence"],) = rpc.create("ir.sequence", values)
    rpc.write("product.configuration", [1], made)
    try:
        yield
    finally:
        rpc.write("product.configuration", [1], dict.fromkeys(made))


@pytest.mark.parametrize("kind", ["template", "product"])
def test_where_tryton_numbers_products_a_number_of_ours_is_refused(
    written: Server, connect: Connect, kind: str
) -> None:
    with numbering(written, kind), connect(written) as erp:
        with pytest.raises(InvalidRecord, match="numbers products itself") as refused:
            erp.items.create(pump(gtin=None), key="OURS")
        assert refused.value.problems[0].pointer == "/number"
        assert erp.items.create(pump(gtin=None)).record.number.startswith(kind[0].upper())
    assert written.rpc().ids("product.product", [["code", "like", "%OURS%"]]) == []


# Changing


def test_template_and_variant_are_changed_in_one_write(own: Connection, written: Server) -> None:
    made = own.items.create(pump(), key="PUMP-2").record
    wanted = made.model_copy(
        update={
            "number": "PUMP-2B",
            "name": "Bilge pump 24 V",
            "description": None,
            "gtin": "96385074",
            "cost": Decimal(50),
            "price": Decimal("99.99"),
            "group": "Without tax",
            "purchasable": False,
        }
    )
    (request,) = own.items.update(wanted, dry_run=True).requests
    assert request.body["method"] == "model.product.template.write"
    changed = own.items.update(wanted).record
    assert (changed.number, changed.name, changed.description) == ("PUMP-2B", "Bilge pump 24 V", None)
    assert (changed.gtin, changed.group, changed.purchasable) == ("96385074", "Without tax", False)
    assert (changed.cost, changed.price) == (50, Decimal("99.99"))
    assert changed.version != made.version
    assert changed.updated_at > made.updated_at
    codes = written.rpc().read("product.product", [int(made.id)], "identifiers.code")[0]["identifiers."]
    assert [row["code"] for row in codes] == ["96385074"]
    assert own.items.update(changed.model_copy(update={"gtin": None, "price": None})).record.price is None
    assert own.items.get(made.id).gtin is None


def test_another_identifier_of_a_variant_is_left_alone(own: Connection, written: Server) -> None:
    made = own.items.create(pump(gtin=None), key="PUMP-3").record
    rpc = written.rpc()
    rpc.create("product.identifier", {"product": int(made.id), "type": "mpn", "code": "MP-7"})
    assert own.items.update(own.items.get(made.id).model_copy(update={"gtin": "96385074"})).record.gtin == "96385074"
    rows = rpc.read("product.product", [int(made.id)], "identifiers.type", "identifiers.code")[0]["identifiers."]
    assert {row["type"]: row["code"] for row in rows} == {"mpn": "MP-7", "ean": "96385074"}


def test_an_item_is_put_aside_and_taken_back(own: Connection, written: Server) -> None:
    made = own.items.create(pump(gtin=None), key="PUMP-4").record
    aside = own.items.update(Item(id=made.id, status="inactive")).record
    assert aside.status == "inactive"
    assert written.rpc().ids("product.template", [["code", "=", "PUMP-4"]]) == []
    back = own.items.update(Item(id=made.id, status="active")).record
    assert back.status == "active"
    (bolt,) = (item for item in own.items.list() if item.number == "BOLT-M8")
    with pytest.raises(InvalidRecord, match="quantities in locations"):
        own.items.update(Item(id=bolt.id, status="inactive"))


def test_what_is_in_use_keeps_its_unit(own: Connection) -> None:
    (bolt,) = (item for item in own.items.list() if item.number == "BOLT-M8")
    with pytest.raises(InvalidRecord, match="cannot change the default unit"):
        own.items.update(Item(id=bolt.id, unit="KGM"))
    assert own.items.get(bolt.id).unit == "C62"


@pytest.mark.parametrize("model", ["product.template", "product.product"])
def test_a_change_of_template_or_variant_by_another_is_a_conflict(
    own: Connection, written: Server, connect: Connect, model: str
) -> None:
    made = own.items.create(pump(gtin=None), key=f"PUMP-{model}").record
    rpc = written.rpc()
    id = int(made.id) if model == "product.product" else template_of(rpc, made)
    theirs = {"description": "theirs"} if model == "product.product" else {"name": "theirs"}
    mine = made.model_copy(update={"name": "mine", "description": "mine"})

    class Meddling(HttpTransport):
        def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
            if request.json["method"].endswith(".write"):
                rpc.write(model, [id], theirs)
            return super().send(request, url, headers)

    with connect(written, transport=Meddling(trust_origin=written.base_url)) as erp, pytest.raises(Conflict) as race:
        erp.items.update(mine)
    assert "theirs" in (race.value.current.name, race.value.current.description)
    with pytest.raises(Conflict) as stale:
        own.items.update(mine)
    assert stale.value.current == own.items.get(made.id)
    assert "mine" not in (stale.value.current.name, stale.value.current.description)


def test_an_update_that_changes_nothing_sends_nothing(own: Connection) -> None:
    made = own.items.create(pump(gtin=None), key="PUMP-5").record
    assert own.items.update(made).record == made


def test_a_change_of_the_template_shows_in_what_changed(own: Connection, written: Server) -> None:
    made = own.items.create(pump(gtin=None), key="PUMP-6").record
    rpc = written.rpc()
    rpc.write("product.template", [template_of(rpc, made)], {"name": "Renamed"})
    now = own.items.get(made.id)
    assert (now.name, now.version != made.version, now.updated_at > made.updated_at) == ("Renamed", True, True)
    assert now in list(own.items.list(updated_since=now.updated_at))


def test_a_reader_makes_and_changes_no_items(written: Server, connect: Connect) -> None:
    with connect(written, written.reader) as erp:
        got = next(iter(erp.items.list()))
        for attempt in (
            lambda: erp.items.create(pump(group=None), key="NEVER"),
            lambda: erp.items.update(got.model_copy(update={"name": "mine"})),
            lambda: erp.items.delete(got.id),
        ):
            with pytest.raises(PermissionDenied, match="Product"):
                attempt()
        assert erp.items.get(got.id) == got


# Variants of one template


def test_a_variant_among_several_is_changed_for_itself(own: Connection, shared: tuple[Item, Item]) -> None:
    red, blue = shared
    prefix = red.number.removesuffix("RED")
    changed = own.items.update(
        red.model_copy(
            update={
                "number": f"{prefix}CRIMSON",
                "description": "Crimson",
                "cost": Decimal(9),
                "price": Decimal(19),
                "gtin": "96385074",
                "status": "inactive",
            }
        )
    ).record
    assert (changed.number, changed.description, changed.cost) == (f"{prefix}CRIMSON", "Crimson", 9)
    assert (changed.price, changed.gtin, changed.status) == (19, "96385074", "inactive")
    assert own.items.get(blue.id) == blue
    assert own.items.update(Item(id=red.id, status="active")).record.status == "active"
    assert own.items.update(Item(id=red.id, price=None)).record.price == blue.price


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": "Other"}, "/name"),
        ({"kind": "service"}, "/kind"),
        ({"unit": "KGM"}, "/unit"),
        ({"purchase_unit": "KGM"}, "/purchase_unit"),
        ({"group": "Without tax"}, "/group"),
        ({"purchasable": False}, "/purchasable"),
        ({"number": "ELSE"}, "/number"),
    ],
)
def test_what_all_variants_share_is_refused_by_name(
    own: Connection, shared: tuple[Item, Item], changes: dict[str, Any], pointer: str
) -> None:
    red, blue = shared
    with pytest.raises(InvalidRecord, match="has further variants") as refused:
        own.items.update(red.model_copy(update={"description": "Crimson", **changes}))
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert (own.items.get(red.id), own.items.get(blue.id)) == (red, blue)


def test_a_variant_put_aside_counts_too(own: Connection, shared: tuple[Item, Item]) -> None:
    red, blue = shared
    aside = own.items.update(Item(id=blue.id, status="inactive")).record
    with pytest.raises(InvalidRecord, match="has further variants"):
        own.items.update(Item(id=red.id, name="Other"))
    assert own.items.get(blue.id) == aside
    own.items.delete(red.id)
    assert own.items.get(blue.id) == aside


def test_a_template_put_aside_is_not_taken_back_for_one_variant(
    own: Connection, written: Server, shared: tuple[Item, Item]
) -> None:
    red, blue = shared
    rpc = written.rpc()
    rpc.write("product.template", [template_of(rpc, red)], {"active": False})
    with pytest.raises(InvalidRecord, match=r"status <-> template\.active"):
        own.items.update(Item(id=red.id, status="active"))
    assert own.items.get(blue.id).status == "inactive"


# Deleting


def test_a_variant_is_deleted_for_itself_and_the_last_one_with_its_template(
    own: Connection, written: Server, shared: tuple[Item, Item]
) -> None:
    red, blue = shared
    rpc = written.rpc()
    template = template_of(rpc, red)
    own.items.delete(red.id)
    with pytest.raises(NotFound):
        own.items.get(red.id)
    blue = own.items.get(blue.id)
    own.items.delete(blue.id, version=blue.version)
    assert rpc.ids("product.template", [["id", "=", template]]) == []
    (bolt,) = (item for item in own.items.list() if item.number == "BOLT-M8")
    with pytest.raises(InvalidRecord, match="used by field"):
        own.items.delete(bolt.id)


# A table of the host's own


def test_an_item_is_made_salable_by_an_overlay(written: Server, connect: Connect) -> None:
    overlay = {"items": lambda lens: lens.extended(Map("extra.salable", "salable", truth()))}
    with connect(written, overlays=overlay) as erp:
        made = erp.items.create(pump(gtin=None, extra={"salable": True}), key="PUMP-SOLD").record
        assert made.extra == {"salable": True}
        line = SalesOrderLine(item=Ref(id=made.id), quantity=Decimal(1), unit_price=Decimal(80))
        sold = erp.sales_orders.create(SalesOrder(customer=Ref(number="C-2001"), currency="USD", lines=(line,))).record
        assert sold.lines[0].unit == "C62"
