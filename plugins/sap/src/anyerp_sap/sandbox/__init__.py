"""The sandbox of SAP S/4HANA: a small stateful system that speaks OData V2 with SAP's quirks (sap sheet)."""

from __future__ import annotations

from anyerp_sap.sandbox.app import S4Sandbox

__all__ = ["S4Sandbox"]
