"""What is installed: connectors with their forms, their coverage, and what a write may hold."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Connector
from anyerp.connector.registry import registry
from anyerp.model.schema import schema
from fastapi import APIRouter

from anyerp_hub.error import NoSuchThing
from anyerp_hub.web.answer import ConnectorAnswer, ConnectorRow, Coverage, Data
from anyerp_hub.web.auth import Bearer
from anyerp_hub.web.problem import RESPONSES

router = APIRouter(prefix="/v1/connectors", tags=["connectors"], responses=RESPONSES)


@router.get("", operation_id="list_connectors", response_model=Data[ConnectorRow])
def list_connectors(_: Bearer) -> dict[str, Any]:
    """Every installed connector."""
    known = registry().connectors
    rows = [{"name": name, "title": one.info.title, "version": one.version} for name, one in known.items()]
    return {"data": rows}


@router.get("/{name}", operation_id="get_connector", response_model=ConnectorAnswer)
def get_connector(_: Bearer, name: str) -> dict[str, Any]:
    """What a connector needs to connect, and what each of its resources can do."""
    connector = _connector(name)
    return {
        "name": connector.name,
        "title": connector.title,
        "settings": connector.settings.model_json_schema(),
        "credentials": [model.model_json_schema() for model in connector.credentials],
        "resources": {each: operations_of(connector, each) for each in connector.resources},
    }


@router.get("/{name}/{resource}", operation_id="get_coverage", response_model=Coverage)
def get_coverage(_: Bearer, name: str, resource: str) -> dict[str, Any]:
    """What each field of a resource can do, and the JSON Schema of what may be written."""
    connector = _connector(name)
    if resource not in connector.resources:
        raise NoSuchThing(f"{name} does not offer {resource}")
    found = connector.resources[resource]
    fields = [
        {"field": one.field, "mode": one.mode, "paths": list(one.paths), "because": one.because}
        for one in found.coverage()
    ]
    return {
        "resource": resource,
        "operations": operations_of(connector, resource),
        "fields": fields,
        "write_schema": schema(found.lens.model),
    }


def operations_of(connector: Connector, resource: str) -> dict[str, str | None]:
    """Each operation: null where it works, the reason where it does not."""
    found = connector.resources[resource]
    return {
        "list" if name == "page" else name: None if getattr(found, name) is not None else found.because[name]
        for name in found.OPERATIONS
    }


def _connector(name: str) -> Connector:
    if name not in registry().connectors:
        raise NoSuchThing(f"no connector {name} is installed")
    return registry().connector(name)
