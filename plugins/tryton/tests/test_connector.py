"""The connector against a live Tryton: what a host reads, writes and is told."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

import anyerp
import pytest
from anyerp.connection.connection import AsyncConnection, Connection
from anyerp.errors import (
    ConfigError,
    Conflict,
    CredentialsRejected,
    InvalidCursor,
    InvalidRecord,
    NotFound,
    NotRepresentable,
    NotSupported,
    OutcomeUnknown,
    PermissionDenied,
    UnexpectedPayload,
)
from anyerp.lens import Map
from anyerp.model import Address, PurchaseOrder, PurchaseOrderLine, Ref, Vendor
from anyerp.transport import HttpTransport
from anyerp.wire import Request, Response
from anyerp_tryton.codec import char
from anyerp_tryton.connector import CONNECTOR
from anyerp_tryton.lens.purchase_order import PURCHASE_ORDER
from anyerp_tryton.lens.tax_number import compact, kind_of
from anyerp_tryton.live import Prepared, Server, User, serve

pytestmark = pytest.mark.live

TODAY = dt.date(2026, 11, 24)


def facts(server: Server, user: User | None = None) -> dict[str, Mapping[str, str]]:
    who = user or server.admin
    return {
        "settings": {"base_url": server.base_url, "database": server.database},
        "credentials": {"username": who.login, "password": who.password},
    }


def connect(server: Server, user: User | None = None, **options: object) -> Connection:
    return anyerp.connect("tryton", **facts(server, user), **options)


@pytest.fixture(scope="module")
def written(prepared: Prepared) -> Iterator[Server]:
    """One server for the tests of this module that write orders of their own and look at no others."""
    with serve(prepared) as server:
        yield server


@pytest.fixture(scope="module")
def erp(tryton: Server) -> Iterator[Connection]:
    with connect(tryton) as connection:
        yield connection


@pytest.fixture(scope="module")
def own(written: Server) -> Iterator[Connection]:
    with connect(written) as connection:
        yield connection


def order(**more: object) -> PurchaseOrder:
    values = {
        "vendor": Ref(number="V-1002"),
        "currency": "EUR",
        "order_date": TODAY,
        "payment_terms": Ref(number="Net 30"),
        "notes": "Gate 4,\nring twice",
        "lines": (
            PurchaseOrderLine(
                item=Ref(number="BOLT-M8"),
                quantity=Decimal(100),
                unit="C62",
                unit_price=Decimal("0.1250"),
                tax_code="VAT 20%",
                requested_date=TODAY + dt.timedelta(days=30),
                location=Ref(number="QUAY"),
            ),
            PurchaseOrderLine(
                item=Ref(number="STEEL-ROD"), quantity=Decimal("12.34"), unit_price=Decimal("1.25"), description="cut"
            ),
            PurchaseOrderLine(kind="text", description="With certificates."),
        ),
        **more,
    }
    return PurchaseOrder.model_validate(values)


# Reading


def test_every_stage_of_an_order_has_its_status(erp: Connection, tryton: Server) -> None:
    meaning = {
        "draft": "draft",
        "quotation": "pending_approval",
        "cancelled": "cancelled",
        "processing": "open",
        "partly_received": "partially_received",
        "received": "received",
        "billed": "received",
        "done": "closed",
    }
    listed = erp.purchase_orders.list(on_problem="raise")
    found = {record.id: record.status for record in listed}
    assert found == {str(id): meaning[stage] for stage, ids in tryton.seeds.purchases.items() for id in ids}
    assert listed.rejected == []


def test_pages_of_any_size_hold_each_order_once(erp: Connection, tryton: Server) -> None:
    expected = sorted(id for ids in tryton.seeds.purchases.values() for id in ids)
    for size in (7, 40, 80, 200):
        found, cursor = [], None
        while True:
            page = erp.purchase_orders.page(cursor, page_size=size)
            assert len(page.records) <= size
            found += [int(record.id) for record in page.records]
            cursor = page.cursor
            if cursor is None:
                break
        assert found == expected
    cursor = erp.purchase_orders.page(page_size=7).cursor
    with pytest.raises(InvalidCursor):
        erp.purchase_orders.page(cursor, page_size=8)


def test_a_whole_order_says_what_tryton_says(erp: Connection, tryton: Server) -> None:
    (id, *_) = tryton.seeds.purchases["draft"]
    got = erp.purchase_orders.get(str(id))
    fields = ["number", "party.code", "reference", "description", "comment", "currency.code", "total_amount"]
    (row,) = tryton.rpc().read("purchase.purchase", [id], *fields)
    assert got.vendor is not None
    assert (got.number, got.vendor.number) == (row["number"], row["party."]["code"])
    assert (got.vendor_reference, got.external_reference) == (row["reference"], row["description"])
    assert (got.notes, got.currency) == (row["comment"], row["currency."]["code"])
    assert got.total_incl_tax == row["total_amount"] == got.total_excl_tax + got.total_tax
    assert got.total_excl_tax == sum(line.amount for line in got.lines if line.amount is not None)
    assert [line.kind for line in got.lines] == ["item", "item", "text"]
    assert got.lines[0].item.number in tryton.seeds.products
    assert got.lines[0].requested_date > TODAY
    assert got.created_at.tzinfo is dt.UTC
    assert got.lines[0].location.number in tryton.seeds.warehouses


def test_a_partly_received_order_says_how_much_of_each_line_came(erp: Connection, tryton: Server) -> None:
    rpc = tryton.rpc()
    for id in tryton.seeds.purchases["partly_received"]:
        for line in erp.purchase_orders.get(str(id)).lines:
            if line.item is None:
                assert line.quantity_received is None
                continue
            moves = rpc.call(
                "model.stock.move.search_read",
                [["origin", "=", f"purchase.line,{line.id}"], ["state", "=", "done"]],
                0,
                None,
                None,
                ["quantity"],
            )
            assert line.quantity_received == sum(Decimal(repr(move["quantity"])) for move in moves)
            assert line.status == "partially_received"
            assert 0 < line.quantity_received < line.quantity
            assert line.quantity_billed == 0


@pytest.mark.parametrize(("stage", "received", "billed"), [("draft", 0, 0), ("received", 1, 0), ("billed", 1, 1)])
def test_lines_are_received_and_billed_as_far_as_the_stage_says(
    erp: Connection, tryton: Server, stage: str, received: int, billed: int
) -> None:
    for id in tryton.seeds.purchases[stage]:
        for line in erp.purchase_orders.get(str(id)).lines:
            if line.item is not None:
                assert line.quantity_received == received * line.quantity
                assert line.quantity_billed == billed * line.quantity


def test_writing_back_what_was_read_changes_nothing(erp: Connection) -> None:
    listed = list(erp.purchase_orders.list(raw=True))
    assert len(listed) == 80
    for record in listed:
        native = record.raw
        read = PURCHASE_ORDER.get(native)
        assert read == record.model_copy(update={"raw": None})
        put = PURCHASE_ORDER.put(native, read)
        assert put.problems == ()
        assert not put.changes
        assert put.native == native


def test_one_at_a_time_and_page_by_page_read_the_same(erp: Connection) -> None:
    for record in erp.purchase_orders.page(page_size=10).records:
        assert erp.purchase_orders.get(record.id) == record


def test_what_is_changed_is_read_back_from_the_native_form(erp: Connection) -> None:
    for record in erp.purchase_orders.list(raw=True):
        changed = record.model_copy(
            update={
                "notes": "other",
                "order_date": TODAY,
                "lines": tuple(
                    line.model_copy(update={"description": "other", "requested_date": TODAY}) for line in record.lines
                ),
            }
        )
        put = PURCHASE_ORDER.put(record.raw, changed)
        assert put.problems == ()
        again = PURCHASE_ORDER.get(put.native)
        assert (again.notes, again.order_date) == ("other", TODAY)
        assert {(line.description, line.requested_date) for line in again.lines} == {("other", TODAY)}
        assert PURCHASE_ORDER.put(put.native, changed).native == put.native


def test_an_unknown_id_is_not_found(erp: Connection) -> None:
    for id in ("999999", "0", "-1", "abc", "9" * 40, "1.0"):
        with pytest.raises(NotFound):
            erp.purchase_orders.get(id)


def test_master_data_is_read(erp: Connection, tryton: Server) -> None:
    (company,) = erp.companies.list(on_problem="raise")
    assert (company.id, company.currency) == (str(tryton.seeds.company), "USD")

    vendors = {v.number: v for v in erp.vendors.list(on_problem="raise")}
    assert vendors["V-1001"].tax_number == "DE136695976"
    assert vendors["V-1001"].email == "po@acme.example"
    assert vendors["V-1001"].payment_terms.name == "Net 30"
    assert vendors["V-1002"].address.city == "Tromsø"
    assert vendors["V-1003"].name == "東京ポンプ株式会社"

    items = {item.number: item for item in erp.items.list(on_problem="raise")}
    assert set(tryton.seeds.products) <= set(items)
    rod = items["STEEL-ROD"]
    assert (rod.unit, rod.purchase_unit, rod.kind, rod.status, rod.purchasable) == (
        "KGM",
        "KGM",
        "goods",
        "active",
        True,
    )
    assert {item.kind for item in items.values()} == {"goods", "service"}

    places = {place.number: place for place in erp.locations.list(on_problem="raise")}
    assert places["QUAY"].kind == "warehouse"
    assert (places["QUAY-STO"].kind, places["QUAY-STO"].parent.number) == ("storage", "QUAY")

    units = {unit.symbol: unit for unit in erp.units.list(on_problem="raise")}
    assert units["kg"].code == "KGM"
    assert all(unit.code for unit in units.values())

    terms = {term.name: term.net_days for term in erp.payment_terms.list(on_problem="raise")}
    assert (terms["Net 30"], terms["Due on receipt"]) == (30, 0)

    for name in ("companies", "vendors", "items", "locations", "units", "payment_terms"):
        collection = erp.collection(name)
        first = next(iter(collection.list()))
        assert collection.get(first.id) == first


def test_what_cannot_be_done_says_why(erp: Connection) -> None:
    assert erp.purchase_orders.operations["close"].startswith("never:")
    with pytest.raises(NotSupported, match="never"):
        erp.purchase_orders.close("1")
    assert all(check.ok for check in erp.check())


def test_an_asynchronous_host_reads_the_same(erp: Connection, tryton: Server) -> None:
    async def read() -> list[PurchaseOrder]:
        connection: AsyncConnection
        async with anyerp.aconnect("tryton", **facts(tryton)) as connection:
            return [record async for record in connection.purchase_orders.list(page_size=30)]

    assert asyncio.run(read()) == list(erp.purchase_orders.list())


def test_a_field_of_the_tenants_own_is_read_by_an_overlay(tryton: Server) -> None:
    overlay = {"purchase_orders": lambda lens: lens.extended(Map("extra.key", "rec_name", char(), read_only=True))}
    with connect(tryton, overlays=overlay) as erp:
        (id, *_) = tryton.seeds.purchases["quotation"]
        got = erp.purchase_orders.get(str(id))
        assert got.extra["key"].startswith(got.number)


# Who may come in


def test_a_wrong_password_is_refused_once_and_not_tried_again(fresh_tryton: Server) -> None:
    sent = []

    class Counting(HttpTransport):
        def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
            sent.append(request)
            return super().send(request, url, headers)

    wrong = User(fresh_tryton.admin.login, "not the password")
    transport = Counting(trust_origin=fresh_tryton.base_url)
    with connect(fresh_tryton, wrong, transport=transport) as erp, pytest.raises(CredentialsRejected) as refused:
        erp.purchase_orders.get("1")
    assert len(sent) == 1
    assert refused.value.status == 401
    assert wrong.password not in repr(refused.value) + str(refused.value) + repr(sent)


def test_a_session_that_ended_is_renewed(own: Connection, written: Server) -> None:
    with connect(written) as erp:
        first = erp.purchase_orders.get("1")
        erp._context.memory["session"] = "Session " + "YWRtaW46MTpub25l"
        assert erp.purchase_orders.get("1") == first


def test_an_unknown_database_is_a_matter_of_the_settings(tryton: Server) -> None:
    there = facts(tryton)
    there["settings"] = {**there["settings"], "database": "nowhere"}
    with anyerp.connect("tryton", **there) as erp, pytest.raises(ConfigError, match="nowhere"):
        erp.purchase_orders.get("1")


def test_a_reader_may_read_and_not_write(written: Server) -> None:
    (id, *_) = written.seeds.purchases["draft"]
    with connect(written, written.reader) as erp:
        assert len(list(erp.purchase_orders.list())) >= 80
        got = erp.purchase_orders.get(str(id))
        for attempt in (
            lambda: erp.purchase_orders.update(got.model_copy(update={"notes": "mine"})),
            lambda: erp.purchase_orders.create(order()),
            lambda: erp.purchase_orders.cancel(str(id)),
            lambda: erp.purchase_orders.delete(str(id)),
        ):
            with pytest.raises(PermissionDenied, match="Purchase"):
                attempt()
        assert erp.purchase_orders.get(str(id)) == got


# Writing orders


def test_an_order_is_made_as_a_draft_and_only_once_for_a_key(own: Connection) -> None:
    done = own.purchase_orders.create(order(), key="req-once")
    made = done.record
    assert (done.settled, made.status, made.external_reference) == ("answer", "draft", "req-once")
    assert (made.vendor.number, made.currency, made.payment_terms.name) == ("V-1002", "EUR", "Net 30")
    assert made.notes == "Gate 4,\nring twice"
    assert [line.number for line in made.lines] == [10, 20, 30]
    bolts, rods, text = made.lines
    assert (bolts.quantity, bolts.unit, bolts.unit_price, bolts.tax_code) == (100, "C62", Decimal("0.125"), "VAT 20%")
    assert (bolts.requested_date, bolts.location.number) == (TODAY + dt.timedelta(days=30), "QUAY")
    assert (rods.unit, rods.quantity, rods.amount) == ("KGM", Decimal("12.34"), Decimal("15.42"))
    assert (text.kind, text.description) == ("text", "With certificates.")
    assert (made.total_excl_tax, made.total_tax) == (Decimal("27.92"), Decimal("2.50"))

    again = own.purchase_orders.create(order(), key="req-once")
    assert (again.settled, again.record) == ("before", made)


def test_a_made_order_can_be_quoted_in_tryton(own: Connection, written: Server) -> None:
    made = own.purchase_orders.create(order()).record
    written.rpc().click("purchase.purchase", "quote", [int(made.id)])
    quoted = own.purchase_orders.get(made.id)
    assert quoted.status == "pending_approval"
    assert quoted.number


def test_the_plan_shows_the_call_and_makes_nothing(own: Connection) -> None:
    plan = own.purchase_orders.create(order(), key="req-plan", dry_run=True)
    (request,) = plan.requests
    assert request.body["method"] == "model.purchase.purchase.create"
    (values,) = request.body["params"][0]
    assert values["description"] == "req-plan"
    assert len(values["lines"][0][1]) == 3
    assert plan.problems == ()
    with connect_again(own) as erp:
        assert "req-plan" not in {record.external_reference for record in erp.purchase_orders.list()}


@contextmanager
def connect_again(erp: Connection) -> Iterator[Connection]:
    """The same account without anything remembered."""
    context = erp._context
    connection = anyerp.connect(
        CONNECTOR,
        settings=context.settings.model_dump(),
        credentials={
            "username": context.credentials.username,
            "password": context.credentials.password.get_secret_value(),
        },
    )
    with connection:
        yield connection


def test_the_header_and_a_line_are_changed_in_one_write(own: Connection) -> None:
    made = own.purchase_orders.create(order()).record
    bolts, rods, text = made.lines
    wanted = made.model_copy(
        update={
            "vendor_reference": "QUOTE 7",
            "notes": None,
            "vendor": Ref(number="V-1001"),
            "lines": (
                bolts.model_copy(update={"quantity": Decimal(150), "tax_code": None, "requested_date": None}),
                rods.model_copy(update={"tax_code": "VAT 20%"}),
                text,
            ),
        }
    )
    changed = own.purchase_orders.update(wanted).record
    assert (changed.vendor_reference, changed.notes, changed.vendor.number) == ("QUOTE 7", None, "V-1001")
    first, second, third = changed.lines
    assert (first.id, first.quantity, first.tax_code, first.requested_date) == (bolts.id, 150, None, None)
    assert (second.id, second.tax_code, second.quantity) == (rods.id, "VAT 20%", rods.quantity)
    assert third == text
    assert changed.version != made.version


def test_lines_are_removed_and_added(own: Connection) -> None:
    made = own.purchase_orders.create(order()).record
    bolts, _, text = made.lines
    new = PurchaseOrderLine(item=Ref(number="GEARBOX"), quantity=Decimal(2), unit_price=Decimal("139.5"))
    changed = own.purchase_orders.update(made.model_copy(update={"lines": (bolts, new, text)})).record
    assert [(line.id, line.number) for line in changed.lines[:2]] == [(bolts.id, 10), (text.id, 30)]
    added = changed.lines[2]
    assert (added.item.number, added.quantity, added.unit, added.number) == ("GEARBOX", 2, "C62", 40)
    assert own.purchase_orders.get(made.id) == changed


def test_lines_without_id_are_matched_by_their_number(own: Connection) -> None:
    made = own.purchase_orders.create(order()).record
    lines = tuple(PurchaseOrderLine(number=line.number, description=f"line {line.number}") for line in made.lines)
    changed = own.purchase_orders.update(PurchaseOrder(id=made.id, lines=lines)).record
    assert [line.id for line in changed.lines] == [line.id for line in made.lines]
    assert [line.description for line in changed.lines] == ["line 10", "line 20", "line 30"]
    assert changed.lines[0].quantity == 100


def test_the_warehouse_is_one_for_all_lines(own: Connection) -> None:
    made = own.purchase_orders.create(order()).record
    assert {line.location.number for line in made.lines} == {"QUAY"}
    elsewhere = Ref(number="WH")
    first, second, text = made.lines
    one = first.model_copy(update={"location": elsewhere})
    for other in (second, second.model_copy(update={"description": "changed, but not moved"})):
        with pytest.raises(InvalidRecord, match="one warehouse"):
            own.purchase_orders.update(made.model_copy(update={"lines": (one, other, text)}))
    every = tuple(line.model_copy(update={"location": elsewhere}) for line in made.lines)
    moved = own.purchase_orders.update(made.model_copy(update={"lines": every})).record
    assert {line.location.number for line in moved.lines} == {"WH"}


def test_an_update_that_changes_nothing_sends_nothing(own: Connection) -> None:
    made = own.purchase_orders.create(order()).record
    assert own.purchase_orders.update(made).record == made


def test_a_stale_version_is_a_conflict_with_the_order_as_it_is(own: Connection) -> None:
    made = own.purchase_orders.create(order()).record
    theirs = own.purchase_orders.update(made.model_copy(update={"notes": "theirs"})).record
    mine = made.model_copy(update={"notes": "mine"})
    with pytest.raises(Conflict) as conflict:
        own.purchase_orders.update(mine)
    assert conflict.value.current == theirs
    with pytest.raises(Conflict):
        own.purchase_orders.cancel(made.id, version=made.version)
    assert own.purchase_orders.get(made.id) == theirs


def test_a_line_changed_between_reading_and_writing_is_a_conflict_too(own: Connection, written: Server) -> None:
    made = own.purchase_orders.create(order()).record
    rpc = written.rpc()

    class Meddling(HttpTransport):
        def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
            if request.json["method"].endswith("purchase.write"):
                rpc.write("purchase.line", [int(made.lines[0].id)], {"quantity": 7.0})
            return super().send(request, url, headers)

    lines = (made.lines[0].model_copy(update={"description": "mine"}), *made.lines[1:])
    mine = made.model_copy(update={"notes": "mine", "lines": lines})
    transport = Meddling(trust_origin=written.base_url)
    with connect(written, transport=transport) as erp, pytest.raises(Conflict) as conflict:
        erp.purchase_orders.update(mine)
    assert conflict.value.current.lines[0].quantity == 7
    assert conflict.value.current.lines[0].description is None
    assert conflict.value.current.notes == made.notes


def test_an_order_is_cancelled_and_then_deleted(own: Connection) -> None:
    made = own.purchase_orders.create(order()).record
    assert own.purchase_orders.cancel(made.id).status == "cancelled"
    assert own.purchase_orders.cancel(made.id).status == "cancelled"
    own.purchase_orders.delete(made.id)
    with pytest.raises(NotFound):
        own.purchase_orders.get(made.id)


def test_an_order_under_way_is_not_cancelled(own: Connection, written: Server) -> None:
    (id, *_) = written.seeds.purchases["processing"]
    with pytest.raises(InvalidRecord, match="only what is draft or quotation"):
        own.purchase_orders.cancel(str(id))
    with pytest.raises(InvalidRecord, match="must cancel"):
        own.purchase_orders.delete(str(id))
    got = own.purchase_orders.get(str(id))
    with pytest.raises(InvalidRecord, match="Currency"):
        own.purchase_orders.update(got.model_copy(update={"currency": "KWD" if got.currency != "KWD" else "EUR"}))
    assert own.purchase_orders.get(str(id)) == got


def test_only_what_changed_since_a_moment_is_listed(fresh_tryton: Server) -> None:
    rpc = fresh_tryton.rpc()
    header, line, *_ = fresh_tryton.seeds.purchases["draft"]
    since = dt.datetime.now(dt.UTC)
    with connect(fresh_tryton) as erp:
        later = since + dt.timedelta(seconds=6)
        assert list(erp.purchase_orders.list(updated_since=later)) == []
        rpc.write("purchase.purchase", [header], {"reference": "changed"})
        (first, *_) = rpc.read("purchase.purchase", [line], "lines")[0]["lines"]
        rpc.write("purchase.line", [first], {"note": "changed by itself"})
        found = {record.id for record in erp.purchase_orders.list(updated_since=since)}
        assert {str(header), str(line)} <= found
        # The seeded orders may be only seconds old, so that the overlap reaches them; those of a day ago are all.
        assert len(list(erp.purchase_orders.list(updated_since=since - dt.timedelta(days=400)))) == 80


# Refusals


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"vendor": Ref(number="NOBODY")}, "vendor <-> party.party.code"),
        ({"vendor": Ref(id="99999")}, "vendor <-> party: no active record has the id 99999"),
        ({"vendor": Ref(name="Somebody")}, "neither id nor number"),
        ({"currency": "XXX"}, "currency <-> currency.code: no active record has 'XXX'"),
        ({"payment_terms": Ref(number="Net 31")}, "payment_terms <-> account.invoice.payment_term.name"),
        ({"lines": (PurchaseOrderLine(item=Ref(number="NOTHING"), quantity=1),)}, "item <-> product.product.code"),
        ({"lines": (PurchaseOrderLine(description="x", quantity=1, native_unit="ell"),)}, "unit <-> unit.symbol"),
        ({"lines": (PurchaseOrderLine(description="x", quantity=1, tax_code="VAT 99%"),)}, "tax_code <-> taxes.name"),
        (
            {"lines": (PurchaseOrderLine(item=Ref(number="BOLT-M8"), kind="service", quantity=1),)},
            "kind <-> product.type: the product is goods",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused_by_name(
    own: Connection, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(InvalidRecord) as refused:
        own.purchase_orders.create(order(**changes), key="req-never")
    assert any(words in problem.message for problem in refused.value.problems)
    assert all(problem.pointer for problem in refused.value.problems)
    assert own.purchase_orders._run(own.purchase_orders._operations.look("req-never")) is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"incoterms": "FOB"}, "/incoterms"),
        ({"exchange_rate": Decimal("1.1")}, "/exchange_rate"),
        ({"status": "open"}, "/status"),
        ({"number": "PO-1"}, "/number"),
        ({"vendor_reference": "two\nlines"}, "/vendor_reference"),
        ({"vendor": Ref(id="V-1001")}, "/vendor/id"),
        ({"extra": {"colour": "red"}}, "/extra/colour"),
        ({"lines": (PurchaseOrderLine(quantity=1, unit_price=Decimal("1.23456")),)}, "/lines/0/unit_price"),
        ({"lines": (PurchaseOrderLine(quantity=1, discount_percent=Decimal(5)),)}, "/lines/0/discount_percent"),
        ({"lines": (PurchaseOrderLine(quantity=1, kind="charge"),)}, "/lines/0/kind"),
        ({"lines": (PurchaseOrderLine(quantity=1, unit="DZN"),)}, "/lines/0/unit"),
    ],
)
def test_a_value_that_would_be_lost_is_refused_by_name(
    own: Connection, changes: dict[str, object], pointer: str
) -> None:
    with pytest.raises(NotRepresentable) as refused:
        own.purchase_orders.create(order(**changes))
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_what_tryton_refuses_is_told_in_its_words(own: Connection) -> None:
    third = PurchaseOrderLine(item=Ref(number="STEEL-ROD"), quantity=Decimal("1.005"), unit_price=Decimal(1))
    with pytest.raises(InvalidRecord, match="number of digits") as refused:
        own.purchase_orders.create(order(lines=(third,)))
    assert refused.value.problems[0].native.field == "Quantity"


def test_a_fault_of_the_server_keeps_its_words_to_itself(tryton: Server) -> None:
    overlay = {"purchase_orders": lambda lens: lens.extended(Map("extra.key", "no_such_field", char()))}
    with connect(tryton, overlays=overlay) as erp, pytest.raises(UnexpectedPayload) as fault:
        erp.purchase_orders.get("1")
    assert "no_such_field" not in str(fault.value)


# Lost answers


class Losing(HttpTransport):
    """Sends everything; loses the answer to the first creation, as a line that breaks does."""

    lost = 0

    def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
        response = super().send(request, url, headers)
        if request.json["method"].endswith(".create") and not self.lost:
            self.lost += 1
            raise OutcomeUnknown("the answer was lost")
        return response


def test_a_lost_answer_is_settled_by_looking(own: Connection, written: Server) -> None:
    transport = Losing(trust_origin=written.base_url)
    with connect(written, transport=transport) as erp:
        done = erp.purchase_orders.create(order(), key="req-lost")
        assert (transport.lost, done.settled) == (1, "look")
        assert done.record.external_reference == "req-lost"
    rows = written.rpc().ids("purchase.purchase", [["description", "=", "req-lost"]])
    assert [int(done.record.id)] == rows


def test_a_lost_answer_without_a_key_stays_unknown(written: Server) -> None:
    with connect(written, transport=Losing(trust_origin=written.base_url)) as erp:
        with pytest.raises(OutcomeUnknown, match="lost") as unknown:
            erp.purchase_orders.create(order())
        assert unknown.value.retry == "check_first"


# Vendors


def test_a_vendor_is_made_changed_and_made_only_once(own: Connection) -> None:
    wanted = Vendor(
        name="Lübeck Ventile",
        tax_number="DE136695976",
        email="a@ventile.example",
        phone="+49 451 1",
        currency="EUR",
        payment_terms=Ref(number="Net 60"),
        address=Address(street="Am Kai 1\nTor 2", city="Lübeck", postal_code="23552"),
    )
    made = own.vendors.create(wanted, key="V-2001").record
    assert (made.number, made.name, made.status) == ("V-2001", "Lübeck Ventile", "active")
    assert (made.tax_number, made.email, made.phone) == ("DE136695976", "a@ventile.example", "+49 451 1")
    assert (made.currency, made.payment_terms.name) == ("EUR", "Net 60")
    assert (made.address.street, made.address.city) == ("Am Kai 1\nTor 2", "Lübeck")
    assert own.vendors.create(wanted, key="V-2001").settled == "before"

    changed = own.vendors.update(
        made.model_copy(
            update={
                "name": "Lübeck Ventile AG",
                "status": "inactive",
                "email": "b@ventile.example",
                "phone": None,
                "website": "https://ventile.example",
                "tax_number": None,
                "address": made.address.model_copy(update={"city": "Kiel", "postal_code": None}),
            }
        )
    ).record
    assert (changed.name, changed.status, changed.email) == ("Lübeck Ventile AG", "inactive", "b@ventile.example")
    assert (changed.phone, changed.website, changed.tax_number) == (None, "https://ventile.example", None)
    assert (changed.address.street, changed.address.city, changed.address.postal_code) == (
        "Am Kai 1\nTor 2",
        "Kiel",
        None,
    )
    assert own.vendors.get(made.id) == changed


def test_a_vendor_without_an_address_gets_one(own: Connection) -> None:
    made = own.vendors.create(Vendor(name="Bare")).record
    assert made.number
    changed = own.vendors.update(made.model_copy(update={"address": Address(city="Essen")})).record
    assert changed.address.city == "Essen"
    assert own.purchase_orders.create(order(vendor=Ref(id=made.id))).record.vendor.name == "Bare"


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"status": "blocked"}, NotRepresentable, "status <-> active"),
        ({"tax_number": "12-3456789"}, InvalidRecord, "give address.country"),
        ({"tax_number": "GB980780684"}, InvalidRecord, "of which country"),
        ({"tax_number": "?!"}, NotRepresentable, "letters and figures"),
        ({"currency": "XXX"}, InvalidRecord, "currency <-> supplier_currency.code"),
        ({"address": Address(city="Essen", country="DE")}, InvalidRecord, "country <-> country.code"),
        ({"tax_number": "DE123456789"}, InvalidRecord, "is not valid"),
        ({"number": "V-1001"}, InvalidRecord, "must be unique"),
    ],
)
def test_a_vendor_that_tryton_cannot_hold_is_refused(
    own: Connection, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        own.vendors.create(Vendor(name="Never", **changes))


def test_an_asynchronous_host_writes_the_same(written: Server) -> None:
    async def write() -> None:
        async with anyerp.aconnect("tryton", **facts(written)) as erp:
            done = await erp.purchase_orders.create(order(), key="req-async")
            assert (await erp.purchase_orders.create(order(), key="req-async")).settled == "before"
            changed = await erp.purchase_orders.update(done.record.model_copy(update={"notes": "async"}))
            assert changed.record.notes == "async"
            with pytest.raises(Conflict):
                await erp.purchase_orders.update(done.record.model_copy(update={"notes": "stale"}))
            assert (await erp.purchase_orders.cancel(done.record.id)).status == "cancelled"
            with pytest.raises(NotFound):
                await erp.purchase_orders.get("999999")

    asyncio.run(write())


def test_some_fields_only_are_asked_for(tryton: Server) -> None:
    asked: list[list[str]] = []

    class Watching(HttpTransport):
        def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
            if request.json["method"].endswith("search_read"):
                asked.append(request.json["params"][4])
            return super().send(request, url, headers)

    with connect(tryton, transport=Watching(trust_origin=tryton.base_url)) as erp:
        found = list(erp.purchase_orders.list(fields=["vendor", "total_incl_tax"]))
    assert len(found) == 80
    assert all(record.total_incl_tax is not None and record.vendor.number for record in found)
    assert all(
        set(names) == {"id", "_timestamp", "party", "party.code", "party.name", "total_amount"} for names in asked
    )


@pytest.mark.parametrize(
    "number",
    [
        "DE136695976",
        "ATU13585627",
        "FR40303265045",
        "NL004495445B01",
        "BE0428759497",
        "be 0428 759 497",
        "CHE-107.787.577 IVA",
    ],
)
def test_a_tax_number_with_its_check_digits_is_taken(own: Connection, number: str) -> None:
    made = own.vendors.create(Vendor(name="Taxed", tax_number=number)).record
    assert made.tax_number == compact(number)


def test_a_tax_number_is_of_the_kind_of_its_country() -> None:
    assert kind_of("DE136695976", None) == kind_of("EL094259216", "GR") == "eu_vat"
    assert kind_of("123456789", "US") == "us_ein"
    assert kind_of("980780684", "GB") == "gb_vat"
    assert kind_of("ATAT1234567", "CO") == "co_nit"
    assert kind_of("NO995525828MVA", None) == "no_mva"
    assert kind_of("123456789", None) is kind_of("GB980780684", "GB") is None
