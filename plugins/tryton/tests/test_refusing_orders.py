"""What cannot be written to a live Tryton is refused by name, and a lost answer is settled by looking."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from anyerp.connection.connection import Connection
from anyerp.errors import InvalidRecord, NotRepresentable, NotSupported, OutcomeUnknown, UnexpectedPayload
from anyerp.lens import Map
from anyerp.model import PurchaseOrder, PurchaseOrderLine, Ref
from anyerp.transport import HttpTransport
from anyerp.wire import Request, Response
from anyerp_tryton.codec import char
from anyerp_tryton.live import Server

pytestmark = pytest.mark.live

Connect = Callable[..., Connection]
Order = Callable[..., PurchaseOrder]


def test_what_cannot_be_done_says_why(erp: Connection) -> None:
    assert erp.purchase_orders.operations["close"].startswith("never:")
    with pytest.raises(NotSupported, match="never"):
        erp.purchase_orders.close("1")
    assert all(check.ok for check in erp.check())


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
    own: Connection, changes: dict[str, object], words: str, order: Order
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
    own: Connection, changes: dict[str, object], pointer: str, order: Order
) -> None:
    with pytest.raises(NotRepresentable) as refused:
        own.purchase_orders.create(order(**changes))
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_what_tryton_refuses_is_told_in_its_words(own: Connection, order: Order) -> None:
    third = PurchaseOrderLine(item=Ref(number="STEEL-ROD"), quantity=Decimal("1.005"), unit_price=Decimal(1))
    with pytest.raises(InvalidRecord, match="number of digits") as refused:
        own.purchase_orders.create(order(lines=(third,)))
    assert refused.value.problems[0].native.field == "Quantity"


def test_a_fault_of_the_server_keeps_its_words_to_itself(tryton: Server, connect: Connect) -> None:
    overlay = {"purchase_orders": lambda lens: lens.extended(Map("extra.key", "no_such_field", char()))}
    with connect(tryton, overlays=overlay) as erp, pytest.raises(UnexpectedPayload) as fault:
        erp.purchase_orders.get("1")
    assert "no_such_field" not in str(fault.value)


class Losing(HttpTransport):
    """Sends everything; loses the answer to the first creation, as a line that breaks does."""

    lost = 0

    def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
        response = super().send(request, url, headers)
        if request.json["method"].endswith(".create") and not self.lost:
            self.lost += 1
            raise OutcomeUnknown("the answer was lost")
        return response


def test_a_lost_answer_is_settled_by_looking(own: Connection, written: Server, connect: Connect, order: Order) -> None:
    transport = Losing(trust_origin=written.base_url)
    with connect(written, transport=transport) as erp:
        done = erp.purchase_orders.create(order(), key="req-lost")
        assert (transport.lost, done.settled) == (1, "look")
        assert done.record.external_reference == "req-lost"
    rows = written.rpc().ids("purchase.purchase", [["description", "=", "req-lost"]])
    assert [int(done.record.id)] == rows


def test_a_lost_answer_without_a_key_stays_unknown(written: Server, connect: Connect, order: Order) -> None:
    with connect(written, transport=Losing(trust_origin=written.base_url)) as erp:
        with pytest.raises(OutcomeUnknown, match="lost") as unknown:
            erp.purchase_orders.create(order())
        assert unknown.value.retry == "check_first"
