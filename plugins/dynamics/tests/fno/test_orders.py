"""Purchase orders are written whole, or not at all, or it is said what is left of them (dynamics sheet §1.7)."""

from __future__ import annotations

from decimal import Decimal

import anyerp
import pytest
from anyerp import Conflict, InvalidRecord, OutcomeUnknown, Ref
from anyerp.errors import NotSupported, Unavailable
from anyerp.testing.sandbox import Once, answer_with, lose_after, lose_before
from anyerp.wire import Headers, Response
from anyerp_dynamics.sandbox.fno import Quirks


def on(method, part):
    """A time to strike: calls of a method whose target holds a text."""
    return lambda call: call.method == method and part in call.target


HEADER, LINE = on("POST", "HeadersV2"), on("POST", "LinesV2")
KEY, UNDO = on("PATCH", "HeadersV2"), on("DELETE", "HeadersV2")
BUSY = Response(429, Headers({"Retry-After": "7"}), b"")


def test_an_order_gets_its_number_from_the_company_and_its_lines_in_order(erp, system, say):
    done = erp.purchase_orders.create(say.order(say.line(), say.line(quantity=Decimal(2))), key="K-1")
    assert done.record.number == "00000013"
    assert [(line.number, line.quantity) for line in done.record.lines] == [(1, 5), (2, 2)]
    assert done.record.total_excl_tax == 1050
    assert done.record.external_reference == "K-1"
    assert done.record.status == "open"


def test_the_document_is_marked_until_its_last_line_is_there(erp, system, say):
    erp.purchase_orders.create(say.order(), key="K-1")
    header, line = system.calls("POST", "/data/")
    assert header.content.count(b"K-1 (incomplete)") == 1
    assert b"K-1" not in line.content
    assert system.calls("PATCH")[-1].content == b'{"VendorOrderReference":"K-1"}'


def test_nothing_is_marked_where_there_is_only_a_header(erp, system, say):
    done = erp.purchase_orders.create(say.order().model_copy(update={"lines": ()}), key="K-1")
    assert done.record.lines == ()
    assert not system.calls("PATCH")


def test_a_refused_line_leaves_nothing_and_is_told_by_its_place(erp, system, say):
    system.sandbox.block_item("D0002")
    order = say.order(say.line(), say.line(item=Ref(number="D0002")))
    with pytest.raises(InvalidRecord, match="Item 'D0002' is blocked") as told:
        erp.purchase_orders.create(order, key="K-1")
    assert told.value.problems[0].pointer == "/lines/1"
    assert "its header is taken back" in told.value.hint
    assert system.orders() == []
    assert system.lines("00000013") == []


def test_a_site_that_is_missing_says_what_to_give(erp, say):
    with pytest.raises(InvalidRecord, match="dimension Site is mandatory") as told:
        erp.purchase_orders.create(say.order(say.line(location=None)))
    assert "give the line a location" in told.value.hint


@pytest.mark.parametrize("when", [HEADER, LINE, KEY])
@pytest.mark.parametrize("strike", [lose_after, answer_with(Response(201, Headers({}), b"<html>"))])
def test_an_answer_that_is_lost_leaves_one_whole_order(erp, system, say, when, strike):
    fault = Once(lambda call, proceed: (proceed(), strike(call, proceed))[1] if strike is not lose_after
                 else strike(call, proceed), when)  # fmt: skip
    system.sandbox.faults.append(fault)
    done = erp.purchase_orders.create(say.order(say.line(), say.line()), key="K-1")
    assert fault.times == 0
    (order,) = system.orders()
    assert order["VendorOrderReference"] == "K-1"
    assert len(system.lines(order["PurchaseOrderNumber"])) == 2
    assert done.record.number == order["PurchaseOrderNumber"]


def test_a_line_that_never_arrived_is_sent_again_because_its_number_makes_it_unique(erp, system, say):
    system.sandbox.faults.append(Once(lose_before, LINE))
    done = erp.purchase_orders.create(say.order(say.line(), say.line()), key="K-1")
    assert len(done.record.lines) == 2
    assert len(system.calls("POST", "LinesV2")) == 3


def test_too_many_requests_are_waited_for_as_long_as_the_erp_says(erp, system, say):
    system.sandbox.faults.append(Once(answer_with(BUSY), LINE, times=9))
    done = erp.purchase_orders.create(say.order(), key="K-1")
    assert len(done.record.lines) == 1
    assert system.waits
    assert min(system.waits) >= 7


def test_an_erp_that_stays_away_has_everything_taken_back_as_soon_as_it_can(erp, system, say):
    system.sandbox.faults.append(Once(lose_before, LINE, times=99))
    with pytest.raises(Unavailable, match="purchase order 00000013 is taken back"):
        erp.purchase_orders.create(say.order(), key="K-1")
    assert system.orders() == []


def test_a_half_written_order_that_cannot_be_taken_back_is_reported_and_never_found(erp, system, say):
    refuse, keep = Once(lose_before, LINE, times=99), Once(lose_before, UNDO, times=99)
    system.sandbox.faults += [refuse, keep]
    order = say.order(say.line(), say.line())
    with pytest.raises(OutcomeUnknown, match="purchase order 00000013 is half written") as told:
        erp.purchase_orders.create(order, key="K-1")
    assert "same key" in told.value.hint
    assert [row["VendorOrderReference"] for row in system.orders()] == ["K-1 (incomplete)"]
    assert erp.purchase_orders.get("00000013").external_reference == "K-1 (incomplete)"


@pytest.mark.parametrize("lines", [0, 1])
def test_the_same_call_again_goes_on_with_a_half_written_order(system, say, lines):
    order = say.order(say.line(), say.line(quantity=Decimal(2)))
    places = iter([False] * lines + [True] * 99)
    system.sandbox.faults += [
        Once(lose_before, lambda call: LINE(call) and next(places), times=99),
        Once(lose_before, UNDO, times=99),
    ]
    with system.connect() as erp, pytest.raises(OutcomeUnknown):
        erp.purchase_orders.create(order, key="K-1")
    system.sandbox.faults.clear()
    with system.connect() as erp:  # another process, that remembers nothing
        done = erp.purchase_orders.create(order, key="K-1")
    assert (done.record.number, done.record.external_reference) == ("00000013", "K-1")
    assert [line.quantity for line in done.record.lines] == [5, 2]
    assert len(system.orders()) == 1


def test_a_half_written_order_of_other_content_is_not_gone_on_with(system, say):
    system.sandbox.faults += [Once(lose_before, LINE, times=99), Once(lose_before, UNDO, times=99)]
    with system.connect() as erp:
        with pytest.raises(OutcomeUnknown):
            erp.purchase_orders.create(say.order(), key="K-1")
        system.sandbox.faults.clear()
        with pytest.raises(Conflict, match="begun with this key and another CurrencyCode: 'USD'") as told:
            erp.purchase_orders.create(say.order(currency="EUR"), key="K-1")
    assert "it is half written" in told.value.hint
    assert len(system.orders()) == 1  # somebody may have gone on with it by hand


def test_what_another_process_may_be_writing_is_not_taken_back(erp, system, say):
    order = say.order(say.line(), say.line(item=Ref(number="D0002")))
    system.sandbox.faults += [Once(lose_before, LINE, times=99), Once(lose_before, UNDO, times=99)]
    with system.connect() as other, pytest.raises(OutcomeUnknown):
        other.purchase_orders.create(order, key="K-1")
    system.sandbox.faults.clear()
    system.sandbox.block_item("D0002")
    with pytest.raises(OutcomeUnknown, match="half written: Item 'D0002' is blocked") as told:
        erp.purchase_orders.create(order, key="K-1")
    assert told.value.problems[0].pointer == "/lines/1"
    assert len(system.lines("00000013")) == 1


def test_a_key_with_an_asterisk_finds_only_itself(erp, say):
    erp.purchase_orders.create(say.order(), key="REQ-X")
    made = erp.purchase_orders.create(say.order(), key="REQ-*")
    again = erp.purchase_orders.create(say.order(), key="REQ-*")
    assert (made.settled, again.settled) == ("answer", "before")
    assert again.record.number == made.record.number == "00000014"


def test_a_key_is_not_another_in_capitals(erp, say):
    one = erp.purchase_orders.create(say.order(), key="req-1x")
    two = erp.purchase_orders.create(say.order(), key="REQ-1X")
    assert one.record.number != two.record.number


def test_another_companys_order_needs_a_connection_of_its_own(erp, system, say):
    with pytest.raises(InvalidRecord, match="company demf, this connection of usmf"):
        erp.purchase_orders.create(say.order(company=Ref(number="DEMF")))
    assert erp.purchase_orders.create(say.order(company=Ref(number="USMF"))).record.company == Ref(
        id="usmf", number="usmf"
    )


def test_an_order_of_a_procurement_category_has_no_item(erp, say):
    freight = say.line(item=None, unit=None, location=None, description="By sea")
    freight = freight.model_copy(update={"extra": {"ProcurementProductCategoryName": "Freight"}})
    line = erp.purchase_orders.create(say.order(freight)).record.lines[0]
    assert (line.kind, line.item, line.description) == ("other", None, "By sea")


def test_an_address_of_its_own_is_said_to_be_the_orders(erp, system, say):
    address = anyerp.Address(name="Dock 4", street="Main St 1", city="Seattle", country="US")
    done = erp.purchase_orders.create(say.order(ship_to=address))
    assert done.record.ship_to.country == "US"
    row = system.row("purchase_order", "usmf", done.record.number)
    assert (row["DeliveryAddressCountryRegionId"], row["IsDeliveryAddressOrderSpecific"]) == ("USA", "Yes")


def test_lines_are_added_changed_and_taken_away_each_by_its_own_request(erp, system, say):
    order = erp.purchase_orders.create(say.order(say.line(), say.line(), say.line())).record
    first, second, _ = order.lines
    wanted = (first.model_copy(update={"quantity": Decimal(9)}), second, say.line(quantity=Decimal(1)))
    system.sandbox.calls.clear()
    done = erp.purchase_orders.update(order.model_copy(update={"lines": wanted})).record
    assert [(line.number, line.quantity) for line in done.lines] == [(1, 9), (2, 5), (4, 1)]
    assert [len(system.calls(verb)) for verb in ("PATCH", "DELETE", "POST")] == [1, 1, 1]
    assert system.calls("PATCH")[0].content == b'{"OrderedPurchaseQuantity":9}'


def test_a_warehouse_of_another_site_takes_its_site_along(erp, system, say):
    order = erp.purchase_orders.create(say.order()).record
    moved = order.lines[0].model_copy(update={"location": Ref(number="21")})
    done = erp.purchase_orders.update(order.model_copy(update={"lines": (moved,)})).record
    assert done.lines[0].location == Ref(id="21", number="21")
    assert system.lines(done.number)[0]["ReceivingSiteId"] == "2"


def test_another_hands_change_of_a_line_is_noticed_though_the_header_stays(erp, system, say):
    order = erp.purchase_orders.create(say.order()).record
    (line,) = system.lines(order.number)
    system.sandbox.store.replace("purchase_order_line", line | {"LineDescription": "theirs"})
    with pytest.raises(Conflict):
        erp.purchase_orders.update(order.model_copy(update={"buyer": Ref(number="B1")}))


def test_a_line_that_moved_a_moment_ago_is_a_conflict(erp, system, say):
    order = erp.purchase_orders.create(say.order()).record

    def strike(call, proceed):
        (line,) = system.lines(order.number)
        system.sandbox.store.replace("purchase_order_line", line | {"LineDescription": "theirs"})
        return proceed()

    system.sandbox.faults.append(Once(strike, on("PATCH", "LinesV2")))
    mine = order.lines[0].model_copy(update={"description": "mine"})
    with pytest.raises(Conflict):
        erp.purchase_orders.update(order.model_copy(update={"lines": (mine,)}))
    assert system.lines(order.number)[0]["LineDescription"] == "theirs"


def test_our_own_earlier_step_may_move_a_lines_etag(erp, system, say):
    order = erp.purchase_orders.create(say.order()).record

    def strike(call, proceed):
        answer = proceed()
        (line,) = system.lines(order.number)
        system.sandbox.store.replace("purchase_order_line", dict(line))  # the ERP itself touches the line
        return answer

    system.sandbox.faults.append(Once(strike, on("PATCH", "HeadersV2")))
    mine = order.lines[0].model_copy(update={"description": "mine"})
    changed = order.model_copy(update={"lines": (mine,), "order_date": order.lines[0].requested_date})
    assert erp.purchase_orders.update(changed).record.lines[0].description == "mine"


def test_a_change_that_stops_half_way_says_how_far_it_came(erp, system, say):
    order = erp.purchase_orders.create(say.order(say.line(), say.line())).record
    system.sandbox.receive(order.number, 2, "3")
    order = erp.purchase_orders.get(order.number)
    wanted = tuple(line.model_copy(update={"quantity": Decimal(2)}) for line in order.lines)
    with pytest.raises(InvalidRecord, match="less than the quantity that was received") as told:
        erp.purchase_orders.update(order.model_copy(update={"lines": wanted}))
    assert told.value.hint == f"1 of 2 changes of purchase order {order.number} are written already: read it again"


def test_an_order_without_receipts_can_be_deleted_and_none_can_be_cancelled(erp, system, say):
    order = erp.purchase_orders.create(say.order()).record
    with pytest.raises(NotSupported, match="can be deleted"):
        erp.purchase_orders.cancel(order.id)
    erp.purchase_orders.delete(order.id)
    assert system.orders() == []
    with pytest.raises(InvalidRecord, match="has product receipts"):
        erp.purchase_orders.delete("00000004")


def test_a_number_that_people_must_give_says_so(make, say):
    system = make(quirks=Quirks(manual=frozenset({"purchase_order"})))
    with system.connect() as erp, pytest.raises(InvalidRecord, match="must be filled in") as told:
        erp.purchase_orders.create(say.order(), key="K-1")
    assert "number sequence" in told.value.hint


@pytest.mark.parametrize("when", [HEADER, LINE, KEY])
def test_without_a_key_an_answer_that_is_lost_leaves_one_whole_order_too(erp, system, say, when):
    system.sandbox.faults.append(Once(lose_after, when))
    done = erp.purchase_orders.create(say.order(say.line(), say.line()))
    (order,) = system.orders()
    assert order["VendorOrderReference"] == ""
    assert (done.record.number, len(done.record.lines)) == (order["PurchaseOrderNumber"], 2)
    assert done.record.external_reference is None


def test_without_a_key_a_half_written_order_bears_the_mark(erp, system, say):
    system.sandbox.faults += [Once(lose_before, LINE, times=99), Once(lose_before, UNDO, times=99)]
    with pytest.raises(OutcomeUnknown, match="is half written"):
        erp.purchase_orders.create(say.order())
    assert system.orders()[0]["VendorOrderReference"].endswith(" (incomplete)")
