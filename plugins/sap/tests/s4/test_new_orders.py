"""Purchase orders made: each kind of line, what the settings complete, keys, and what is told of it (sap sheet §4)."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal

import pytest
from anyerp import Ref
from anyerp.errors import Conflict, InvalidRecord, NotRepresentable
from anyerp.testing.sandbox import Call, Once, lose_after


def is_post(call: Call) -> bool:
    return call.method == "POST"


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


def rework(say):
    """A line without an item."""
    return say.line(
        item=None,
        unit="C63",
        quantity=Decimal(1),
        unit_price=Decimal(480),
        description="Rework of press tool",
        account=Ref(id="61008000"),
        dimensions={"cost_center": "10101101"},
    )


def test_a_text_line_brings_its_account_and_category(erp, say):
    text = rework(say)
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(say.order(text))
    assert "Material Group" in str(caught.value)


def test_the_material_group_of_the_settings_completes_a_text_line(system, say):
    text = rework(say)
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
