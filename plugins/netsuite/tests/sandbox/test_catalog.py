"""The metadata catalog, against JSON Schema's own meta-schema and against what the record service answers."""

from __future__ import annotations

import json

import jsonschema
import pytest

from .conftest import HOST, detail

CATALOG = "metadata-catalog"
SCHEMA = {"accept": "application/schema+json"}
SWAGGER = {"accept": "application/swagger+json"}


def test_the_catalog_lists_record_types_and_select_narrows(client):
    everything = client.get(CATALOG)["items"]
    assert {"purchaseorder", "vendor", "inventoryitem", "itemreceipt"} <= {one["name"] for one in everything}
    some = client.get(CATALOG + "?select=purchaseOrder,vendor")["items"]
    assert [one["name"] for one in some] == ["purchaseorder", "vendor"]
    assert [link["rel"] for link in some[0]["links"]] == ["canonical", "alternate", "alternate", "describes"]
    assert some[0]["links"][3]["href"] == f"https://{HOST}/services/rest/record/v1/purchaseorder"
    assert detail(client.ask("GET", CATALOG + "?select=nonsense"))["o:errorQueryParam"] == "select"


def test_a_record_type_the_role_cannot_see_is_not_listed(client, sandbox):
    sandbox.revoke("vendor")
    assert "vendor" not in {one["name"] for one in client.get(CATALOG)["items"]}


def test_a_schema_is_a_json_schema_with_the_extensions(client, sandbox):
    for kind in sandbox.store.records:
        schema = client.get(f"{CATALOG}/{kind}", **SCHEMA)
        jsonschema.Draft6Validator.check_schema(schema)
        assert "required" not in schema
    order = client.get(f"{CATALOG}/purchaseOrder", **SCHEMA)
    assert order["$schema"] == "https://json-schema.org/draft-06/hyper-schema#"
    assert order["properties"]["custbody2"]["x-ns-custom-field"] is True
    assert {"tranDate", "custbody2", "entity"} <= set(order["x-ns-filterable"])
    assert "item" not in order["x-ns-filterable"]
    assert order["properties"]["terms"] == {"$ref": "/services/rest/record/v1/metadata-catalog/term"}
    assert "readOnly" not in order["properties"]["id"]


def test_sublists_are_found_by_their_references(client):
    order = client.get(f"{CATALOG}/purchaseorder", **SCHEMA)
    collection = client.get(order["properties"]["item"]["$ref"], **SCHEMA)
    element = client.get(collection["properties"]["items"]["items"]["$ref"], **SCHEMA)
    assert element["x-ns-sublistkey"] == {"present": True, "value": {"new": ["line"], "existing": ["line"]}}
    assert element["properties"]["custcol_project"]["x-ns-custom-field"] is True
    detail_ = client.get(element["properties"]["inventoryDetail"]["$ref"], **SCHEMA)
    lots = client.get(detail_["properties"]["inventoryAssignment"]["$ref"], **SCHEMA)
    lot = client.get(lots["properties"]["items"]["items"]["$ref"], **SCHEMA)
    assert "receiptInventoryNumber" in lot["properties"]
    assert "city" in client.get(order["properties"]["billingAddress"]["$ref"], **SCHEMA)["properties"]
    receipt = client.get(f"{CATALOG}/itemreceipt-itemElement", **SCHEMA)
    assert receipt["x-ns-sublistkey"]["value"] == {"new": ["orderLine"], "existing": ["line"]}


@pytest.mark.parametrize(
    "name", ["nonsense", "purchaseorder-nonsense", "purchaseorder-itemCollection-x", "purchaseorder-memo"]
)
def test_what_is_not_in_the_catalog_is_a_404(client, name):
    assert client.ask("GET", f"{CATALOG}/{name}", **SCHEMA).status == 404


def test_an_openapi_document_holds_every_schema_it_refers_to(client):
    answer = client.ask("GET", CATALOG + "?select=purchaseOrder,inventoryItem", **SWAGGER)
    assert answer.media_type == "application/swagger+json"
    document = answer.json()
    assert document["openapi"] == "3.0.1"
    schemas = document["components"]["schemas"]
    assert {"purchaseorder", "purchaseorder-itemCollection", "purchaseorder-itemElement"} <= schemas.keys()
    names = [text.partition('"')[0] for text in json.dumps(schemas).split('"#/components/schemas/')[1:]]
    own = {name for name in names if "-" in name}
    assert own <= schemas.keys()


def test_answers_carry_only_what_the_schema_promises(client):
    order = client.order("2173")
    schema = client.get(f"{CATALOG}/purchaseorder", **SCHEMA)
    assert order.keys() <= schema["properties"].keys()
    element = client.get(f"{CATALOG}/purchaseorder-itemElement", **SCHEMA)
    kinds = {"string": str, "boolean": bool, "integer": int}
    for line in order["item"]["items"]:
        for name, value in line.items():
            kind = kinds.get(element["properties"][name].get("type", ""))
            assert kind is None or isinstance(value, kind), name


def test_the_catalog_is_only_read(client):
    assert detail(client.ask("POST", CATALOG, {}), 405)
