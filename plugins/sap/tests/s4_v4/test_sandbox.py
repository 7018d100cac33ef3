"""The V4 service of the sandbox: held to the metadata of a real one, and to the sheet's traps of V4 (sheet §5)."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers
from anyerp_sap.sandbox.v4.schema import ROOT, TWINS

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
FACTS = ("Type", "Nullable", "MaxLength", "Precision", "Scale")
ORDER = {
    "PurchaseOrderType": "NB", "CompanyCode": "1010", "Supplier": "10300001", "PurchasingOrganization": "1010",
    "PurchasingGroup": "001", "DocumentCurrency": "EUR",
    "_PurchaseOrderItem": [{
        "Material": "TG11", "Plant": "1010", "OrderQuantity": 5, "PurchaseOrderQuantityUnit": "PC",
        "NetPriceAmount": 12.5, "NetPriceQuantity": 1, "OrderPriceUnit": "PC", "DocumentCurrency": "EUR",
    }],
}  # fmt: skip


class Client:
    """A client without a framework: one session, its token and cookies."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        known = sandbox.credentials
        word = base64.b64encode(f"{known['username']}:{known['password']}".encode()).decode()
        self.headers = {"authorization": f"Basic {word}", "accept": "application/json"}
        first = self.send("GET", "/", {"x-csrf-token": "Fetch"})
        cookies = [v.partition(";")[0] for n, v in first.headers.items_with_repeats() if n.lower() == "set-cookie"]
        self.headers |= {"x-csrf-token": first.headers["x-csrf-token"], "cookie": "; ".join(cookies)}

    def send(self, method, path, headers=None, body: Any = None):
        sent = {**self.headers, **(headers or {})}
        content = b"" if body is None else json.dumps(body).encode()
        if body is not None:
            sent.setdefault("content-type", "application/json")
        target = ROOT + quote(path, safe="/?$=&(),;'%")
        return self.sandbox.handle(Call(method, target, Headers(sent), content))

    def get(self, path, **headers):
        answer = self.send("GET", path, headers)
        assert answer.status == 200, answer.content
        return answer.json()


@pytest.fixture
def client(system):
    return Client(system.sandbox)


def types_of(document):
    root = ET.fromstring(document)
    return {t.get("Name"): t for t in root.iter(EDM + "EntityType")}


def links_of(kind):
    return {n.get("Name"): n.get("Type") for n in kind.findall(EDM + "NavigationProperty")}


def test_everything_served_is_what_a_real_system_declares(client, real):
    ours, theirs = types_of(client.send("GET", "/$metadata", {"accept": "*/*"}).content), types_of(real)
    for name, kind in ours.items():
        original = theirs[name]
        keys = [[ref.get("Name") for ref in one.iter(EDM + "PropertyRef")] for one in (kind, original)]
        assert keys[0] == keys[1], name
        declared = {p.get("Name"): p for p in original.findall(EDM + "Property")}
        own = (prop for prop in kind.findall(EDM + "Property") if not str(prop.get("Name")).startswith("YY1_"))
        for prop in own:  # all but what a customer has added
            facts = [{fact: one.get(fact) for fact in FACTS} for one in (prop, declared[prop.get("Name")])]
            assert (name, prop.get("Name"), facts[0]) == (name, prop.get("Name"), facts[1])
        assert links_of(kind).items() <= links_of(original).items()


@pytest.mark.parametrize("name", TWINS)
def test_what_may_be_written_is_what_a_real_system_allows(name, real):
    said = re.search(rf'<Annotations Target="SAP__self.Container/{name}">.*?</Annotations>', real, re.DOTALL)
    closed = r'Restrictions">\s*<Record>\s*<PropertyValue Property="{}" Bool="false"'
    open_ = {word: not re.search(closed.format(word), said[0]) for word in ("Insertable", "Updatable", "Deletable")}
    can = TWINS[name].entity.can
    served = {"Insertable": TWINS[name].direct, "Updatable": "U" in can, "Deletable": "D" in can}
    assert served == open_


def test_numbers_are_numbers_unless_strings_are_asked_for(client):
    path = "/PurchaseOrderItem(PurchaseOrder='4500000001',PurchaseOrderItem='10')?$select=NetPriceAmount"
    assert b'"NetPriceAmount":12.50' in client.send("GET", path).content
    assert (
        b'"NetPriceAmount":"12.50"'
        in client.send("GET", path, {"accept": "application/json;IEEE754Compatible=true"}).content
    )


def test_numbers_sent_as_strings_are_refused_unless_the_content_type_says_so(client):
    item = {**ORDER["_PurchaseOrderItem"][0], "OrderQuantity": "5", "NetPriceAmount": "12.50", "NetPriceQuantity": "1"}
    body = {**ORDER, "_PurchaseOrderItem": [item]}
    assert client.send("POST", "/PurchaseOrder", body=body).status == 400
    compatible = {"content-type": "application/json;IEEE754Compatible=true"}
    assert client.send("POST", "/PurchaseOrder", compatible, body).status == 201


@pytest.mark.parametrize("name", ["PurchaseOrderQuantityUnit", "DocumentCurrency", "OrderPriceUnit"])
def test_a_quantity_or_amount_without_its_unit_is_refused(client, name):
    item = {field: value for field, value in ORDER["_PurchaseOrderItem"][0].items() if field != name}
    answer = client.send("POST", "/PurchaseOrder", body={**ORDER, "_PurchaseOrderItem": [item]})
    assert (answer.status, answer.json()["error"]["target"]) == (400, name)


def test_null_is_refused_for_what_may_not_be_null(client):
    assert client.send("POST", "/PurchaseOrder", body={**ORDER, "PaymentTerms": None}).status == 400


def test_parts_are_created_through_their_order_only(client):
    number = client.send("POST", "/PurchaseOrder", body=ORDER).json()["PurchaseOrder"]
    item = ORDER["_PurchaseOrderItem"][0]
    direct = client.send("POST", "/PurchaseOrderItem", body={**item, "PurchaseOrder": number})
    through = client.send("POST", f"/PurchaseOrder('{number}')/_PurchaseOrderItem", body=item)
    assert (direct.status, through.status, through.json()["PurchaseOrderItem"]) == (405, 201, "20")


def test_nested_parts_are_refused_in_an_update(client):
    made = client.send("POST", "/PurchaseOrder", body=ORDER).json()
    nested = {"_PurchaseOrderItem": [{"OrderQuantity": 6, "PurchaseOrderQuantityUnit": "PC"}]}
    where = f"/PurchaseOrder('{made['PurchaseOrder']}')"
    answer = client.send("PATCH", where, {"if-match": made["@odata.etag"]}, nested)
    assert answer.status == 400


def test_filters_know_the_literals_of_v4_and_none_of_v2(client):
    count = "&$count=true&$top=1"
    rows = client.sandbox.world.store.rows("A_PurchaseOrder")
    expected = sum(row["LastChangeDateTime"] >= dt.datetime(2025, 2, 1, tzinfo=dt.UTC) for row in rows)
    assert 0 < expected < len(rows)
    stamped = client.get("/PurchaseOrder?$filter=LastChangeDateTime ge 2025-02-01T00:00:00Z" + count)
    assert stamped["@odata.count"] == expected
    assert client.get("/PurchaseOrder?$filter=CreationDate eq 2025-01-13" + count)["@odata.count"] == 1
    assert client.get("/PurchaseOrder?$filter=contains(CorrespncExternalReference,'REQ')" + count)["@odata.count"] == 2
    for old in ("CreationDate eq datetime'2025-01-13T00:00:00'", "substringof('R',CorrespncExternalReference)"):
        assert client.send("GET", f"/PurchaseOrder?$filter={old}").status == 400


def test_a_page_names_the_next_one_relative_to_the_service(make):
    client = Client(make(server_page=5).sandbox)
    page = client.get("/PurchaseOrder?$select=PurchaseOrder&$expand=_PurchaseOrderItem($select=NetAmount)")
    assert page["@odata.nextLink"].startswith("PurchaseOrder?")
    assert set(page["value"][0]) == {"@odata.etag", "PurchaseOrder", "_PurchaseOrderItem"}
    seen = len(page["value"])
    while "@odata.nextLink" in page:
        page = client.get("/" + page["@odata.nextLink"])
        seen += len(page["value"])
    assert seen == 13


def test_items_have_amounts_and_schedule_lines_what_is_still_to_come(client):
    page = client.get(
        "/PurchaseOrder?$expand=_PurchaseOrderItem($expand=_PurchaseOrderScheduleLineTP)&$select=PurchaseOrder"
    )
    cartons = page["value"][1]["_PurchaseOrderItem"][
        0
    ]  # 40 cartons of 200 pieces at 12.50 per 100, 40 % of it received
    assert cartons["NetAmount"] == 1000
    assert cartons["_PurchaseOrderScheduleLineTP"][0]["OpenPurchaseOrderQuantity"] == 24
