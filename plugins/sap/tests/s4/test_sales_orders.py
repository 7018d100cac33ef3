"""Sales orders: deep insert, then each part changed by itself under the header's etag (sap sheet §4, §8, §12)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from anyerp import Ref, SalesOrder, SalesOrderLine
from anyerp.errors import ConfigError, Conflict, InvalidRecord, NotFound
from anyerp.testing.sandbox import Once, lose_after
from anyerp_sap.sandbox.rules import sales_order, sales_order_item
from anyerp_sap.sandbox.world import Work


def line(**values):
    given = {"item": Ref(id="TG11"), "quantity": Decimal(4), "unit": "C62", "unit_price": Decimal("18.50")}
    return SalesOrderLine.model_validate({**given, **values})


def sale(*lines, **values):
    given = {
        "company": Ref(id="1010"),
        "customer": Ref(id="17100001"),
        "customer_reference": "PO-900",
        "currency": "EUR",
        "order_date": dt.date(2025, 6, 2),
        "requested_date": dt.date(2025, 7, 1),
        "lines": lines or (line(),),
    }
    return SalesOrder.model_validate({**given, **values})


@pytest.fixture
def deliver(system):
    """Send out a quantity of an order's item 10."""

    def delivered(order, quantity):
        world = system.sandbox.world
        work = Work(world, "EN", "WAREHOUSE")
        sales_order_item.deliver(work, world.store.find("A_SalesOrderItem", order, "10"), Decimal(quantity))
        sales_order.settle(work, world.store.find("A_SalesOrder", order))

    return delivered


def test_an_order_is_created_at_once_with_what_the_settings_say(system, erp):
    made = erp.sales_orders.create(sale(line(price_quantity=Decimal(2)), notes="Ring twice"), key="req-1").record
    assert (made.status, made.external_reference, made.customer_reference) == ("open", "req-1", "PO-900")
    assert (made.total_excl_tax, made.total_tax, made.total_incl_tax) == (37, Decimal("7.03"), Decimal("44.03"))
    assert made.notes == "Ring twice"
    assert made.payment_terms.id == "NT30"  # the sales area's
    (sold,) = made.lines
    assert (sold.number, sold.kind, sold.unit_price, sold.price_quantity) == (10, "item", Decimal("18.50"), 2)
    assert (sold.requested_date, sold.quantity_shipped, sold.status) == (dt.date(2025, 7, 1), 0, "open")
    sent = json.loads(system.calls("POST")[0].content)
    area = (
        sent["SalesOrderType"],
        sent["SalesOrganization"],
        sent["DistributionChannel"],
        sent["OrganizationDivision"],
    )
    assert area == ("OR", "1010", "10", "00")
    (price,) = sent["to_Item"]["results"][0]["to_PricingElement"]["results"]
    assert (price["ConditionType"], price["ConditionCurrency"], price["ConditionQuantityUnit"]) == ("PPR0", "EUR", "PC")
    assert len(system.calls("POST")) == 1


def test_without_a_price_the_system_finds_one(erp):
    made = erp.sales_orders.create(sale(line(unit_price=None))).record
    assert made.lines[0].unit_price == Decimal("17.50")


def test_the_organization_may_come_from_the_settings_and_must_come_from_somewhere(system, erp):
    assert erp.sales_orders.create(sale(company=None)).record.company.id == "1010"
    with system.connect(sales_organization=None) as other, pytest.raises(ConfigError, match="sales organization"):
        other.sales_orders.create(sale(company=None))


def test_what_is_refused_is_told_with_the_systems_words(erp):
    with pytest.raises(InvalidRecord) as caught:
        erp.sales_orders.create(sale(line(item=Ref(id="NO-SUCH")), customer=Ref(id="17100003")))
    said = " ".join(problem.message for problem in caught.value.problems)
    assert "NO-SUCH does not exist" in said
    assert "17100003" in said


def test_a_blocked_customer_gets_no_order(erp):
    with pytest.raises(InvalidRecord, match="blocked"):
        erp.sales_orders.create(sale(customer=Ref(id="17100005")))


def test_a_lost_answer_is_settled_by_the_key(system, erp):
    system.sandbox.faults = [Once(lose_after, when=lambda c: c.method == "POST")]
    assert erp.sales_orders.create(sale(), key="req-2").settled == "look"
    assert erp.sales_orders.create(sale(), key="req-2").settled == "before"
    assert len(system.calls("POST")) == 1


def test_each_part_that_changes_is_one_request_and_nothing_is_nested(system, erp):
    made = erp.sales_orders.create(sale(line(), line(item=Ref(id="66"), unit="KGM"), notes="One")).record
    first, second = made.lines
    lines = (
        first.model_copy(
            update={"quantity": Decimal(6), "unit_price": Decimal(20), "requested_date": dt.date(2025, 8, 1)}
        ),
        second.model_copy(update={"description": "Zinc"}),
        line(item=Ref(id="PALLET-EUR"), quantity=Decimal(1)),
    )
    after = erp.sales_orders.update(made.model_copy(update={"incoterms": "EXW", "notes": "Two", "lines": lines})).record
    assert (after.incoterms, after.notes, len(after.lines)) == ("EXW", "Two", 3)
    assert (after.lines[0].quantity, after.lines[0].unit_price, after.lines[0].amount) == (6, 20, 120)
    assert after.lines[0].requested_date == dt.date(2025, 8, 1)
    assert (after.lines[1].description, after.lines[2].number) == ("Zinc", 30)
    assert len(system.calls("PATCH")) == 6
    assert all("results" not in call.content.decode() for call in system.calls("PATCH"))
    # The order is in the address of a new part: its field can't be sent.
    (new,) = system.calls("POST", "A_SalesOrder('")
    assert new.target.endswith("/to_Item")
    assert "SalesOrder" not in json.loads(new.content)


def test_a_line_that_is_left_out_is_removed(erp):
    made = erp.sales_orders.create(sale(line(), line(quantity=Decimal(1)))).record
    after = erp.sales_orders.update(made.model_copy(update={"lines": made.lines[:1]})).record
    assert [one.number for one in after.lines] == [10]
    assert after.total_excl_tax == 74


def test_somebody_elses_change_of_a_line_is_a_conflict_too(erp):
    made = erp.sales_orders.create(sale()).record
    changed = made.lines[0].model_copy(update={"quantity": Decimal(9)})
    erp.sales_orders.update(made.model_copy(update={"lines": (changed,)}))
    with pytest.raises(Conflict):
        erp.sales_orders.update(made.model_copy(update={"lines": (made.lines[0].model_copy(update={"quantity": 7}),)}))
    assert erp.sales_orders.get(made.id).lines[0].quantity == 9


def test_what_went_out_is_the_sum_of_the_schedule_lines(system, erp, deliver):
    made = erp.sales_orders.create(sale()).record
    deliver(made.id, "1.5")
    system.sandbox.world.store.put(
        "A_SalesOrderScheduleLine",
        {**system.row("A_SalesOrderScheduleLine", made.id, "10", "1"), "ScheduleLine": "2",
         "DeliveredQtyInOrderQtyUnit": Decimal(1)},
    )  # fmt: skip
    now = erp.sales_orders.get(made.id)
    assert (now.lines[0].quantity_shipped, now.lines[0].status, now.status) == (
        Decimal("2.5"),
        "partially_shipped",
        "partially_shipped",
    )
    assert next(o for o in erp.sales_orders.list() if o.id == made.id) == now
    deliver(made.id, "2.5")
    assert erp.sales_orders.get(made.id).status == "shipped"


def test_a_delivery_block_puts_an_order_on_hold(system, erp):
    system.put("A_SalesOrder", ("1",), DeliveryBlockReason="01")
    assert erp.sales_orders.get("1").status == "on_hold"


def test_cancelling_rejects_every_item_and_says_why(system, erp):
    made = erp.sales_orders.create(sale(line(), line())).record
    gone = erp.sales_orders.cancel(made.id)
    assert (gone.status, {one.status for one in gone.lines}, gone.total_excl_tax) == ("cancelled", {"cancelled"}, 0)
    assert system.row("A_SalesOrderItem", made.id, "20")["SalesDocumentRjcnReason"] == "61"
    with system.connect(rejection_reason=None) as other, pytest.raises(ConfigError, match="reason"):
        other.sales_orders.cancel("1")


def test_an_order_may_be_deleted_until_something_went_out(erp, deliver):
    made = erp.sales_orders.create(sale()).record
    erp.sales_orders.delete(made.id)
    with pytest.raises(NotFound):
        erp.sales_orders.get(made.id)
    kept = erp.sales_orders.create(sale()).record
    deliver(kept.id, "1")
    with pytest.raises(InvalidRecord, match="delivery exists"):
        erp.sales_orders.delete(kept.id)


def test_changed_since_finds_what_a_line_changed(system, erp):
    system.clock.advance(hours=1)
    made = erp.sales_orders.get("1")
    erp.sales_orders.update(
        made.model_copy(update={"lines": (made.lines[0].model_copy(update={"description": "Other"}),)})
    )
    since = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
    assert [one.id for one in erp.sales_orders.list(updated_since=since)] == ["1"]


def test_an_order_in_yen_has_no_decimals(erp):
    (order,) = (one for one in erp.sales_orders.list() if one.currency == "JPY")
    assert (order.total_excl_tax, order.lines[0].unit_price, order.lines[0].price_quantity) == (29000, 2900, 100)


def test_a_text_or_a_price_that_was_not_there_is_added(system, erp):
    system.sandbox.world.store.remove("A_SalesOrderItemPrElement", ("1", "10", "10", "1"))
    before = erp.sales_orders.get("1")
    assert (before.notes, before.lines[0].unit_price) == (None, None)
    priced = before.lines[0].model_copy(update={"unit_price": Decimal("19.95")})
    after = erp.sales_orders.update(before.model_copy(update={"notes": "New", "lines": (priced,)})).record
    assert (after.notes, after.lines[0].unit_price) == ("New", Decimal("19.95"))


def test_where_it_goes_and_who_is_billed_are_read_from_the_partner_functions(system, erp):
    order = erp.sales_orders.get("1")
    assert (order.ship_to.name, order.ship_to.street, order.ship_to.city) == (
        "Inlandskunde DE 2",
        "Ostra-Allee 9",
        "Dresden",
    )
    assert order.bill_to == order.ship_to
    system.put("A_SalesOrderPartnerAddress", ("1", "SH", ""), CityName="Pirna")
    now = erp.sales_orders.get("1")
    assert (now.ship_to.city, now.bill_to.city) == ("Pirna", "Dresden")
