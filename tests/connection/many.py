"""Many vendors, and what of them a tiny ERP has: shared by the tests of bulk writes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from anyerp.model import Vendor
from tiny import CONNECTOR, IN_BATCHES


def _anybody(ctx):
    return {"Authorization": "Bearer anybody"}
    yield


#: Several connections, which would end each other's sessions.
ANYBODY = replace(CONNECTOR, authorize=_anybody)


WAYS = pytest.mark.parametrize("way", [CONNECTOR, IN_BATCHES], ids=["singly", "in batches"])


def vendors(count, **more):
    return [Vendor(name=f"N{n}", **more) for n in range(count)]


def refs(tiny):
    return [row.get("ref") for row in tiny.rows.values()]


def agree(tiny, report):
    """What the report calls applied is what the ERP has, each once."""
    assert sorted(refs(tiny)) == sorted({outcome.key for outcome in report.applied})
    assert {outcome.id for outcome in report.applied} == set(tiny.rows)
