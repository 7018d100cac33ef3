"""Nonsense of every kind is answered, never crashed on, and leaves the account as it was."""

from __future__ import annotations

import base64
import json
import random
from urllib.parse import quote

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers
from anyerp_netsuite.sandbox.schema import TYPES

from .conftest import HOST, RECORDS, TOKEN, new_order, post_form, send

NONSENSE = [
    None, True, 0, -1, 1.5, 1e300, 2**70, "", "x", "\x1f", "2026-02-30", "é" * 5000, [], [None], [[]], {}, {"id": None},
    {"id": []}, {"id": -1}, {"items": None}, {"items": []}, {"items": [None]}, {"items": [{}]},
    {"items": [{"line": None}]}, 10**400,
    {"items": [{"line": 1, "quantity": -5, "item": None}]}, {"externalId": []}, {"refName": {}}, {"items": {"id": 1}},
]  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
def test_any_value_in_any_field_is_taken_or_refused(client, sandbox, kind):
    id = next(iter(sandbox.store.records[kind]), None)
    for field in TYPES[kind].shape.fields:
        for value in NONSENSE:
            calls = [("POST", kind)] + ([("PATCH", f"{kind}/{id}")] if id else [])
            for method, path in calls:
                assert client.ask(method, path, {field.name: value}).status in (204, 400)
    lines = "transactionline l ON l.transaction = t.id"
    assert client.sql(f"SELECT COUNT(*) AS n FROM transaction t JOIN {lines}").status == 200
    assert client.sql("SELECT * FROM item ORDER BY id").status == 200
    if id and not sandbox.store.records[kind][id].locked:
        assert client.ask("GET", f"{kind}/{id}?expandSubResources=true").status == 200


def test_any_value_in_any_line_is_taken_or_refused(client):
    for name in [field.name for field in TYPES["purchaseorder"].shape.find("item").nested.fields]:
        for value in NONSENSE:
            line = {"item": {"id": 84}, "quantity": 1} | {name: value}
            for method, path in (("POST", "purchaseOrder"), ("PATCH", "purchaseOrder/2174")):
                body = new_order(item={"items": [line]}) if method == "POST" else {"item": {"items": [line]}}
                assert client.ask(method, path, body).status in (204, 400)
            body = {"item": {"items": [{"orderLine": 1} | {name: value}]}}
            assert client.ask("POST", "purchaseOrder/2177/!transform/itemReceipt", body).status in (204, 400)
    assert client.ask("GET", "purchaseOrder/2174?expandSubResources=true").status == 200


def test_cut_and_shuffled_queries_are_answered(client):
    dice = random.Random(7)
    columns = "SELECT t . id , BUILTIN . DF ( t . status ) AS x FROM transaction t"
    words = f"{columns} WHERE t . id IN ( 1 , ? ) AND ROWNUM <= 5 ORDER BY 1".split()
    for length in range(len(words)):
        assert client.sql(" ".join(words[:length]), "2").status in (200, 400)
    for _ in range(150):
        dice.shuffle(words)
        assert client.sql("SELECT " + " ".join(words), "2").status in (200, 400)


def test_cut_and_shuffled_filters_are_answered(client):
    dice = random.Random(7)
    words = [
        "(",
        "entity",
        "ANY_OF",
        "[",
        "1722",
        ",",
        "1723",
        "]",
        "OR",
        "memo",
        "IS",
        '"a',
        'b"',
        ")",
        "AND",
        "total",
        "BETWEEN",
        "[",
        "1",
        "2",
        "]",
    ]
    for _ in range(200):
        dice.shuffle(words)
        for length in (3, 9, len(words)):
            assert client.ask("GET", "purchaseOrder?q=" + quote(" ".join(words[:length]))).status in (200, 400)


def test_strange_addresses_and_headers_are_answered(client, sandbox):
    for target in (
        "",
        "/",
        "//",
        "*",
        "/%",
        "/%ff/%00",
        RECORDS,
        RECORDS + "%2e%2e",
        RECORDS + "vendor//",
        "/services/rest/async/v1/job/",
    ):
        answer = client.ask("GET", target or "/")
        assert answer.status in (200, 400, 404), target
    for host in ("", "[", "a b", "evil/", "x:99999999"):
        for known in (client.bearer, 'OAuth realm="', "Basic x", "Bearer \x00", "OAuth " + 'a="b",' * 50):
            headers = Headers({"host": host, "authorization": known})
            assert sandbox.handle(Call("GET", RECORDS + "currency/1", headers)).status in (200, 400, 401)
    answer = client.ask("GET", "currency/1", host="evil/@x")
    assert answer.json()["links"][0]["href"].startswith(f"https://{HOST}/")


def test_strange_assertions_and_forms_are_answered(sandbox):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    signed = {"typ": "JWT", "alg": "ES256"}
    known = sandbox.credentials["certificate_id"]
    for header in (
        {},
        [],
        {"typ": "JWT", "alg": []},
        signed | {"kid": {}},
        signed | {"kid": known},
    ):
        for claims in ({}, [], {"aud": [{}]}, {"scope": [{}], "aud": 1}):
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": f"{part(header)}.{part(claims)}.{'A' * 86}",
            }
            assert post_form(sandbox, form).json() == {"error": "invalid_grant"}
    for grant in ("authorization_code", "refresh_token"):
        for authorization in ("", "Basic", "Basic %", "Basic " + base64.b64encode(b"\xff").decode()):
            assert post_form(sandbox, {"grant_type": grant}, authorization=authorization).status == 401
    assert send(sandbox, "GET", TOKEN).status == 400
    assert send(sandbox, "GET", "/app/login/oauth2/authorize.nl").status == 400
