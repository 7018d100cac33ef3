"""The dialect: what of Oracle's SQL works, and what SuiteQL does not have."""

from __future__ import annotations

from datetime import datetime

import pytest
from anyerp_netsuite.sandbox.sql.when import DateStyle, to_char, to_date

from .conftest import detail

ONE = "SELECT {} AS x FROM dual"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("NVL(NULL, 'a')", "a"),
        ("NVL2('b', 1, 2)", "1"),
        ("DECODE(3, 1, 'one', 3, 'three', 'other')", "three"),
        ("DECODE(4, 1, 'one', 'other')", "other"),
        ("COALESCE(NULL, NULL, 5)", "5"),
        ("GREATEST(1, 3, 2)", "3"),
        ("LEAST(4, 3)", "3"),
        ("ROUND(2.345, 2)", "2.35"),
        ("TRUNC(2.99)", "2"),
        ("MOD(7, 3)", "1"),
        ("FLOOR(2.5)", "2"),
        ("CEIL(2.5)", "3"),
        ("7 / 2", "3.5"),
        ("0.1 + 0.2", "0.3"),
        ("TO_NUMBER('12.50')", "12.5"),
        ("'a' || 'b' || 'it''s'", "abit's"),
        ("CONCAT('a', NULL)", "a"),
        ("UPPER(SUBSTR('abcd', 2, 2))", "BC"),
        ("CASE WHEN 1 = 1 THEN 'yes' ELSE 'no' END", "yes"),
        ("TO_CHAR(TO_DATE('2026-03-01','YYYY-MM-DD'),'DD.MM.YY')", "01.03.26"),
        ("TO_CHAR(TO_TIMESTAMP('2026-03-01 14:05:09','YYYY-MM-DD HH24:MI:SS'),'HH12:MI PM')", "02:05 PM"),
        ("TO_DATE('2026-03-01','YYYY-MM-DD')", "3/1/2026"),
        ("TO_CHAR(TRUNC(TO_DATE('2026-03-01 14','YYYY-MM-DD HH24')),'HH24')", "00"),
        ("TO_CHAR(12.50)", "12.5"),
        ("TO_CHAR(SYSDATE,'YYYY-MM-DD HH24:MI')", "2026-06-02 02:00"),
        ("TO_CHAR(SYSDATE - 1,'YYYY-MM-DD')", "2026-06-01"),
    ],
)
def test_expressions_of_the_dialect(client, expression, expected):
    assert client.rows(ONE.format(expression)) == [{"x": expected}]


def test_null_and_the_empty_text_are_left_out(client):
    assert client.rows("SELECT NULL AS a, '' AS b, 'c' AS c FROM dual") == [{"c": "c"}]


def test_names_come_in_lower_case_and_nameless_expressions_are_numbered(client):
    assert client.rows("SELECT Id AS CurrencyId, id + 1, BUILTIN.DF(id) FROM Currency WHERE ID = 1") == [
        {"currencyid": "1", "expr2": "2", "expr3": "1"}
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM currency LIMIT 5",
        "WITH c AS (SELECT id FROM currency) SELECT id FROM c",
        "SELECT TOP 5 id FROM currency",
        "SELECT id FROM currency WHERE lastmodifieddate > DATE '2026-01-01'",
        "SELECT id FROM currency WHERE lastmodifieddate > TIMESTAMP '2026-01-01 00:00:00'",
        "SELECT 'a' + symbol FROM currency",
        "SELECT [id] FROM currency",
        "SELECT id FROM currency;",
        "SELECT t.id FROM transaction t JOIN item i ON i.id = t.id, currency c WHERE c.id = t.currency(+)",
        "SELECT id FROM currency FETCH FIRST ROWS ONLY",
        "SELECT id FROM currency WHERE ROWNUM > 5",
        "DELETE FROM currency",
        "UPDATE currency SET name = 'x'",
        "PRAGMA table_info(currency)",
        "SELECT date('now') FROM dual",
        "SELECT sqlite_version() FROM dual",
        "SELECT IFNULL(name, 'x') FROM currency",
        "SELECT group_concat(name) FROM currency",
        "SELECT BUILTIN.DF(1 + 1) FROM currency",
        "SELECT BUILTIN.NOTHING(id) FROM currency",
        "SELECT id FROM",
        "SELECT id FROM currency WHERE name = 'unfinished",
        "SELECT TO_CHAR('text','YYYY') FROM dual",
        "SELECT TO_DATE('2026-13-01','YYYY-MM-DD') FROM dual",
        "SELECT TO_DATE('1.3.2026','YYYY-MM-DD') FROM dual",
    ],
)
def test_what_suiteql_does_not_have_is_a_400(client, query):
    answer = detail(client.sql(query))
    assert answer["o:errorCode"] == "INVALID_PARAMETER"
    assert answer["detail"].startswith("Invalid search query.")
    assert client.rows("SELECT COUNT(*) AS n FROM currency") == [{"n": "6"}]


def test_a_list_holds_a_thousand_values(client):
    values = ",".join(map(str, range(1000)))
    assert len(client.rows(f"SELECT id FROM currency WHERE id IN ({values})")) == 6
    assert "1000" in detail(client.sql(f"SELECT id FROM currency WHERE id IN ({values},1000)"))["detail"]


def test_the_first_rows_are_fetched_after_sorting(client):
    query = "SELECT id FROM currency ORDER BY id DESC FETCH FIRST 2 ROWS ONLY"
    assert [row["id"] for row in client.rows(query)] == ["7", "6"]
    assert client.sql(query).json()["totalResults"] == 2


def test_rownum_counts_before_sorting(client):
    query = "SELECT t.id FROM transaction t WHERE t.type = 'PurchOrd' AND ROWNUM <= 3"
    some = [row["id"] for row in client.rows(query)]
    assert len(some) == 3
    assert [row["id"] for row in client.rows(query + " ORDER BY t.id")] == sorted(some) != ["2173", "2174", "2175"]
    assert len(client.rows("SELECT id FROM currency WHERE ROWNUM < 3")) == 2


def test_subqueries_joins_groups_and_sets_work(client):
    query = """
        SELECT v.companyname AS vendor, COUNT(*) AS orders -- counted
        FROM transaction t INNER JOIN vendor v ON v.id = t.entity
        WHERE t.type = 'PurchOrd' AND t.id IN (SELECT l.transaction FROM transactionline l WHERE l.item = 84)
        GROUP BY v.companyname HAVING COUNT(*) > 1 ORDER BY 2 DESC"""
    assert client.rows(query) == [{"vendor": "Acme Fasteners Inc", "orders": "4"}]
    assert len(client.rows("SELECT id FROM currency MINUS SELECT currency FROM transaction")) == 1
    nested = "SELECT x.n FROM (SELECT COUNT(*) AS n FROM transaction WHERE type = 'PurchOrd') x"
    assert client.rows(nested) == [{"n": "12"}]


def test_parameters_are_counted(client):
    assert client.rows("SELECT id FROM currency WHERE symbol = ?", "JPY") == [{"id": "5"}]
    assert "parameters" in detail(client.sql("SELECT id FROM currency WHERE symbol = ?"))["detail"]
    assert client.sql("SELECT id FROM currency", "x").status == 400


def test_a_parameter_is_never_read_as_sql(client):
    assert client.rows("SELECT id FROM currency WHERE symbol = ?", "x' OR '1' = '1") == []


def test_texts_are_compared_with_their_case(client):
    assert client.rows("SELECT id FROM currency WHERE name LIKE 'US%'") == [{"id": "1"}]
    assert client.rows("SELECT id FROM currency WHERE name LIKE 'us%'") == []


@pytest.mark.parametrize("text", ["", "1/1", "1/32/2026", "2026-03-01", "1/1/26", "1/1/2026 10:00"])
def test_a_date_style_reads_only_its_own_dates(text):
    assert DateStyle("M/D/YYYY").read(text) is None


@pytest.mark.parametrize("pattern", ["M/D/YYYY", "D.M.YYYY", "DD-MM-YYYY", "YYYY/MM/DD", "YYYY-M-D"])
def test_a_date_style_reads_what_it_shows(pattern):
    style = DateStyle(pattern)
    for day in (datetime(2026, 1, 2), datetime(2028, 2, 29), datetime(1999, 12, 31)):  # noqa: DTZ001
        assert style.read(style.show(day)) == day.date()


@pytest.mark.parametrize("model", ["YYYY-MM-DD HH24:MI:SS", "DD-MON-YYYY HH12:MI:SS AM", 'YYYY"y"MM"m"DD"d"HH24MISS'])
def test_a_format_model_reads_what_it_writes(model):
    for text in ("2026-03-01 00:05:09", "2026-12-31 12:00:00", "2026-07-04 23:59:59"):
        moment = datetime.fromisoformat(text)
        assert to_date(to_char(moment, model), model) == moment
