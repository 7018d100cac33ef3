"""What lists leave out has no column in a file: an empty one would say that NetSuite has nothing."""

from __future__ import annotations

import pytest

reading = pytest.importorskip("anyerp.cli.reading")


def test_a_file_of_a_list_has_no_column_for_what_only_single_records_have(erp, capsys):
    orders = erp.purchase_orders
    reading._print("purchase_orders", orders, list(orders.list()), "csv")
    listed = capsys.readouterr().out.partition("\r\n")[0].partition("\n")[0].split(",")
    reading._print("purchase_orders", orders, [orders.get("2173")], "csv", single=True)
    single = capsys.readouterr().out.partition("\r\n")[0].partition("\n")[0].split(",")
    assert {"incoterms", "lines.vendor_item_number"} <= set(single) - set(listed)
    assert {"number", "lines.quantity"} <= set(listed)
