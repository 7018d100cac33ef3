"""Values on the wire: dates, times, numbers, enums, nulls, user fields (sap sheet §13, Wire)."""

from decimal import Decimal

import pytest


def test_a_date_is_a_midnight_with_a_z_and_its_time_stands_beside_it_in_company_time(connect, clock, order):
    client = connect(now=clock)  # 10:00 UTC is 12:00 in the company
    made = client.post("PurchaseOrders", order())
    assert (made["DocDate"], made["UpdateDate"]) == ("2025-03-03T00:00:00Z", "2025-03-03T00:00:00Z")
    assert (made["DocTime"], made["UpdateTime"]) == ("12:00:00", "12:00:00")
    clock.pass_by(hours=13)  # 23:00 UTC is already tomorrow there
    client.login()
    assert client.post("PurchaseOrders", order())["CreationDate"] == "2025-03-04T00:00:00Z"


@pytest.mark.parametrize("written", ["2025-04-01", "20250401", "2025-04-01T18:30:00Z"])
def test_a_date_may_be_written_in_three_ways_and_loses_its_time(erp, order, written):
    assert erp.post("PurchaseOrders", order(DocDueDate=written))["DocDueDate"] == "2025-04-01T00:00:00Z"


def test_numbers_are_doubles_with_a_decimal(erp):
    assert b'"Quantity":20.0,' in erp.send("GET", "PurchaseOrders(1)").content


def test_numbers_may_be_sent_quoted(erp, order):
    line = {"ItemCode": "A1001", "Quantity": "2", "UnitPrice": "49.995"}
    made = erp.post("PurchaseOrders", order(line))["DocumentLines"][0]
    assert (made["Quantity"], made["UnitPrice"], made["LineTotal"]) == (2, Decimal("49.995"), Decimal("99.99"))


def test_a_number_keeps_six_decimals_and_no_more_digits_than_a_double(erp, order):
    line = {"ItemCode": "A1001", "Quantity": 1, "UnitPrice": Decimal("0.12345678")}
    assert erp.post("PurchaseOrders", order(line))["DocumentLines"][0]["UnitPrice"] == Decimal("0.123457")
    line["UnitPrice"] = Decimal("1234567890123.123456")
    assert erp.post("PurchaseOrders", order(line))["DocumentLines"][0]["UnitPrice"] == Decimal("1234567890123.1235")


def test_yes_and_no_are_words_and_the_word_for_no_is_true_in_python(erp):
    row = erp.get("PurchaseOrders(1)?$select=Cancelled,Confirmed")
    assert (row["Cancelled"], row["Confirmed"]) == ("tNO", "tYES")
    assert bool(row["Cancelled"])


def test_an_enum_is_taken_by_name_or_by_letter_and_given_by_name(erp):
    for written in ("cSupplier", "S"):
        code = f"V-{written}"
        made = erp.post("BusinessPartners", {"CardCode": code, "CardName": "x", "CardType": written})
        assert made["CardType"] == "cSupplier"


@pytest.mark.parametrize(
    ("head", "named"),
    [
        ({"Confirmed": True}, "Confirmed"),
        ({"Confirmed": "yes"}, "Confirmed"),
        ({"DocDueDate": "tomorrow"}, "DocDueDate"),
        ({"DocDueDate": "2025-02-30"}, "DocDueDate"),
        ({"DocDueDate": 20250401}, "DocDueDate"),
        ({"SalesPersonCode": "x"}, "SalesPersonCode"),
        ({"SalesPersonCode": Decimal("1.5")}, "SalesPersonCode"),
        ({"SalesPersonCode": 2**31}, "SalesPersonCode"),
        ({"DiscountPercent": "NaN"}, "DiscountPercent"),
        ({"DiscountPercent": [1]}, "DiscountPercent"),
        ({"Comments": 5}, "Comments"),
        ({"Comments": "x" * 255}, "Comments"),
        ({"U_ExternalRef": "x" * 101}, "U_ExternalRef"),
        ({"DocumentLines": {}}, "DocumentLines"),
        ({"DocumentLines": ["x"]}, "DocumentLine"),
        ({"AddressExtension": 1}, "AddressExtension"),
        ({"DocStatus": "O"}, "DocStatus"),
        ({"BusinessPartner": {}}, "BusinessPartner"),
        ({"U_Unknown": "x"}, "U_Unknown"),
        ({"docdate": "2025-01-01"}, "docdate"),
    ],
)
def test_what_a_property_cannot_hold_is_refused_by_name(erp, order, head, named):
    status, code, text = erp.refusal("POST", "PurchaseOrders", order(**head))
    assert (status, code) == (400, "-1000")
    assert f"'{named}'" in text
    assert len(erp.rows("PurchaseOrders?$select=DocEntry")) == 12


def test_a_text_that_is_too_long_is_refused_in_the_servers_own_words(erp, order):
    _, _, text = erp.refusal("POST", "PurchaseOrders", order(NumAtCard="x" * 101))
    assert text == "CServiceData::SetPropertyValueString failed; Value too long in property 'NumAtCard' of 'Document'"


def test_an_unknown_property_of_a_line_is_refused_too(erp, order):
    line = {"ItemCode": "A1001", "Qty": 1}
    refused = erp.refusal("POST", "PurchaseOrders", order(line))
    assert refused == (400, "-1000", "Property 'Qty' of 'DocumentLine' is invalid")


def test_read_only_fields_are_ignored_in_silence(erp, order):
    made = erp.post("PurchaseOrders", order(DocTotal=1, DocNum=4711, Cancelled="tYES", DataVersion=9))
    assert (made["DocTotal"], made["Cancelled"], made["DocNum"]) == (1200, "tNO", 18)
    path = f"PurchaseOrders({made['DocEntry']})"
    erp.patch(path, {"DocTotal": 5, "CardCode": "V10010", "DocCurrency": "USD"})
    after = erp.get(path)
    assert (after["DocTotal"], after["CardCode"], after["DocCurrency"]) == (1200, "V10000", "EUR")


def test_annotations_in_a_body_are_ignored(erp, order):
    assert erp.post("PurchaseOrders", order(**{"@odata.etag": 'W/"1"', "odata.metadata": "x"}))


def test_body_that_is_no_object_is_refused(erp):
    for content in (b"", b"{", b"[]", b'"x"'):
        assert erp.send("POST", "PurchaseOrders", content).status == 400


def test_user_fields_belong_to_the_company(connect):
    client = connect()
    client.sandbox.world.add_user_field("Document", "U_Site", "text:10")
    client.patch(
        "PurchaseOrders(1)",
        {"U_Site": "Lyon", "U_Urgent": "Y", "DocumentLines": [{"LineNum": 0, "U_ExternalRef": "L0"}]},
    )
    row = client.get("PurchaseOrders(1)?$select=U_Site,U_Urgent,DocumentLines")
    assert (row["U_Site"], row["U_Urgent"], row["DocumentLines"][0]["U_ExternalRef"]) == ("Lyon", "tYES", "L0")
    assert 'Name="U_Site"' in client.send("GET", "$metadata").text()
    assert connect().refusal("GET", "PurchaseOrders?$select=U_Site")[1] == "-1000"


def test_everything_unset_is_null_or_zero(erp):
    row = erp.get("PurchaseOrders(1)")
    assert row["NumAtCard"] is None
    assert row["DocTotalFc"] == 0
    assert row["AddressExtension"]["ShipToStreet"] is None
