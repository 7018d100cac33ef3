"""What a host holds: connections, collections, results."""

from anyerp.connection.acollection import AsyncCollection, AsyncRecords
from anyerp.connection.bulk import NotSent, RecordOutcome, Report
from anyerp.connection.changed import Changed
from anyerp.connection.collection import Collection, Records
from anyerp.connection.connect import aconnect, connect
from anyerp.connection.connection import AsyncConnection, Connection
from anyerp.connection.result import Check, Done, NativeRequest, Page, Plan, Resolved

__all__ = [
    "AsyncCollection",
    "AsyncConnection",
    "AsyncRecords",
    "Changed",
    "Check",
    "Collection",
    "Connection",
    "Done",
    "NativeRequest",
    "NotSent",
    "Page",
    "Plan",
    "RecordOutcome",
    "Records",
    "Report",
    "Resolved",
    "aconnect",
    "connect",
]
