"""`$metadata`: the document itself, and how it compares with documents of real systems."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from anyerp_sap.sandbox import S4Sandbox
from anyerp_sap.sandbox.schema import SERVICES

EDM = "{http://schemas.microsoft.com/ado/2008/09/edm}"
SAP = "{http://www.sap.com/Protocols/SAPData}"
NOTES = "{http://docs.oasis-open.org/odata/ns/edm}"
SHARED = Path(os.environ.get("ANYERP_SHARED") or Path(__file__).parents[5] / "shared")
FACTS = ("Type", "MaxLength", "Precision", "Scale", "Nullable", SAP + "creatable", SAP + "updatable")
FACTS += (SAP + "filterable", SAP + "sortable", SAP + "unit", SAP + "semantics")


def document(connect, service):
    client = connect(S4Sandbox(), service + "/")
    answer = client.get("$metadata")
    assert (answer.status, answer.media_type) == (200, "application/xml")
    return ET.fromstring(answer.content)


def types_of(root):
    return {t.get("Name"): t for t in root.iter(EDM + "EntityType")}


def properties_of(entity_type):
    return {p.get("Name"): {f: p.get(f) for f in FACTS} for p in entity_type.findall(EDM + "Property")}


def keys_of(entity_type):
    return [ref.get("Name") for ref in entity_type.iter(EDM + "PropertyRef")]


def navigations_of(root, entity_type):
    ends = {
        (a.get("Name"), e.get("Role")): (e.get("Type").rpartition(".")[2], e.get("Multiplicity"))
        for a in root.iter(EDM + "Association")
        for e in a.findall(EDM + "End")
    }
    return {
        n.get("Name"): ends[n.get("Relationship").rpartition(".")[2], n.get("ToRole")]
        for n in entity_type.findall(EDM + "NavigationProperty")
    }


def sets_of(root):
    flags = ("creatable", "updatable", "deletable")
    return {
        s.get("Name"): (s.get("EntityType"), *(s.get(SAP + f, "true") for f in flags))
        for s in root.iter(EDM + "EntitySet")
    }


def tagged_sets(root):
    return {
        notes.get("Target").rpartition("/")[2]
        for notes in root.iter(NOTES + "Annotations")
        for note in notes
        if note.get("Term", "").endswith("core.OptimisticConcurrency")
    }


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_is_xml_and_kept_by_its_etag(connect, service):
    client = connect(S4Sandbox(), service + "/")
    answer = client.get("$metadata", accept="*/*")
    again = client.get("$metadata", if_none_match=answer.headers["etag"])
    assert (again.status, again.content) == (304, b"")
    assert sets_of(ET.fromstring(answer.content)).keys() == SERVICES[service].entities.keys()


@pytest.fixture(scope="module")
def real():
    folder = SHARED / "erp" / "sap" / "edmx"
    if not folder.is_dir():
        pytest.skip("no real metadata documents here (ANYERP_SHARED)")
    return lambda service: ET.fromstring((folder / f"{service}.edmx").read_bytes())


@pytest.mark.parametrize("service", SERVICES)
def test_everything_served_is_what_a_real_system_declares(connect, real, service):
    ours, theirs = document(connect, service), real(service)
    assert sets_of(ours).items() <= sets_of(theirs).items()
    for name, entity_type in types_of(ours).items():
        original = types_of(theirs)[name]
        assert keys_of(entity_type) == keys_of(original), name
        declared = properties_of(original)
        for prop, facts in properties_of(entity_type).items():
            if not prop.startswith("YY1_"):  # a customer has added that
                assert (name, prop, facts) == (name, prop, declared[prop])
        assert navigations_of(ours, entity_type).items() <= navigations_of(theirs, original).items()


def test_orders_and_their_parts_declare_etags_as_the_real_service_does(connect, real):
    service = "API_PURCHASEORDER_PROCESS_SRV"
    served = sets_of(document(connect, service)).keys()
    assert tagged_sets(document(connect, service)) == tagged_sets(real(service)) & served


def functions_of(root):
    facts = ("Type", "Mode", "MaxLength", "Precision")
    return {
        f.get("Name"): (
            f.get("ReturnType"),
            f.get("EntitySet"),
            {p.get("Name"): {n: p.get(n) for n in facts} for p in f.findall(EDM + "Parameter")},
        )
        for f in root.iter(EDM + "FunctionImport")
    }


@pytest.mark.parametrize("service", [name for name, service in SERVICES.items() if service.actions])
def test_function_imports_are_those_of_the_real_service(connect, real, service):
    ours, theirs = functions_of(document(connect, service)), functions_of(real(service))
    assert ours
    assert ours == theirs
    complex_types = {t.get("Name") for t in document(connect, service).iter(EDM + "ComplexType")}
    for returned, entity_set, _ in ours.values():
        assert entity_set or returned.rpartition(".")[2] in complex_types
