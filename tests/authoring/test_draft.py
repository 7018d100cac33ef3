"""`anyerp draft`: from an ERP's own metadata to a lens that constructs, reads, and says what is left to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from anyerp.authoring import edmx, openapi
from anyerp.authoring.draft import draft_of, guessed
from anyerp.authoring.entity import Entity
from anyerp.authoring.synonym import words
from anyerp.cli import main
from anyerp.cli.sandbox import profile
from anyerp.errors import ConfigError
from anyerp.lens import Lens
from anyerp.model import RESOURCES
from anyerp.testing.sandbox import Call, serve
from anyerp.wire import Response
from anyerp_sap.sandbox import S4Sandbox

SHARED = Path(os.environ.get("ANYERP_SHARED", Path(__file__).parents[3] / "shared")) / "erp"

V2 = b"""<?xml version="1.0"?>
<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">
 <edmx:DataServices xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" m:DataServiceVersion="2.0">
  <Schema Namespace="BRICK" xmlns="http://schemas.microsoft.com/ado/2008/09/edm"
    xmlns:sap="http://www.sap.com/Protocols/SAPData">
   <EntityType Name="OrderType"><Key><PropertyRef Name="PurchaseOrder"/></Key>
    <Property Name="PurchaseOrder" Type="Edm.String" MaxLength="10" Nullable="false"/>
    <Property Name="Supplier" Type="Edm.String" MaxLength="8" sap:updatable="false"/>
    <Property Name="PurchaseOrderDate" Type="Edm.DateTime"/>
    <Property Name="LastChangeDateTime" Type="Edm.DateTimeOffset"/>
    <Property Name="DocumentCurrency" Type="Edm.String" MaxLength="5"/>
    <Property Name="ExchangeRate" Type="Edm.Decimal" Precision="9" Scale="5"/>
    <Property Name="ZZColour" Type="Edm.String" MaxLength="4"/>
    <NavigationProperty Name="to_Item" Relationship="BRICK.Items" FromRole="one" ToRole="many"/>
   </EntityType>
   <EntityType Name="ItemType"><Key><PropertyRef Name="PurchaseOrder"/><PropertyRef Name="PurchaseOrderItem"/></Key>
    <Property Name="PurchaseOrder" Type="Edm.String" MaxLength="10" Nullable="false"/>
    <Property Name="PurchaseOrderItem" Type="Edm.String" MaxLength="5" sap:display-format="NonNegative"/>
    <Property Name="Material" Type="Edm.String" MaxLength="18"/>
    <Property Name="OrderQuantity" Type="Edm.Decimal" Precision="13" Scale="3"/>
    <Property Name="PurchaseOrderQuantityUnit" Type="Edm.String" MaxLength="3"/>
   </EntityType>
   <Association Name="Items">
    <End Type="BRICK.OrderType" Multiplicity="1" Role="one"/><End Type="BRICK.ItemType" Multiplicity="*" Role="many"/>
   </Association>
   <EntityContainer Name="C"><EntitySet Name="A_PurchaseOrder" EntityType="BRICK.OrderType"/></EntityContainer>
  </Schema>
 </edmx:DataServices>
</edmx:Edmx>"""

V4 = b"""<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
 <Schema Namespace="NS" Alias="Self" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EnumType Name="State"><Member Name="Draft"/><Member Name="Open"/><Member Name="Canceled"/><Member Name="Odd"/>
  </EnumType>
  <EntityType Name="base" Abstract="true"><Key><PropertyRef Name="id"/></Key>
   <Property Name="id" Type="Edm.Guid"/></EntityType>
  <EntityType Name="purchaseOrder" BaseType="Self.base">
   <Property Name="number" Type="Edm.String" MaxLength="20"/>
   <Property Name="vendorNumber" Type="Edm.String" MaxLength="max"/>
   <Property Name="orderDate" Type="Edm.Date"/>
   <Property Name="status" Type="NS.State"/>
   <Property Name="lastModifiedDateTime" Type="Edm.DateTimeOffset" Precision="3"/>
   <NavigationProperty Name="purchaseOrderLines" Type="Collection(NS.line)"/>
  </EntityType>
  <EntityType Name="line"><Key><PropertyRef Name="sequence"/></Key>
   <Property Name="sequence" Type="Edm.Int32"/><Property Name="description" Type="Edm.String" MaxLength="100"/>
   <Property Name="quantity" Type="Edm.Decimal" Scale="variable"/>
  </EntityType>
  <EntityContainer Name="C"><EntitySet Name="purchaseOrders" EntityType="Self.purchaseOrder"/></EntityContainer>
 </Schema></edmx:DataServices></edmx:Edmx>"""

OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "components": {
        "schemas": {
            "Stamped": {
                "properties": {
                    "id": {"type": "string", "maxLength": 12, "readOnly": True},
                    "modified_at": {"type": "string", "format": "date-time", "readOnly": True},
                }
            },
            "Money": {"type": "number", "multipleOf": 0.01},
            "Supplier": {
                "allOf": [{"$ref": "#/components/schemas/Stamped"}],
                "properties": {
                    "supplier_name": {"type": ["string", "null"], "maxLength": 60},
                    "state": {"enum": ["active", "blocked", "odd"], "type": "string"},
                    "currency": {"type": "string"},
                    "address": {
                        "type": "object",
                        "properties": {
                            "street": {"type": "string", "maxLength": 30},
                            "city": {"type": "string", "maxLength": 40},
                            "zip": {"type": "string", "maxLength": 10},
                        },
                    },
                },
            },
            "PurchaseOrder": {
                "allOf": [{"$ref": "#/components/schemas/Stamped"}],
                "properties": {
                    "total": {"$ref": "#/components/schemas/Money"},
                    "lines": {
                        "type": "array",
                        "items": {
                            "properties": {
                                "line_no": {"type": "integer", "minimum": 1, "maximum": 999},
                                "price": {"anyOf": [{"$ref": "#/components/schemas/Money"}, {"type": "null"}]},
                            }
                        },
                    },
                },
            },
        }
    },
}


def built(source: str) -> Lens[Any]:
    """The lens of a module's source, constructed."""
    known: dict[str, Any] = {}
    exec(source, known)
    return next(value for value in known.values() if isinstance(value, Lens))


def drafted(entity: Entity, resource: str) -> tuple[Lens[Any], str]:
    made = draft_of(entity, resource)
    return built(made.source), made.source


def coverage(lens: Lens[Any]) -> dict[str, tuple[str, str]]:
    return {one.field: (one.mode, ", ".join(one.paths) or one.because or "") for one in lens.coverage}


def test_v2_takes_over_lengths_types_and_what_may_be_written() -> None:
    lens, source = drafted(edmx.read(V2)["A_PurchaseOrder"](), "purchase_orders")
    for line in (
        'Map("id", "PurchaseOrder", text(10), read_only=True),',
        'Map("vendor", "Supplier", reference(8), create_only=True),',
        'Map("order_date", "PurchaseOrderDate", v2.day()),',
        'Map("exchange_rate", "ExchangeRate", decimal(9, 5, as_text=True)),',
        'Map("number", "PurchaseOrderItem", integer_text(5), create_only=True),',
        'Each("lines", "to_Item/results", LINES, key=("number", "PurchaseOrderItem")),',
    ):
        assert f"    {line}\n" in source
    assert "# ZZColour" in source
    assert coverage(lens)["lines.unit"] == (
        "absent",
        "todo: PurchaseOrderQuantityUnit holds the ERP's own code; write a choice of it",
    )


def test_a_v2_draft_reads_what_the_service_sends() -> None:
    lens, _ = drafted(edmx.read(V2)["A_PurchaseOrder"](), "purchase_orders")
    order = lens.get(
        {
            "PurchaseOrder": "45",
            "Supplier": "V1",
            "PurchaseOrderDate": "/Date(1748736000000)/",
            "to_Item": {"results": [{"PurchaseOrderItem": "00010", "OrderQuantity": "2.500"}]},
        }
    )
    assert (order.id, order.number, order.vendor.id, order.order_date.isoformat()) == ("45", "45", "V1", "2025-06-01")
    assert [(line.number, line.quantity) for line in order.lines] == [(10, Decimal("2.500"))]


def test_v4_knows_bases_enumerations_and_precisions() -> None:
    lens, source = drafted(edmx.read(V4)["purchaseOrders"](), "purchase_orders")
    assert (
        'Map("status", "status", choice({"Draft": "draft", "Open": "open", "Canceled": "cancelled"}, '
        'otherwise="other"), read_only=True, native="native_status")'
    ).replace(" ", "") in source.replace("\n", "").replace(" ", "").replace(",)", ")")
    assert 'Map("updated_at", "lastModifiedDateTime", iso_instant(1000), read_only=True)' in source
    assert 'Map("vendor", "vendorNumber", reference(1000))' in source
    order = lens.get(
        {"id": "x", "number": "P1", "status": "Odd", "purchaseOrderLines": [{"sequence": 1, "quantity": 2}]}
    )
    assert (order.number, order.status, order.native_status, order.lines[0].quantity) == ("P1", "other", "Odd", 2)


def test_openapi_references_and_nested_objects_are_followed() -> None:
    found = openapi.read(json.dumps(OPENAPI).encode())
    lens, source = drafted(found["Supplier"](), "vendors")
    assert 'Map("name", "supplier_name", text(60))' in source
    assert 'Map("updated_at", "modified_at", iso_instant(), read_only=True)' in source
    vendor = lens.get({"id": "7", "state": "blocked", "address": {"street": "Long Road 1", "zip": "24103"}})
    assert (vendor.id, vendor.status, vendor.address.postal_code) == ("7", "blocked", "24103")
    lens, source = drafted(found["PurchaseOrder"](), "purchase_orders")
    assert 'Map("total_incl_tax", "total", decimal(15, 2))' in source
    assert 'Map("number", "line_no", integer(1, 999))' in source


def test_a_plain_json_schema_is_one_entity() -> None:
    schema = {"title": "Warehouse", "type": "object", "properties": {"code": {"type": "string", "maxLength": 4}}}
    found = openapi.read(json.dumps(schema).encode())
    assert list(found) == ["Warehouse"]
    assert 'Map("number", "code", text(4), read_only=True)' in draft_of(found["Warehouse"](), "locations").source


def test_a_key_of_several_parts_or_of_another_type_is_left_to_a_person() -> None:
    several = V4.replace(b'<PropertyRef Name="id"/>', b'<PropertyRef Name="id"/><PropertyRef Name="number"/>')
    lens, _ = drafted(edmx.read(several)["purchaseOrders"](), "purchase_orders")
    assert coverage(lens)["id"] == (
        "absent",
        "todo: the key is id (text), number (text); write a codec that makes it one text, with Join",
    )


def test_what_means_a_field_but_holds_another_type_is_named() -> None:
    wrong = V4.replace(b'Name="orderDate" Type="Edm.Date"', b'Name="orderDate" Type="Edm.DateTimeOffset"')
    lens, _ = drafted(edmx.read(wrong)["purchaseOrders"](), "purchase_orders")
    assert coverage(lens)["order_date"] == (
        "absent",
        "todo: orderDate is called so but holds a instant; write a codec",
    )


@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_every_resource_can_be_drafted_from_every_sample(resource: str) -> None:
    for found in (edmx.read(V2), edmx.read(V4), openapi.read(json.dumps(OPENAPI).encode())):
        for entity in found.values():
            drafted(entity(), resource)


EVIL = '"""\nraise SystemExit("ran")\n#'


def test_foreign_names_never_become_code() -> None:
    names = ["name", EVIL, "x\ny", 'a"b', "a'b", "back\\slash", "\N{LINE SEPARATOR}raise", "1", "a=b"]
    schema = {
        "title": EVIL,
        "properties": {name: {"type": "string", "title": EVIL, "enum": [EVIL, "active"]} for name in names},
    }
    schema["properties"]["status"] = {"type": "string", "enum": [EVIL, "active", 'q"q']}
    (entity,) = openapi.read(json.dumps(schema).encode()).values()
    lens, _ = drafted(entity(), "vendors")
    assert coverage(lens)["status"][0] == "read"


@pytest.mark.parametrize(
    "content",
    [b"", b"<a/>", b"{}", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff\xfe", b"<Edmx><Schema/></Edmx>"],
)
def test_what_is_no_metadata_is_refused(content: bytes) -> None:
    for read in (edmx.read, openapi.read):
        with pytest.raises(ConfigError):
            read(content)


def test_circles_of_references_end() -> None:
    schema = {
        "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A", "properties": {"b": {"$ref": "#/$defs/B"}}}}
    }
    schema["$defs"]["B"]["properties"]["name"] = {"type": "string"}
    for entity in openapi.read(json.dumps(schema).encode()).values():
        drafted(entity(), "vendors")


@pytest.mark.parametrize(
    ("entity", "resource"),
    [
        ("A_PurchaseOrder", "purchase_orders"), ("PurchaseOrderHeadersV2", "purchase_orders"), ("Supplier", "vendors"),
        ("A_Product", "items"), ("Warehouses", "locations"), ("CompanyCode", "companies"),
    ],
)  # fmt: skip
def test_the_resource_is_guessed_from_the_entitys_name(entity: str, resource: str) -> None:
    assert guessed(entity) == resource


def test_a_name_that_tells_nothing_is_asked_about() -> None:
    with pytest.raises(ConfigError, match="Zebra"):
        guessed("Zebra")


def test_words_are_told_apart_in_every_spelling() -> None:
    spelt = ("PurchaseOrderDate", "purchase_order_date", "purchase-order-date", "purchaseOrderDate")
    assert {words(name) for name in spelt} == {("purchase", "order", "date")}
    assert words("VATRegistrationNo") == ("vat", "registration", "no")


def test_the_command_lists_entities_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "m.xml", tmp_path / "lens.py"
    file.write_bytes(V4)
    assert main(["draft", "--odata", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == ["base", "line", "purchaseOrders"]
    assert main(["draft", "purchaseOrders", "--odata", str(file)]) == 0
    shown = capsys.readouterr()
    assert "of PurchaseOrder mapped" in shown.err
    assert main(["draft", "purchaseOrders", "--odata", str(file), "--out", str(out)]) == 0
    assert out.read_text() == shown.out
    assert main(["draft", "purchaseOrders", "--odata", str(file), "--out", str(out)]) == 2
    assert main(["draft", "purchaseOrder", "--odata", str(file)]) == 2
    assert "did you mean purchaseOrders" in capsys.readouterr().err
    assert main(["draft", "purchaseOrders"]) == 2


class Metadata:
    """A service that answers its metadata, to those who have a key if it asks for one."""

    def __init__(self) -> None:
        self.status = 200

    def handle(self, call: Call) -> Response:
        return Response(self.status, content=V4)


def test_metadata_is_fetched_from_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    service = Metadata()
    with serve(service) as url:  # type: ignore[arg-type]
        assert main(["draft", "--odata", f"{url}/$metadata"]) == 0
        assert "purchaseOrders" in capsys.readouterr().out
        service.status = 401
        assert main(["draft", "--odata", f"{url}/$metadata"]) == 1
        assert "--connection NAME" in capsys.readouterr().err


def test_metadata_behind_a_login_is_fetched_as_a_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    box = S4Sandbox()
    seen: list[Call] = []

    def metadata(call: Call, proceed: Callable[[], Response]) -> Response | None:
        if not call.target.endswith("$metadata"):
            return None
        seen.append(call)
        return Response(200 if "authorization" in call.headers else 401, content=V4)

    box.faults.append(metadata)
    with serve(box) as url:
        tmp_path.joinpath("anyerp.toml").write_text(profile("demo", "sap-s4hana", box.settings(url), box.credentials))
        monkeypatch.chdir(tmp_path)
        assert main(["draft", "--odata", "service/$metadata", "--connection", "demo"]) == 0
        assert "purchaseOrders" in capsys.readouterr().out
        assert main(["draft", "--odata", f"{url}/service/$metadata"]) == 1
        assert "--connection NAME" in capsys.readouterr().err
    assert ["authorization" in call.headers for call in seen] == [True, False]


def test_a_draft_is_as_the_formatter_and_the_linter_want_it(tmp_path: Path) -> None:
    for at, (found, name) in enumerate(
        ((edmx.read(V2), "A_PurchaseOrder"), (edmx.read(V4), "purchaseOrders"), (shared_openapi(), "Supplier"))
    ):
        made = draft_of(found[name](), "vendors" if name == "Supplier" else "purchase_orders")
        tmp_path.joinpath(f"draft{at}.py").write_text(made.source)
    for command in (["check", "--select", "E,F,I,UP,RUF"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--line-length", "120", "."],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout


def shared_openapi() -> dict[str, Callable[[], Entity]]:
    return openapi.read(json.dumps(OPENAPI).encode())


def test_published_metadata_of_real_erps_can_be_drafted_whole() -> None:
    files = [*SHARED.glob("**/*.edmx"), *SHARED.glob("**/*metadata*.xml")]
    if not files:
        pytest.skip("the published metadata is not here (ANYERP_SHARED)")
    seen = 0
    for file in files:
        for name, entity in list(edmx.read(file.read_bytes()).items())[:4]:
            with suppress(ConfigError):
                drafted(entity(), guessed(name))
                seen += 1
    assert seen > 20
