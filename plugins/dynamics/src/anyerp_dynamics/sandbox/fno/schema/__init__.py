"""The schema of Finance & Operations: a useful part of its public data entities, from the tables beside this file."""

from __future__ import annotations

from functools import cache

from ...odata import Action, EntitySet, Row, Schema
from . import organisation, party, product, purchase, receipt, sales
from .enums import enums
from .table import NO_DATE, NO_TIME, Fact, SetFact, read_table

NAMESPACE = "Microsoft.Dynamics.DataEntities"
_DMF = "DataManagementDefinitionGroup"
_TEXT = "Edm.String"
_EXECUTION = {"executionId": _TEXT}

#: Actions of data management (dynamics sheet §1.9), all bound to the set and not to a row.
ACTIONS = tuple(
    Action(name, _DMF, collection=True, parameters=parameters, returns=_TEXT)
    for name, parameters in {
        "GetAzureWriteUrl": {"uniqueFileName": _TEXT},
        "ImportFromPackage": {
            "packageUrl": _TEXT,
            "definitionGroupId": _TEXT,
            "executionId": _TEXT,
            "execute": "Edm.Boolean",
            "overwrite": "Edm.Boolean",
            "legalEntityId": _TEXT,
        },
        "ExportToPackage": {
            "definitionGroupId": _TEXT,
            "packageName": _TEXT,
            "executionId": _TEXT,
            "reExecute": "Edm.Boolean",
            "legalEntityId": _TEXT,
        },
        "GetExportedPackageUrl": _EXECUTION,
        "GetExecutionSummaryStatus": _EXECUTION,
        "GetExecutionErrors": _EXECUTION,
        "GetMessageStatus": {"messageId": _TEXT},
    }.items()
)


@cache
def schema() -> Schema:
    """Give the schema, made once."""
    known = enums()
    sets: dict[str, EntitySet] = {}
    for module in (organisation, party, product, purchase, receipt, sales):
        sets |= read_table(module.TABLE, known)
    return Schema(NAMESPACE, sets, known, ACTIONS)


@cache
def _defaults(name: str) -> Row:
    return {prop.name: prop.facts.default for prop in schema().sets[name].type.properties}


def blank(name: str) -> Row:
    """Give a row of a set's table with every field at its default: no nulls on this service (dynamics sheet §1.4)."""
    return dict(_defaults(next(iter(schema().sets[name].facts.further), name)))


__all__ = ["NAMESPACE", "NO_DATE", "NO_TIME", "Fact", "SetFact", "blank", "schema"]
