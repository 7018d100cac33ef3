"""Purchase orders written: each part by its own request, nothing twice, nobody overwritten (sap sheet §4, §6, §8)."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal

import pytest
from anyerp import Ref
from anyerp.errors import Conflict, InvalidRecord, NotFound, NotRepresentable, OutcomeUnknown, PermissionDenied
from anyerp.testing.sandbox import Call, Once, answer_with, lose_after, lose_before
from anyerp.wire import Headers, Response
from anyerp_sap.sandbox.faults import dump_after_commit, overloaded, session_expiry, throttled

ITEMS = "A_PurchaseOrderItem("


def is_post(call: Call) -> bool:
    return call.method == "POST"


def is_patch(call: Call) -> bool:
    return call.method in ("PATCH", "MERGE")


def test_an_order_is_created_in_one_call_and_read_back(system, erp, say):
    given = say.order(say.line(), say.line(item=Ref(id="66"), quantity=Decimal("2.5"), unit="KGM"))
    done = erp.purchase_orders.create(given, key="REQ-7")
    record = done.record
    assert (done.outcome, done.settled) == ("applied", "answer")
    assert record.external_reference == "REQ-7"
    assert [(x.number, x.item.id, x.quantity, x.unit) for x in record.lines] == [
        (10, "TG11", Decimal(5), "C62"),
        (20, "66", Decimal("2.5"), "KGM"),
    ]
    assert record.lines[0].requested_date == dt.date(2025, 7, 1)
    assert record.lines[0].location.id == "1010~101A"
    assert record.total_excl_tax == Decimal("93.75")
    assert len(system.calls("POST")) == 1
    assert erp.purchase_orders.get(record.id) == record


def test_the_same_key_again_gives_the_order_that_is_there(system, erp, say):
    first = erp.purchase_orders.create(say.order(), key="REQ-7").record
    again = erp.purchase_orders.create(say.order(say.line(quantity=Decimal(9))), key="REQ-7")
    assert (again.settled, again.record.id) == ("before", first.id)
    assert len(system.calls("POST")) == 1


@pytest.mark.parametrize("strike", [lose_after, dump_after_commit])
def test_an_answer_lost_after_the_commit_is_settled_by_looking(system, erp, say, strike):
    before = system.orders()
    system.sandbox.faults = [Once(strike, when=is_post)]
    done = erp.purchase_orders.create(say.order(), key="REQ-8")
    assert (done.settled, done.record.external_reference) == ("look", "REQ-8")
    assert system.orders() == before + 1
    assert len(system.calls("POST")) == 1


@pytest.mark.parametrize("strike", [lose_before, overloaded()])
def test_a_call_lost_on_the_way_stays_unknown_and_the_key_makes_repeating_safe(system, erp, say, strike):
    before = system.orders()
    system.sandbox.faults = [Once(strike, when=is_post)]
    with pytest.raises(OutcomeUnknown) as caught:
        erp.purchase_orders.create(say.order(), key="REQ-9")
    assert caught.value.retry == "check_first"
    assert system.orders() == before
    assert len(system.calls("POST")) == 1
    assert erp.purchase_orders.create(say.order(), key="REQ-9").settled == "answer"
    assert system.orders() == before + 1


def forbidden_after(method: str) -> Once:
    """The first read of a single order behind an accepted write is forbidden."""
    written = []

    def struck(call: Call) -> bool:
        if call.method == method:
            written.append(call)
        return bool(written) and call.method == "GET" and "/A_PurchaseOrder(" in call.target

    return Once(answer_with(Response(403, Headers())), when=struck)


def test_an_order_that_was_taken_but_not_read_back_is_settled_by_looking(system, erp, say):
    before = system.orders()
    system.sandbox.faults = [forbidden_after("POST")]
    done = erp.purchase_orders.create(say.order(), key="REQ-10")
    assert (done.settled, done.record.external_reference) == ("look", "REQ-10")
    assert system.orders() == before + 1


def test_an_order_that_was_taken_but_not_read_back_is_never_called_refused(system, erp, say):
    before = system.orders()
    system.sandbox.faults = [forbidden_after("POST")]
    with pytest.raises(OutcomeUnknown, match="accepted the write, but reading it back failed"):
        erp.purchase_orders.create(say.order())
    assert system.orders() == before + 1


def test_a_change_that_was_taken_but_not_read_back_is_never_called_refused(system, erp, say):
    record = erp.purchase_orders.create(say.order(), key="REQ-11").record
    system.sandbox.faults = [forbidden_after("PATCH")]
    with pytest.raises(OutcomeUnknown, match="accepted the write, but reading it back failed"):
        erp.purchase_orders.update(record.model_copy(update={"incoterms": "FOB"}))
    assert erp.purchase_orders.get(record.id).incoterms == "FOB"


def test_a_lost_answer_without_a_key_is_never_repeated(system, erp, say):
    before = system.orders()
    system.sandbox.faults = [Once(lose_after, when=is_post)]
    with pytest.raises(OutcomeUnknown):
        erp.purchase_orders.create(say.order())
    assert system.orders() == before + 1
    assert len(system.calls("POST")) == 1


def test_a_throttled_write_was_not_begun_and_is_repeated(system, erp, say):
    system.sandbox.faults = [Once(throttled("2"), when=is_post)]
    assert erp.purchase_orders.create(say.order()).settled == "answer"
    assert len(system.calls("POST")) == 2


def test_a_key_longer_than_the_field_is_refused_before_anything_is_sent(system, erp, say):
    with pytest.raises(NotRepresentable):
        erp.purchase_orders.create(say.order(), key="REQ-1234567890")
    assert not system.calls("POST")


def test_an_async_host_creates_updates_cancels(system, say):
    async def walk():
        async with system.aconnect() as erp:
            system.sandbox.faults = [Once(lose_after, when=is_post)]
            done = await erp.purchase_orders.create(say.order(), key="REQ-10")
            assert done.settled == "look"
            changed = done.record.model_copy(update={"vendor_reference": "Q-7"})
            updated = (await erp.purchase_orders.update(changed)).record
            assert updated.vendor_reference == "Q-7"
            with pytest.raises(Conflict):
                await erp.purchase_orders.update(changed)
            return await erp.purchase_orders.cancel(updated.id)

    assert asyncio.run(walk()).status == "cancelled"


def test_a_text_line_brings_its_account_and_category(erp, say):
    text = say.line(
        item=None,
        unit="C63",
        quantity=Decimal(1),
        unit_price=Decimal(480),
        description="Rework of press tool",
        account=Ref(id="61008000"),
        dimensions={"cost_center": "10101101"},
    )
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(say.order(text))
    assert "Material Group" in str(caught.value)


def test_the_material_group_of_the_settings_completes_a_text_line(system, say):
    text = say.line(
        item=None,
        unit="C63",
        quantity=Decimal(1),
        unit_price=Decimal(480),
        description="Rework of press tool",
        account=Ref(id="61008000"),
        dimensions={"cost_center": "10101101"},
    )
    with system.connect(material_group="YBSVS1") as erp:
        line = erp.purchase_orders.create(say.order(text)).record.lines[0]
    assert (line.account.id, line.dimensions) == ("61008000", {"cost_center": "10101101"})
    assert system.row("A_PurchaseOrderItem", "4500000014", "10")["AccountAssignmentCategory"] == "K"


@pytest.mark.parametrize(
    ("dimension", "category", "field"), [("order", "F", "OrderID"), ("project", "P", "WBSElementExternalID")]
)
def test_internal_orders_and_projects_have_their_own_categories(system, erp, say, dimension, category, field):
    line = say.line(account=Ref(id="61008000"), dimensions={dimension: "P-100"})
    record = erp.purchase_orders.create(say.order(line)).record
    assert record.lines[0].dimensions == {dimension: "P-100"}
    assert system.row("A_PurchaseOrderItem", record.id, "10")["AccountAssignmentCategory"] == category
    assert system.row("A_PurOrdAccountAssignment", record.id, "10", "1")[field] == "P-100"


def test_order_type_and_organisation_come_from_the_order_or_the_settings(system, say):
    with system.connect(purchasing_organization=None) as erp:
        with pytest.raises(Exception, match="purchasing organization") as caught:
            erp.purchase_orders.create(say.order())
        assert "settings.purchasing_organization" in str(caught.value.hint)
        extra = {"PurchasingOrganization": "1010", "PurchaseOrderType": "ZNBR"}
        record = erp.purchase_orders.create(say.order(extra=extra)).record
    assert record.extra == extra
    assert record.status == "pending_approval"


def test_header_fields_are_changed_by_one_patch_with_only_what_changed(system, erp):
    record = erp.purchase_orders.get("4500000001")
    done = erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q-77", "incoterms": "FCA"}))
    assert (done.record.vendor_reference, done.record.incoterms) == ("Q-77", "FCA")
    (patch,) = system.calls("PATCH")
    assert b"Item" not in patch.content
    assert patch.headers["if-match"] == record.version  # byte for byte, colons percent-encoded
    assert "%3A" in record.version
    assert done.record.version != record.version


def test_nothing_changed_sends_nothing(system, erp):
    record = erp.purchase_orders.get("4500000001")
    assert erp.purchase_orders.update(record).record == record
    assert not system.calls("PATCH")
    assert not system.calls("POST")


def _changed(record, index=0, **values):
    lines = list(record.lines)
    lines[index] = lines[index].model_copy(update=values)
    return record.model_copy(update={"lines": tuple(lines)})


def test_a_line_its_date_and_its_assignment_are_changed_each_by_its_own_request(system, erp):
    record = erp.purchase_orders.get("4500000012")
    line = record.lines[0]
    wanted = _changed(
        record,
        quantity=Decimal(3),
        unit_price=Decimal("99.90"),
        requested_date=dt.date(2025, 9, 1),
        dimensions={**line.dimensions, "cost_center": "10101202"},
    )
    now = erp.purchase_orders.update(wanted).record.lines[0]
    assert (now.quantity, now.unit_price, now.requested_date) == (3, Decimal("99.90"), dt.date(2025, 9, 1))
    assert now.dimensions["cost_center"] == "10101202"
    assert now.amount == Decimal("299.70")
    patched = [call.target.rpartition("/")[2].partition("(")[0] for call in system.calls("PATCH")]
    assert sorted(patched) == ["A_PurOrdAccountAssignment", "A_PurchaseOrderItem", "A_PurchaseOrderScheduleLine"]
    assert all(b"results" not in call.content for call in system.calls("PATCH"))
    assert erp.purchase_orders.get(record.id).lines[1] == record.lines[1]


def test_what_the_model_does_not_know_survives_an_update(system, erp):
    system.put("A_PurchaseOrderItem", ("4500000001", "10"), RequisitionerName="KEEPME")
    system.put("A_PurchaseOrder", ("4500000001",), CorrespncInternalReference="MINE")
    record = erp.purchase_orders.get("4500000001")
    erp.purchase_orders.update(_changed(record, quantity=Decimal(6)).model_copy(update={"incoterms": "FCA"}))
    assert system.row("A_PurchaseOrderItem", "4500000001", "10")["RequisitionerName"] == "KEEPME"
    assert system.row("A_PurchaseOrder", "4500000001")["CorrespncInternalReference"] == "MINE"


def test_lines_are_added_and_taken_away(system, erp, say):
    record = erp.purchase_orders.get("4500000001")
    more = record.model_copy(update={"lines": (*record.lines, say.line(number=20, quantity=Decimal(2)))})
    record = erp.purchase_orders.update(more).record
    assert [(x.number, x.status) for x in record.lines] == [(10, "open"), (20, "open")]
    assert record.total_excl_tax == Decimal("87.50")
    record = erp.purchase_orders.update(record.model_copy(update={"lines": record.lines[:1]})).record
    assert [(x.number, x.status, x.native_status) for x in record.lines] == [
        (10, "open", None),
        (20, "cancelled", "L"),
    ]
    assert record.total_excl_tax == Decimal("62.50")  # deleted items do not count
    # An item once deleted stays in the list; leaving it out again deletes nothing twice.
    erp.purchase_orders.update(record.model_copy(update={"lines": record.lines[:1]}))
    assert len(system.calls("DELETE")) == 1


def test_an_assignment_is_made_where_a_line_has_none(system, erp):
    record = erp.purchase_orders.get("4500000001")
    wanted = _changed(record, account=Ref(id="61008000"), dimensions={"cost_center": "10101101"})
    line = erp.purchase_orders.update(wanted).record.lines[0]
    assert (line.account.id, line.dimensions) == ("61008000", {"cost_center": "10101101"})
    assert system.row("A_PurchaseOrderItem", "4500000001", "10")["AccountAssignmentCategory"] == "K"


def test_an_order_that_somebody_changed_is_a_conflict_with_the_order_as_it_is(system, erp):
    record = erp.purchase_orders.get("4500000001")
    system.sandbox.touch(record.id, PaymentTerms="NT60")
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"}))
    assert caught.value.current.payment_terms.id == "NT60"
    assert not system.calls("PATCH")
    with pytest.raises(Conflict):
        erp.purchase_orders.cancel(record.id, version=record.version)
    assert not system.calls("DELETE")


def test_a_change_between_our_read_and_our_write_is_a_conflict(system, erp):
    def meanwhile(call, proceed):
        system.sandbox.touch("4500000001")
        return proceed()

    record = erp.purchase_orders.get("4500000001")
    system.sandbox.faults = [Once(meanwhile, when=is_patch)]
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"}))
    assert caught.value.status == 412
    assert system.row("A_PurchaseOrder", "4500000001").get("SupplierQuotationExternalID", "") == ""


def test_an_item_that_somebody_changed_meanwhile_is_a_conflict(system, erp):
    def meanwhile(call, proceed):
        system.sandbox.touch("4500000001", "10")
        return proceed()

    record = erp.purchase_orders.get("4500000001")
    system.sandbox.faults = [Once(meanwhile, when=lambda c: is_patch(c) and ITEMS in c.target)]
    with pytest.raises(Conflict):
        erp.purchase_orders.update(_changed(record, quantity=Decimal(6)))


def test_a_demand_for_an_etag_is_answered_by_reading_it_once(system, erp):
    def without_etags(call, proceed):
        answer = proceed()
        if "$select" not in call.target:
            return answer
        headers = Headers([(k, v) for k, v in answer.headers.items_with_repeats() if k.lower() != "etag"])
        return Response(answer.status, headers, answer.content.replace(b'"etag"', b'"was_etag"'))

    system.sandbox.faults = [without_etags]  # a release that does not show the etag where we read
    record = erp.purchase_orders.get("4500000001")
    assert record.version is None
    done = erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q-9"}))
    assert done.record.vendor_reference == "Q-9"
    assert [c.headers.get("if-match") is not None for c in system.calls("PATCH")] == [False, True]


def test_a_demand_that_cannot_be_met_is_a_conflict_and_no_loop(system, erp):
    refused = Response(428, Headers({"content-type": "text/plain"}), b"")
    system.sandbox.faults = [Once(answer_with(refused), when=is_patch, times=99)]
    record = erp.purchase_orders.get("4500000001")
    with pytest.raises(Conflict):
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q-9"}))
    assert len(system.calls("PATCH")) <= 2


def test_an_update_that_stops_halfway_says_what_was_done(system, erp):
    record = erp.purchase_orders.get("4500000002")
    wanted = _changed(record.model_copy(update={"vendor_reference": "Q-3"}), 1, tax_code="??")
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.update(wanted)
    assert "1 of 2" in caught.value.hint
    assert erp.purchase_orders.get(record.id).vendor_reference == "Q-3"


def test_an_order_is_cancelled_by_deletion_codes_and_stays(system, erp):
    gone = erp.purchase_orders.cancel("4500000012")
    assert (gone.status, {line.status for line in gone.lines}) == ("cancelled", {"cancelled"})
    assert system.row("A_PurchaseOrder", "4500000012").get("PurchasingDocumentDeletionCode", "") == ""
    assert "4500000012" in [o.id for o in erp.purchase_orders.list()]


def test_cancelling_is_refused_once_something_was_received(system, erp):
    system.sandbox.receive("4500000001", "10", Decimal(1))
    with pytest.raises(InvalidRecord):
        erp.purchase_orders.cancel("4500000001")
    assert erp.purchase_orders.get("4500000001").status == "partially_received"


def test_cancelling_twice_is_no_error(erp):
    assert erp.purchase_orders.cancel("4500000001").status == "cancelled"
    assert erp.purchase_orders.cancel("4500000001").status == "cancelled"


def test_closing_expects_nothing_more_of_any_line(system, erp):
    closed = erp.purchase_orders.close("4500000002")
    assert closed.status == "closed"
    assert {line.status for line in closed.lines} == {"closed"}
    before = len(system.calls("PATCH"))
    assert erp.purchase_orders.close("4500000002").status == "closed"
    assert len(system.calls("PATCH")) == before


def test_orders_cannot_be_deleted_and_the_reason_is_said(erp):
    with pytest.raises(Exception, match="never: an order is cancelled"):
        erp.purchase_orders.delete("4500000001")
    with pytest.raises(NotFound):
        erp.purchase_orders.cancel("4599999999")


def test_an_order_that_somebody_has_open_is_for_later(system, erp):
    system.sandbox.lock("4500000001")
    record = erp.purchase_orders.get("4500000001")
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"}))
    assert caught.value.retry == "later"
    assert caught.value.status == 400
    assert "MMUELLER already processing" in str(caught.value)
    assert caught.value.problems[0].native.code == "ME/006"
    system.sandbox.unlock("4500000001")
    assert (
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"})).record.vendor_reference == "Q"
    )


def test_an_expired_session_costs_one_more_token(system, erp, say):
    erp.purchase_orders.create(say.order())
    system.sandbox.expire_sessions()
    erp.purchase_orders.create(say.order())
    system.sandbox.faults = [Once(session_expiry(system.sandbox), when=is_post)]
    erp.purchase_orders.create(say.order())
    fetched = [c for c in system.sandbox.calls if c.headers.get("x-csrf-token", "").lower() == "fetch"]
    assert len(fetched) == 3
    assert system.orders() == 16
    assert not any("$metadata" in c.target for c in fetched)


def test_a_token_that_is_always_refused_is_fetched_twice_and_no_more(system, erp, say):
    refused = Response(403, Headers({"x-csrf-token": "Required", "content-type": "text/plain"}), b"CSRF")
    system.sandbox.faults = [Once(answer_with(refused), when=is_post, times=99)]
    with pytest.raises(PermissionDenied, match="CSRF token with status 403"):
        erp.purchase_orders.create(say.order())
    assert len(system.calls("POST")) == 2


def test_a_dry_run_shows_the_request_and_sends_nothing(system, erp, say):
    plan = erp.purchase_orders.create(say.order(), key="D-1", dry_run=True)
    assert plan.requests[0].method == "POST"
    assert plan.requests[0].body["PurchasingOrganization"] == "1010"
    assert not system.calls("POST")
    assert "Welcome" not in repr(plan)


def test_a_price_is_per_hundred_where_the_line_says_so(erp, say):
    line = say.line(
        item=Ref(id="RM-M8X20"), quantity=Decimal(1000), unit_price=Decimal("12.50"), price_quantity=Decimal(100)
    )
    record = erp.purchase_orders.create(say.order(line)).record
    assert (record.lines[0].price_quantity, record.lines[0].amount) == (100, Decimal("125.00"))
    assert record.total_excl_tax == Decimal("125.00")


def test_business_errors_name_every_reason_once_with_code_and_field(erp, say):
    bad = say.order(say.line(item=Ref(id="NO-SUCH")), say.line(item=Ref(id="NO-SUCH")), buyer=Ref(id="ZZZ"))
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(bad)
    problems = caught.value.problems
    codes = [p.native.code for p in problems]
    assert "M3/305" in codes
    assert "/IWBEP/CX_MGW_BUSI_EXCEPTION" not in codes
    assert len({(p.native.code, p.message, p.native.field) for p in problems}) == len(problems)
    group = next(p for p in problems if "Purchasing group ZZZ" in p.message)
    assert (group.native.code, group.native.field) == ("ME/013", "PurchasingGroup")
    assert caught.value.request_id
    assert caught.value.status == 400
    assert "exception was raised" not in str(caught.value).lower()


def test_warnings_beside_errors_are_not_errors(system, erp, say):
    bad = say.order(say.line(item=Ref(id="NO-SUCH"), requested_date=dt.date(2020, 1, 1)))
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(bad)
    assert "06/040" not in [p.native.code for p in caught.value.problems]


def test_warnings_of_a_success_are_handed_on(erp, say):
    done = erp.purchase_orders.create(say.order(say.line(requested_date=dt.date(2020, 1, 1))))
    (warning,) = done.warnings
    assert warning.native.code == "06/040"
    assert warning.message == "Can delivery date be met?"
    record = done.record
    assert erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"})).warnings == ()
    late = _changed(record, requested_date=dt.date(2020, 2, 1))
    late = late.model_copy(update={"version": None})
    assert [w.native.code for w in erp.purchase_orders.update(late).warnings] == ["06/040"]
    assert erp.purchase_orders.create(say.order()).warnings == ()


def test_the_header_text_is_written_changed_and_emptied(system, erp, say):
    text = "Please ring the bell.\nTwice."
    record = erp.purchase_orders.create(say.order(notes=text)).record
    assert record.notes == text
    assert system.row("A_PurchaseOrderNote", record.id, "F01", "EN")["PlainLongText"] == text
    record = erp.purchase_orders.update(record.model_copy(update={"notes": "Ring."})).record
    assert record.notes == "Ring."
    record = erp.purchase_orders.update(record.model_copy(update={"notes": None})).record
    assert record.notes is None
    record = erp.purchase_orders.get("4500000001")
    assert erp.purchase_orders.update(record.model_copy(update={"notes": "New."})).record.notes == "New."


def test_a_text_of_another_kind_or_language_stays_what_it_is(system, erp):
    key = {"PurchaseOrder": "4500000001"}
    put = system.sandbox.world.store.put
    put("A_PurchaseOrderNote", {**key, "TextObjectType": "F02", "Language": "EN", "PlainLongText": "Terms"})
    put("A_PurchaseOrderNote", {**key, "TextObjectType": "F01", "Language": "DE", "PlainLongText": "Bitte klingeln"})
    record = erp.purchase_orders.get("4500000001")
    assert record.notes == "Bitte klingeln"
    assert erp.purchase_orders.update(record.model_copy(update={"notes": "Klingeln"})).record.notes == "Klingeln"
    assert system.row("A_PurchaseOrderNote", "4500000001", "F02", "EN")["PlainLongText"] == "Terms"
    assert system.row("A_PurchaseOrderNote", "4500000001", "F01", "DE")["PlainLongText"] == "Klingeln"


def _order_wide_etags(system, **values):
    """A fault: whatever is written to the header moves the item's etag too, as where etags are made of the document."""

    def strike(call, proceed):
        answer = proceed()
        if is_patch(call) and "A_PurchaseOrder(" in call.target:
            system.put("A_PurchaseOrderItem", ("4500000001", "10"), **values)
        return answer

    return strike


def test_an_etag_that_our_own_write_has_moved_is_read_anew(system, erp):
    record = erp.purchase_orders.get("4500000001").model_copy(update={"vendor_reference": "Q-1"})
    system.sandbox.faults = [_order_wide_etags(system, ShippingInstruction="01")]
    now = erp.purchase_orders.update(_changed(record, tax_code="V0")).record
    assert (now.vendor_reference, now.lines[0].tax_code) == ("Q-1", "V0")


def test_an_item_that_is_really_different_stays_a_conflict(system, erp):
    record = erp.purchase_orders.get("4500000001").model_copy(update={"vendor_reference": "Q-1"})
    system.sandbox.faults = [_order_wide_etags(system, PurchaseOrderItemText="Theirs")]
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(_changed(record, tax_code="V0"))
    assert "1 of 2" in caught.value.hint
    assert system.row("A_PurchaseOrderItem", "4500000001", "10")["TaxCode"] == "V1"
