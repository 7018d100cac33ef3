"""What changed since: by the day, then by the time beside it (sap sheet §13, Delta)."""


def test_a_document_is_stamped_when_made_and_when_changed(connect, clock, order):
    client = connect(now=clock)
    entry = client.post("PurchaseOrders", order())["DocEntry"]
    clock.pass_by(minutes=20)
    client.patch(f"PurchaseOrders({entry})", {"Comments": "x"})
    row = client.get(f"PurchaseOrders({entry})")
    assert (row["CreationDate"], row["DocTime"]) == ("2025-03-03T00:00:00Z", "12:00:00")
    assert (row["UpdateDate"], row["UpdateTime"]) == ("2025-03-03T00:00:00Z", "12:20:00")


def test_a_filter_sees_days_and_not_times(connect, clock, order):
    client = connect(now=clock)
    client.post("PurchaseOrders", order())
    clock.pass_by(minutes=20)
    client.post("PurchaseOrders", order())
    for since in ("2025-03-03", "2025-03-03T23:59:59Z"):
        rows = client.rows(f"PurchaseOrders?$select=DocEntry,UpdateTime&$filter=UpdateDate ge '{since}'")
        assert [row["UpdateTime"] for row in rows] == ["12:00:00", "12:20:00"]


def test_a_partner_that_was_never_changed_has_no_update_date_and_its_filter_misses_it(connect, clock):
    client = connect(now=clock)
    client.post("BusinessPartners", {"CardCode": "V-NEW", "CardName": "New", "CardType": "S"})
    row = client.get("BusinessPartners('V-NEW')")
    assert (row["UpdateDate"], row["CreateDate"], row["CreateTime"]) == (None, "2025-03-03T00:00:00Z", "12:00:00")
    changed = "BusinessPartners?$select=CardCode&$filter=UpdateDate ge '2025-03-03'"
    assert client.rows(changed) == []
    assert len(client.rows(f"{changed} or CreateDate ge '2025-03-03'")) == 1
    client.patch("BusinessPartners('V-NEW')", {"Phone1": "1"})
    assert len(client.rows(changed)) == 1


def test_an_item_starts_with_the_update_date_of_its_creation(erp):
    row = erp.get("Items('A1001')")
    assert row["UpdateDate"] == row["CreateDate"]
