"""Every field that the lenses name, held against SAP's own metadata documents (sap sheet §1, §12)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from anyerp.kits.odata import v2
from anyerp.lens import Derived, Each, Join, Map, Nest
from anyerp.lens.domain import DecimalDomain, RefDomain, TextDomain
from anyerp.lens.rule import writable
from anyerp_sap.s4 import (
    customer,
    goods_receipt,
    item,
    master,
    purchase_order,
    sales_order,
    stock_level,
    vendor,
    vendor_invoice,
)
from anyerp_sap.s4.connector import CONNECTOR
from anyerp_sap.s4.metadata import Metadata
from anyerp_sap.s4.service import EntitySet

SETS = {
    "companies": [master.COMPANIES],
    "locations": [master.PLANTS, master.STORAGE],
    "vendors": [vendor.PARTNERS],
    "customers": [customer.PARTNERS],
    "items": [item.PRODUCTS],
    "purchase_orders": [purchase_order.ORDERS],
    "goods_receipts": [goods_receipt.DOCUMENTS],
    "vendor_invoices": [vendor_invoice.INVOICES],
    "sales_orders": [sales_order.ORDERS],
    "stock_levels": [stock_level.STOCK],
}
SAP = "{http://www.sap.com/Protocols/SAPData}"
#: Written into the native record by a lens, and taken out again before it is sent.
NEVER_SENT = {"BusinessPartnerName"}


@dataclass
class Entity:
    properties: dict[str, dict[str, str]] = field(default_factory=dict)
    navigations: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def read(document: str) -> dict[str, Entity]:
    """Read the entity types of a document, by their sets' names."""
    root = ET.fromstring(document)
    ends, kinds, sets = {}, {}, {}
    for node in root.iter():
        if _local(node.tag) == "Association":
            for end in node:
                if _local(end.tag) == "End":
                    ends[node.get("Name"), end.get("Role")] = str(end.get("Type")).rpartition(".")[2]
    for node in root.iter():
        if _local(node.tag) == "EntityType":
            entity = kinds[node.get("Name")] = Entity()
            for part in node.iter():
                if _local(part.tag) == "Property":
                    entity.properties[str(part.get("Name"))] = dict(part.attrib)
                elif _local(part.tag) == "PropertyRef":
                    entity.keys.append(str(part.get("Name")))
                elif _local(part.tag) == "NavigationProperty":
                    role = (str(part.get("Relationship")).rpartition(".")[2], part.get("ToRole"))
                    entity.navigations[str(part.get("Name"))] = ends[role]
        elif _local(node.tag) == "EntitySet":
            sets[str(node.get("Name"))] = str(node.get("EntityType")).rpartition(".")[2]
    for entity in kinds.values():
        entity.navigations = {n: next(s for s, k in sets.items() if k == t) for n, t in entity.navigations.items()}
    return {name: kinds[kind] for name, kind in sets.items()}


@pytest.fixture(scope="session")
def services(shared):
    return {path.stem: read(path.read_text()) for path in shared.glob("API_*.edmx")}


def names_of(path):
    return [s for s in path.split("/") if s not in ("results", "*") and not s.isdecimal() and "=" not in s]


def property_of(services, where: EntitySet, path: str):
    """The attributes of the property at a path, or None."""
    entities = services[where.service]
    entity = entities[where.name]
    *through, last = names_of(path)
    for name in through:
        if name not in entity.navigations:
            return None
        entity = entities[entity.navigations[name]]
    return entity.properties.get(last)


def uses(rules, prefix=""):
    """Every (path, codec, whether it is written) of a table."""
    for rule in rules:
        match rule:
            case Map():
                yield prefix + rule.path, rule.codec, writable(rule)
            case Join():
                yield from ((prefix + path, None, writable(rule)) for path in rule.paths)
            case Derived():
                yield from ((prefix + path, codec, False) for path, codec in rule.native)
            case Nest():
                yield from uses(rule.rules, prefix + (f"{rule.at}/" if rule.at else ""))
            case Each():
                yield from uses(rule.rules, f"{prefix}{rule.path}/*/")


EVERY = [
    pytest.param(name, path, codec, written, id=f"{name}-{path}-{index}")
    for name, resource in CONNECTOR.resources.items()
    for index, (path, codec, written) in enumerate(uses(resource.lens.rules))
    if not path.startswith("__metadata") and "_anyerp" not in path  # what we add up is no field of SAP's
]


def test_every_resource_is_held_against_its_service():
    assert set(SETS) == set(CONNECTOR.resources)


@pytest.mark.parametrize(("name", "path", "codec", "written"), EVERY)
def test_a_field_of_a_lens_is_in_the_metadata_with_a_fitting_type(services, name, path, codec, written):
    found = [p for where in SETS[name] if (p := property_of(services, where, path)) is not None]
    assert found, f"{path} is in no set of {name}"
    for prop in found:
        if written:
            forbidden = "false" in (prop.get(f"{SAP}creatable"), prop.get(f"{SAP}updatable"))
            assert forbidden == (names_of(path)[-1] in NEVER_SENT), path
        if codec is None:
            continue
        kind = prop["Type"].removeprefix("Edm.")
        if codec.data["codec"] == "odata_v2_day":
            assert kind == "DateTime"
        elif codec.data["codec"] == "odata_v2_instant":
            assert kind == "DateTimeOffset"
        elif codec.data["codec"] == "boolean":
            assert kind == "Boolean"
        elif codec.native is Decimal:
            assert kind == "Decimal"
        else:
            assert kind == "String"
        _same_size(path, codec, prop)
        if written and isinstance(codec.domain, TextDomain | RefDomain):
            key = codec.domain.key if isinstance(codec.domain, RefDomain) else codec.domain
            assert key.upper == (prop.get(f"{SAP}display-format") == "UpperCase"), path


def _same_size(path, codec, prop):
    match codec.domain:
        case RefDomain(key=TextDomain(max_length=length)) | TextDomain(max_length=length):
            if "MaxLength" in prop or not path.endswith("LongText"):  # long texts have no length of their own
                assert length == int(prop["MaxLength"]), path
        case DecimalDomain(digits=digits, places=places) if prop["Type"] == "Edm.Decimal":
            assert (digits, places) == (int(prop["Precision"]), int(prop.get("Scale", 0))), path


@pytest.mark.parametrize("name", SETS)
def test_what_is_filtered_and_sorted_by_can_be(services, name):
    for where in SETS[name]:
        entity = services[where.service][where.name]
        assert sorted(entity.keys) == sorted(where.key)
        filtered = [*where.key, *([where.changed] if where.changed else [])]
        if name == "purchase_orders":
            filtered.append("CorrespncExternalReference")
        if name in ("vendors", "customers"):
            filtered += ["Supplier", "Customer", "BusinessPartnerIDByExtSystem"]
        for column in filtered:
            assert entity.properties[column].get(f"{SAP}filterable") != "false"
        for column in where.key:
            assert entity.properties[column].get(f"{SAP}sortable") != "false"


def test_a_set_lacks_just_what_it_is_said_to_lack(services):
    for name, sets in SETS.items():
        paths = {path for path, _, _ in uses(CONNECTOR.resources[name].lens.rules) if not path.startswith("__")}
        for where in sets:
            asked = {path for path in paths if not path.startswith("_anyerp.")}  # what the connection gives
            lacks = {path for path in where.lacks if not path.startswith("_anyerp.")}
            assert {path for path in asked if property_of(services, where, path) is None} == lacks


def test_the_keys_of_parts_are_read_for_writing(services):
    for path in purchase_order.ORDERS.also:
        assert property_of(services, purchase_order.ORDERS, path) is not None
    selected, expanded = v2.select(
        [*CONNECTOR.resources["purchase_orders"].lens.native_fields, *purchase_order.ORDERS.also]
    )
    assert "to_PurchaseOrderItem/PurchaseOrderItem" in selected
    assert "to_PurchaseOrderItem/to_ScheduleLine/ScheduleLine" in selected
    assert "to_PurchaseOrderItem/to_AccountAssignment" in expanded


def test_our_own_reading_of_the_metadata_agrees_with_a_parser(shared, services):
    for service, entities in services.items():
        known = Metadata.read((shared / f"{service}.edmx").read_text())
        assert set(known.sets) == set(entities)
        for name, entity in entities.items():
            assert known.properties[known.sets[name]].keys() == entity.properties.keys()
            for navigation, target in entity.navigations.items():
                for column in entities[target].properties:
                    assert known.has(name, [navigation, column])
                assert not known.has(name, [navigation, "NoSuchField"])
        assert not known.has("A_NoSuchSet", ["X"])


def test_metadata_that_is_none_names_nothing():
    for nonsense in ("", "<html>", "<EntityType><Property/></EntityType>", "<EntityType Name='X'>"):
        assert not Metadata.read(nonsense).has("A_PurchaseOrder", ["PurchaseOrder"])
