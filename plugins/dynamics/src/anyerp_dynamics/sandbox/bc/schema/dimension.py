"""Tables: dimensions, their values, and the ones set on masters, documents and lines (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set, many, one

DIMENSIONS = entity_set(
    "dimensions",
    "dimension",
    Page("Dimension", 348, "Dimension", insert=False, update=False, delete=False),
    """
    id guid
    code code20 ro
    displayName text30 ro
    consolidationCode code20 ro
    lastModifiedDateTime instant
    """,
    many("dimensionValues", "dimensionId"),
)

DIMENSION_VALUES = entity_set(
    "dimensionValues",
    "dimensionValue",
    Page(
        "Dimension Value",
        349,
        "Dimension Value",
        insert=False,
        update=False,
        delete=False,
        parent="dimensionId",
        by_filter=True,
    ),
    """
    id guid
    code code20 ro
    dimensionId guid ro
    displayName text50 ro
    consolidationCode code20 ro
    lastModifiedDateTime instant
    """,
    one("dimension", "dimensions", "dimensionId"),
)

DEFAULT_DIMENSIONS = entity_set(
    "defaultDimensions",
    "defaultDimension",
    Page(
        "Default Dimension",
        352,
        "Default Dimension",
        parent="parentId",
        closed="You must get to the parent first to get to the default dimensions.",
    ),
    """
    id guid
    parentType *defaultDimensionParentType
    parentId guid
    dimensionId guid
    dimensionCode code20 ro
    dimensionValueId guid
    dimensionValueCode code20 ro
    postingValidation *defaultDimensionValuePostingType
    lastModifiedDateTime instant
    """,
    one("dimension", "dimensions", "dimensionId"),
    one("dimensionValue", "dimensionValues", "dimensionValueId"),
    one("vendor", "vendors", "parentId"),
    one("customer", "customers", "parentId"),
    one("item", "items", "parentId"),
)

DIMENSION_SET_LINES = entity_set(
    "dimensionSetLines",
    "dimensionSetLine",
    Page(
        "Dimension Set Entry Buffer",
        5489,
        "Dimension Set Line",
        parent="parentId",
        closed="You must get to the parent first to get to the dimension set line.",
        local=True,
        order=("code",),
    ),
    """
    id guid
    code code20
    consolidationCode code20 ro
    parentId guid ro
    parentType *dimensionSetEntryBufferParentType ro
    displayName text30 ro
    valueId guid
    valueCode code20
    valueConsolidationCode code20 ro
    valueDisplayName text50 ro
    """,
)
