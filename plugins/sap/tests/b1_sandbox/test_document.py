"""Purchase orders written: created, changed line by line, never deleted (sap sheet §13)."""

from decimal import Decimal

import pytest


def line_of(client, entry, number=0, entity_set="PurchaseOrders"):
    lines = client.get(f"{entity_set}({entry})?$select=DocumentLines")["DocumentLines"]
    return next(line for line in lines if line["LineNum"] == number)


def test_creating_answers_with_the_whole_document_and_its_place(erp, order):
    answer = erp.write("POST", "PurchaseOrders", order())
    made = answer.json()
    assert answer.status == 201
    assert answer.headers["location"] == "https://b1server:50000/b1s/v2/PurchaseOrders(13)"
    assert answer.headers["etag"] == made["@odata.etag"]
    assert made["@odata.context"].endswith("$metadata#PurchaseOrders/$entity")
    assert made == erp.get("PurchaseOrders(13)")


def test_return_no_content_answers_with_the_place_alone(erp, order):
    answer = erp.write("POST", "PurchaseOrders", order(), Prefer="return-no-content")
    assert (answer.status, answer.content) == (204, b"")
    assert answer.headers["location"].endswith("/PurchaseOrders(13)")


def test_what_is_left_out_is_filled_in(erp):
    made = erp.post("PurchaseOrders", {"CardCode": "V10010", "DocumentLines": [{"ItemCode": "A1000"}]})
    assert made["CardName"] == "Müller & Söhne Elektrotechnik GmbH"
    assert (made["DocCurrency"], made["PaymentGroupCode"], made["BPLName"]) == ("EUR", 2, "Ateliers Lumière Lyon")
    assert (made["DocumentStatus"], made["Cancelled"], made["CancelStatus"]) == ("bost_Open", "tNO", "csNo")
    line = made["DocumentLines"][0]
    assert (line["LineNum"], line["Quantity"], line["WarehouseCode"], line["VatGroup"]) == (0, 1, "01", "C20")
    assert (line["BaseType"], line["BaseEntry"], line["BaseLine"]) == (-1, None, None)


def test_a_price_is_per_unit_of_the_line_and_the_stock_unit_stands_beside_it(erp, order):
    """A1000 is bought by the box of twelve; its list price is 3.90 a piece."""
    line = erp.post("PurchaseOrders", order({"ItemCode": "A1000", "Quantity": 5}))["DocumentLines"][0]
    assert (line["UoMEntry"], line["UoMCode"], line["UnitsOfMeasurment"]) == (2, "BOX12", 12)
    assert (line["UnitPrice"], line["Quantity"], line["InventoryQuantity"]) == (Decimal("46.8"), 5, 60)
    assert line["LineTotal"] == 234


def test_an_item_without_a_unit_group_is_bought_in_words_and_a_factor(erp, order):
    line = erp.post("PurchaseOrders", order({"ItemCode": "A3000", "Quantity": 2}))["DocumentLines"][0]
    assert (line["UoMEntry"], line["UoMCode"], line["MeasureUnit"]) == (-1, "Manual", "sachet")
    assert (line["UnitsOfMeasurment"], line["InventoryQuantity"]) == (100, 200)


def test_price_is_after_the_discount_and_unit_price_before(erp, order):
    line = {"ItemCode": "A1001", "Quantity": 3, "UnitPrice": 100, "DiscountPercent": Decimal("12.5")}
    made = erp.post("PurchaseOrders", order(line, DiscountPercent=10))
    row = made["DocumentLines"][0]
    assert (row["UnitPrice"], row["Price"], row["LineTotal"]) == (100, Decimal("87.5"), Decimal("262.5"))
    assert (made["TotalDiscount"], made["VatSum"], made["DocTotal"]) == (
        Decimal("26.25"),
        Decimal("47.25"),
        Decimal("283.5"),
    )


def test_freight_is_part_of_the_total_and_stands_in_no_line(erp, order):
    freight = [{"ExpenseCode": 1, "LineTotal": 50, "VatGroup": "C20", "Remarks": "Port"}]
    made = erp.post("PurchaseOrders", order(DiscountPercent=10, DocumentAdditionalExpenses=freight))
    assert (made["DocTotal"], made["VatSum"]) == (900 + 50 + 190, 190)
    path = f"PurchaseOrders({made['DocEntry']})"
    erp.patch(path, {"DocumentAdditionalExpenses": [{"LineNum": 0, "LineTotal": 60}]})
    assert erp.get(path)["DocTotal"] == 900 + 60 + 192
    assert len(erp.get(path)["DocumentLines"]) == 1


def test_freight_of_a_foreign_document_may_be_given_in_either_currency(erp, order):
    for given in ({"LineTotal": 92}, {"LineTotalFC": 100}):
        made = erp.post("PurchaseOrders", order(CardCode="V20000", DocumentAdditionalExpenses=[given]))
        [freight] = made["DocumentAdditionalExpenses"]
        assert (freight["LineTotal"], freight["LineTotalFC"]) == (92, 100)
        assert made["DocTotalFc"] == 1300


def test_a_price_of_nothing_is_not_the_list_price(erp, order):
    line = {"ItemCode": "A1001", "Quantity": 3, "UnitPrice": 0}
    assert erp.post("PurchaseOrders", order(line))["DocTotal"] == 0
    del line["UnitPrice"]
    assert erp.post("PurchaseOrders", order(line))["DocumentLines"][0]["UnitPrice"] == Decimal("412.5")


@pytest.mark.parametrize(
    ("vendor", "total", "foreign"),
    [
        ("V20000", "110.4", "120.0"),  # 100.00 USD and 20 % tax at 0.92
        ("V30000", "0.73", "120.0"),  # yen have no decimals, euros two
        ("V40000", "357.6", "120.0"),  # dinars have three
    ],
)
def test_a_foreign_document_has_its_own_amounts_beside_the_companys(erp, order, vendor, total, foreign):
    made = erp.post("PurchaseOrders", order({"ItemCode": "A1001", "Quantity": 1, "UnitPrice": 100}, CardCode=vendor))
    line = made["DocumentLines"][0]
    assert (made["DocTotal"], made["DocTotalFc"]) == (Decimal(total), Decimal(foreign))
    assert (line["RowTotalFC"], line["Currency"]) == (100, made["DocCurrency"])
    assert line["LineTotal"] != line["RowTotalFC"]


def test_amounts_are_rounded_to_the_decimals_of_their_currency(erp, order):
    def total(vendor):
        line = {"ItemCode": "A1001", "Quantity": 3, "UnitPrice": Decimal("10.12345"), "VatGroup": "C0"}
        made = erp.post("PurchaseOrders", order(line, CardCode=vendor))
        return made["DocTotalFc"] or made["DocTotal"]

    assert [total(vendor) for vendor in ("V10000", "V30000", "V40000")] == [Decimal("30.37"), 30, Decimal("30.37")]
    assert erp.get("Currencies('KWD')")["Decimals"] == "cd3Digits"
    assert erp.get("PurchaseOrders(6)")["DocTotalFc"] == Decimal("318.875")


def test_a_currency_without_a_rate_needs_one_in_the_document(erp, order):
    status, code, text = erp.refusal("POST", "PurchaseOrders", order(CardCode="V70000"))
    assert (status, code) == (400, "-4006")
    assert text.startswith("Update the exchange rate , 'CHF'")
    assert erp.post("PurchaseOrders", order(CardCode="V70000", DocRate=Decimal("1.04")))["DocTotal"] == 1248


def test_a_partner_of_any_currency_takes_any_and_others_their_own(erp, order):
    assert erp.post("PurchaseOrders", order(CardCode="V60000", DocCurrency="USD"))["DocCurrency"] == "USD"
    assert erp.refusal("POST", "PurchaseOrders", order(CardCode="V20000", DocCurrency="GBP"))[1] == "-5002"


def test_service_documents_go_by_account_and_line_total(erp, order):
    works = {"AccountCode": "611000", "ItemDescription": "Échafaudage", "LineTotal": Decimal("1234.56")}
    made = erp.post("PurchaseOrders", order(works, DocType="S"))
    line = made["DocumentLines"][0]
    assert (made["DocType"], line["LineTotal"], line["ItemCode"]) == ("dDocument_Service", Decimal("1234.56"), None)
    assert erp.refusal("POST", "PurchaseOrders", order({"LineTotal": 5}, DocType="S"))[1] == "-5002"


@pytest.mark.parametrize(
    ("head", "line", "code", "part"),
    [
        ({"CardCode": "nope"}, {}, "-5002", "Invalid BP code [OPOR.CardCode] , 'nope'"),
        ({"CardCode": "C10000"}, {}, "-5002", "Invalid BP code"),
        ({"CardCode": None}, {}, "-5002", "Invalid BP code"),
        ({"CardCode": "V90000"}, {}, "-10", "is inactive"),
        ({"DocumentLines": []}, {}, "-5002", "no rows"),
        ({"DocDueDate": "2020-01-01"}, {}, "-5002", "[OPOR.DocDueDate]"),
        ({"BPL_IDAssignedToInvoice": 4}, {}, "-5002", "Specify an active branch [OPOR.BPLId]"),
        ({"PaymentGroupCode": 77}, {}, "-2028", "No matching records found"),
        ({"ContactPersonCode": 999}, {}, "-5002", "Contact person"),
        ({"DocCurrency": "XXX", "CardCode": "V60000"}, {}, "-2028", "No matching records"),
        ({}, {"ItemCode": None}, "-5009", "Item number is missing"),
        ({}, {"ItemCode": "nope"}, "-2028", "No matching records"),
        ({}, {"ItemCode": "Z0001"}, "-10", "[line: 1]"),
        ({}, {"ItemCode": "P5000"}, "-10", "not a purchase item"),
        ({}, {"Quantity": -1}, "-5002", "[POR1.Quantity][line: 1]"),
        ({}, {"Quantity": 0}, "-5002", "[POR1.Quantity][line: 1]"),
        ({}, {"WarehouseCode": "nope"}, "-2028", "No matching records"),
        ({}, {"WarehouseCode": "99"}, "-10", "Warehouse '99' is inactive"),
        ({}, {"VatGroup": "nope"}, "-2028", "No matching records"),
        ({}, {"UoMEntry": 4}, "-5002", "Unit of measurement"),
        ({}, {"Currency": "USD"}, "-5002", "[POR1.Currency]"),
    ],
)
def test_business_rules_refuse_and_nothing_is_written(erp, order, head, line, code, part):
    body = order({"ItemCode": "A1001", "Quantity": 1, **line}, **head)
    if head.get("DocumentLines") == []:
        body["DocumentLines"] = []
    status, given, text = erp.refusal("POST", "PurchaseOrders", body)
    assert (status, given) == (404 if code == "-2028" else 400, code)
    assert part in text
    assert len(erp.rows("PurchaseOrders?$select=DocEntry")) == 12


def test_minus_2028_on_a_create_does_not_mean_that_the_order_is_missing(erp, order):
    assert erp.refusal("POST", "PurchaseOrders", order(PaymentGroupCode=77))[:2] == (404, "-2028")


def test_a_company_can_insist_on_a_branch(connect, order):
    client = connect(branch_mandatory=True)
    assert "Specify an active branch" in client.refusal("POST", "PurchaseOrders", order())[2]
    assert client.post("PurchaseOrders", order(BPL_IDAssignedToInvoice=3))["BPLName"] == "Łódź Oświetlenie"


def test_patch_merges_lines_by_number_and_leaves_the_others(erp):
    erp.patch("PurchaseOrders(1)", {"DocumentLines": [{"LineNum": 1, "Quantity": 9}]})
    assert (line_of(erp, 1, 0)["Quantity"], line_of(erp, 1, 1)["Quantity"]) == (20, 9)
    assert line_of(erp, 1, 1)["LineTotal"] == Decimal("502.31")


def test_a_line_without_its_number_is_added_and_added_again(erp):
    for _ in range(2):
        erp.patch("PurchaseOrders(1)", {"DocumentLines": [{"ItemCode": "A1001", "Quantity": 1}]})
    lines = erp.get("PurchaseOrders(1)")["DocumentLines"]
    assert [line["LineNum"] for line in lines] == [0, 1, 2, 3]


def test_replacing_collections_drops_what_is_not_named_and_numbers_are_not_reused(erp):
    header = {"B1S_ReplaceCollectionsOnPatch": "true"}
    body = {"DocumentLines": [{"LineNum": 1}, {"ItemCode": "A1001", "Quantity": 2}]}
    erp.patch("PurchaseOrders(1)", body, **header)
    lines = erp.get("PurchaseOrders(1)")["DocumentLines"]
    assert [(line["LineNum"], line["VisualOrder"], line["ItemCode"]) for line in lines] == [
        (1, 0, "A1002"),
        (2, 1, "A1001"),
    ]


def test_a_line_number_that_was_never_given_out_is_refused(erp):
    refused = erp.refusal("PATCH", "PurchaseOrders(1)", {"DocumentLines": [{"LineNum": 7, "Quantity": 1}]})
    assert refused[:2] == (400, "-5002")


def test_a_patched_line_total_moves_the_price(erp):
    erp.patch("PurchaseOrders(1)", {"DocumentLines": [{"LineNum": 0, "LineTotal": 900}]})
    line = line_of(erp, 1)
    assert (line["UnitPrice"], line["LineTotal"]) == (45, 900)


def test_another_item_brings_its_own_description(erp):
    erp.patch("PurchaseOrders(1)", {"DocumentLines": [{"LineNum": 0, "ItemCode": "A1001"}]})
    line = line_of(erp, 1)
    assert (line["ItemDescription"], line["UoMCode"]) == ("Projecteur Fresnel 1 kW", "PC")


def test_a_complex_property_is_merged_too(erp):
    erp.patch("PurchaseOrders(1)", {"AddressExtension": {"ShipToCity": "Lyon", "ShipToCountry": "FR"}})
    erp.patch("PurchaseOrders(1)", {"AddressExtension": {"ShipToCity": "Villeurbanne"}})
    address = erp.get("PurchaseOrders(1)")["AddressExtension"]
    assert (address["ShipToCity"], address["ShipToCountry"]) == ("Villeurbanne", "FR")


def test_put_resets_what_it_does_not_name(erp):
    before = erp.get("PurchaseOrders(3)")
    erp.patch("PurchaseOrders(9)", {"NumAtCard": "N-1"})
    body = {"DocDueDate": "2025-03-30", "DocumentLines": [{"ItemCode": "A1001", "Quantity": 1}]}
    assert erp.write("PUT", "PurchaseOrders(9)", body).status == 204
    after = erp.get("PurchaseOrders(9)")
    assert (after["NumAtCard"], after["Comments"]) == (None, None)
    assert len(after["DocumentLines"]) == 1
    assert erp.get("PurchaseOrders(3)") == before


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_what_is_written_back_as_it_was_read_changes_nothing(erp, method):
    for path in [*(f"PurchaseOrders({entry})" for entry in range(1, 13)), "PurchaseDeliveryNotes(1)", "Orders(2)"]:
        before = erp.get(path)
        assert erp.write(method, path, before).status == 204, path
        after = erp.get(path)
        moved = {"@odata.etag", "UpdateDate", "UpdateTime", "DataVersion"}
        assert {name for name in before if before[name] != after[name]} <= moved, path
    assert erp.get("Items('A1001')")["QuantityOrderedFromVendors"] == 1243


def test_a_post_may_stand_for_a_patch(erp):
    answer = erp.write("POST", "PurchaseOrders(1)", {"Comments": "x"}, X_HTTP_Method_Override="PATCH")
    assert answer.status == 204
    assert erp.get("PurchaseOrders(1)")["Comments"] == "x"


@pytest.mark.parametrize("entity_set", ["PurchaseOrders", "PurchaseDeliveryNotes", "PurchaseInvoices", "Orders"])
def test_documents_cannot_be_deleted(erp, entity_set):
    assert erp.refusal("DELETE", f"{entity_set}(1)")[:2] == (400, "-5006")
    assert erp.get(f"{entity_set}(1)")


def test_a_closed_document_keeps_its_lines_but_takes_a_remark(erp):
    for entry in (3, 5, 7):
        change = {"DocumentLines": [{"LineNum": 0, "Quantity": 999}]}
        assert erp.refusal("PATCH", f"PurchaseOrders({entry})", change)[:2] == (400, "-10")
        assert erp.refusal("PATCH", f"PurchaseOrders({entry})", {"DocumentLines": [{"ItemCode": "A1001"}]})[1] == "-10"
        assert erp.refusal("PATCH", f"PurchaseOrders({entry})", {"DiscountPercent": 50})[1] == "-10"
        erp.patch(f"PurchaseOrders({entry})", {"Comments": "noted"})
        assert erp.get(f"PurchaseOrders({entry})")["Comments"] == "noted"


def test_a_partly_received_line_keeps_what_was_received(erp):
    path = "PurchaseOrders(2)"
    assert erp.refusal("PATCH", path, {"DocumentLines": [{"LineNum": 0, "Quantity": 3}]})[1] == "-10"
    assert erp.refusal("PATCH", path, {"DocumentLines": [{"LineNum": 0, "ItemCode": "A1002"}]})[1] == "-10"
    replaced = {"B1S_ReplaceCollectionsOnPatch": "true"}
    assert erp.refusal("PATCH", path, {"DocumentLines": [{"LineNum": 1}]}, **replaced)[1] == "-10"
    erp.patch(path, {"DocumentLines": [{"LineNum": 0, "Quantity": 12}]})
    assert line_of(erp, 2)["RemainingOpenQuantity"] == 8


def test_cancelling_marks_and_closes_and_the_status_alone_does_not_tell(erp):
    assert erp.write("POST", "PurchaseOrders(1)/Cancel").status == 204
    row = erp.get("PurchaseOrders(1)")
    assert (row["DocumentStatus"], row["Cancelled"], row["CancelStatus"]) == ("bost_Close", "tYES", "csYes")
    assert row["DocumentLines"][0]["LineStatus"] == "bost_Close"
    assert erp.refusal("POST", "PurchaseOrders(1)/Cancel")[:2] == (400, "-5006")


def test_an_order_that_goods_came_for_cannot_be_cancelled_but_closed(erp):
    assert erp.refusal("POST", "PurchaseOrders(2)/Cancel")[:2] == (400, "-10")
    assert erp.write("POST", "PurchaseOrders(2)/Close").status == 204
    row = erp.get("PurchaseOrders(2)")
    assert (row["DocumentStatus"], row["Cancelled"]) == ("bost_Close", "tNO")
    assert row["DocumentLines"][0]["RemainingOpenQuantity"] == 0


def test_reopening_undoes_a_close_and_not_a_cancel(erp):
    assert erp.refusal("POST", "PurchaseOrders(1)/Reopen")[1] == "-5006"
    assert erp.write("POST", "PurchaseOrders(2)/Close").status == 204
    assert erp.write("POST", "PurchaseOrders(2)/Reopen").status == 204
    assert line_of(erp, 2)["RemainingOpenQuantity"] == 6
    for entry in (3, 7):  # received in full, cancelled
        assert erp.refusal("POST", f"PurchaseOrders({entry})/Reopen")[:2] == (400, "-5006")


def test_actions_are_posted(erp):
    assert erp.refusal("GET", "PurchaseOrders(1)/Cancel")[0] == 400
    assert erp.get("PurchaseOrders(1)")["Cancelled"] == "tNO"


def test_an_order_above_the_limit_becomes_a_draft_and_answers_nothing(connect, order):
    client = connect(approval_above=Decimal(1000))
    answer = client.write("POST", "PurchaseOrders", order(NumAtCard="REQ-1"))
    assert (answer.status, answer.content) == (204, b"")
    assert "location" not in answer.headers
    assert len(client.rows("PurchaseOrders?$select=DocEntry")) == 12
    [draft] = client.rows("Drafts?$filter=NumAtCard eq 'REQ-1'")
    assert (draft["DocObjectCode"], draft["AuthorizationStatus"]) == ("oPurchaseOrders", "dasPending")
    small = {"ItemCode": "A1001", "Quantity": 1, "UnitPrice": 1}
    assert client.post("PurchaseOrders", order(small))["DocEntry"] == 13


def test_or_answers_that_nothing_was_found_although_the_draft_is_kept(connect, order):
    client = connect(approval_above=Decimal(1000), approval_answers_not_found=True)
    assert client.refusal("POST", "PurchaseOrders", order())[:2] == (404, "-2028")
    assert len(client.rows("Drafts?$select=DocEntry")) == 1


def test_drafts_can_be_saved_changed_and_deleted_and_move_no_stock(erp, order):
    before = erp.get("Items('A1001')")
    assert erp.refusal("POST", "Drafts", order())[1] == "-1000"
    made = erp.post("Drafts", order(DocObjectCode="22"))
    assert made["DocObjectCode"] == "oPurchaseOrders"
    erp.patch("Drafts(1)", {"DocumentLines": [{"LineNum": 0, "Quantity": 3}]})
    assert erp.get("Drafts(1)")["DocTotal"] == 360
    assert erp.write("DELETE", "Drafts(1)").status == 204
    assert erp.refusal("GET", "Drafts(1)")[0] == 404
    assert erp.get("Items('A1001')") == before


def test_sales_orders_need_a_due_date_and_a_customer(erp, order):
    line = {"ItemCode": "P5000", "Quantity": 2}
    assert erp.refusal("POST", "Orders", order(line, CardCode="C10000"))[2] == "Enter valid date [ORDR.DocDueDate]"
    body = order(line, CardCode="C10000", DocDueDate="2025-04-04")
    assert erp.post("Orders", body)["DocumentLines"][0]["VatGroup"] == "D20"
    assert "[ORDR.CardCode]" in erp.refusal("POST", "Orders", body | {"CardCode": "V10000"})[2]


def test_requests_have_no_partner_and_an_order_can_be_made_from_one(erp, order):
    assert erp.refusal("POST", "PurchaseRequests", {"DocumentLines": [{"ItemCode": "A1001"}]})[1] == "-5002"
    base = {"BaseType": 1470000113, "BaseEntry": 1, "BaseLine": 0}
    made = erp.post("PurchaseOrders", order(base))
    assert (made["DocumentLines"][0]["ItemCode"], made["DocumentLines"][0]["Quantity"]) == ("A1002", 3)
    assert erp.get("PurchaseRequests(1)")["DocumentStatus"] == "bost_Close"
