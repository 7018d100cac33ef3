"""A Service Layer client that others wrote (b1sl-python) used over loopback: it must find itself at home here."""

import pytest
from anyerp.testing.sandbox import serve
from anyerp_sap.b1.sandbox import COMPANY_DB, BusinessOneSandbox

b1sl = pytest.importorskip("b1sl.b1sl", reason="the foreign client b1sl-python is not installed")
entities = pytest.importorskip("b1sl.b1sl.entities")
exceptions = pytest.importorskip("b1sl.b1sl.exceptions")
odata = pytest.importorskip("b1sl.b1sl.resources.odata")
F = odata.F


@pytest.fixture
def sandbox():
    return BusinessOneSandbox(orders=30)


@pytest.fixture
def client(sandbox):
    known = sandbox.credentials
    with serve(sandbox) as url:
        config = b1sl.B1Config(f"{url}/b1s/v2", known["username"], known["password"], COMPANY_DB)
        with b1sl.B1Client(config) as connected:
            yield connected


def test_it_logs_in_once_and_out_at_the_end(sandbox):
    known = sandbox.credentials
    with serve(sandbox) as url:
        config = b1sl.B1Config(f"{url}/b1s/v2", known["username"], known["password"], COMPANY_DB)
        with b1sl.B1Client(config) as connected:
            assert connected.items.get("A1000").item_name == "Ampoule LED E27 7 W"
            assert len(sandbox.sessions.live) == 1
    assert sandbox.sessions.logins == 1
    assert sandbox.sessions.live == {}


def test_it_reads_an_order_into_its_own_model(client):
    order = client.purchase_orders.get(2)
    assert (order.doc_num, order.card_code, order.document_status) == (7, "V10010", "bost_Open")
    line = order.document_lines[0]
    assert (line.item_code, line.quantity, line.remaining_open_quantity) == ("A1001", 10.0, 6.0)
    assert order.etag.startswith('W/"')


def test_it_filters_sorts_and_selects(client):
    query = client.purchase_orders.select(F.DocEntry, F.CardName).filter(F.CardCode == "V30000")
    rows = query.orderby("DocEntry desc").top(3).execute()
    assert [row.card_name for row in rows] == ["株式会社 光電工業"] * 3
    assert [row.doc_entry for row in rows] == sorted((row.doc_entry for row in rows), reverse=True)


def test_it_follows_the_pages(client):
    assert len(client.purchase_orders.list()) == 20
    entries = [row.doc_entry for row in client.purchase_orders.stream(page_size=10)]
    assert entries == list(range(1, 43))
    narrow = client.purchase_orders.filter(F.DocEntry > 12).stream(page_size=7)
    assert [row.doc_entry for row in narrow] == list(range(13, 43))


def test_it_creates_changes_and_cancels_an_order(client, sandbox):
    lines = [entities.DocumentLine(item_code="A1001", quantity=2, unit_price=99.5)]
    made = client.purchase_orders.create(entities.Document(card_code="V10000", document_lines=lines))
    assert (made.doc_entry, made.doc_total) == (43, 238.8)
    client.purchase_orders.update(made.doc_entry, entities.Document(comments="Übergabe"))
    assert client.purchase_orders.get(made.doc_entry).comments == "Übergabe"
    client.purchase_orders.action(made.doc_entry, "Cancel")
    assert sandbox.world.store.get("PurchaseOrders", made.doc_entry)["Cancelled"] == "tYES"


def test_it_creates_changes_and_deletes_a_partner(client):
    partner = entities.BusinessPartner(card_code="V-F", card_name="Foreign", card_type=entities.BoCardTypes.cSupplier)
    assert client.business_partners.create(partner).card_code == "V-F"
    client.business_partners.update("V-F", entities.BusinessPartner(email_address="a@example.com"))
    assert client.business_partners.get("V-F").email_address == "a@example.com"
    client.business_partners.delete("V-F")
    assert not client.business_partners.exists("V-F")


def test_it_recognises_the_errors(client, sandbox):
    with pytest.raises(exceptions.B1NotFoundError, match="-2028"):
        client.purchase_orders.get(999)
    with pytest.raises(exceptions.B1ValidationError, match="Invalid BP code"):
        client.purchase_orders.create(entities.Document(card_code="nope"))
    client.purchase_orders.get(1)
    sandbox.touch(1)
    with pytest.raises(exceptions.SAPConcurrencyError):
        client.purchase_orders.update(1, entities.Document(comments="mine"))


def test_it_logs_in_again_after_its_session_ended(client, sandbox):
    assert client.items.get("A1000")
    sandbox.expire_sessions()
    assert client.items.get("A1001")
    assert sandbox.sessions.logins == 2


def test_it_sends_batches(client, sandbox):
    with client.batch() as batch:
        batch.items.top(1).execute()
        with batch.changeset() as together:
            together.items.create(entities.Item(item_code="F1", item_name="One"))
            together.items.create(entities.Item(item_code="F2", item_name="Two"))
        results = batch.execute()
    assert results.all_ok
    assert [result.status for result in results] == [200, 201, 201]
    assert sandbox.world.store.find("Items", "F2")


def test_it_sees_a_failed_changeset_rolled_back(client, sandbox):
    with client.batch() as batch:
        with batch.changeset() as together:
            together.items.create(entities.Item(item_code="F1", item_name="One"))
            together.items.create(entities.Item(item_code="A1000", item_name="Duplicate"))
        batch.items.top(1).execute()
        results = batch.execute()
    assert not results.all_ok
    assert [str(result.outcome).rpartition(".")[2].lower() for result in results] == [
        "rolled_back",
        "rolled_back",
        "not_executed",
    ]
    assert sandbox.world.store.find("Items", "F1") is None
