"""A sandbox of SAP Business One's Service Layer (b1s/v2, and v1 beside it), written from the sap sheet, section 13."""

from anyerp_sap.b1.sandbox.server import COMPANY_DB, BusinessOneSandbox

__all__ = ["COMPANY_DB", "BusinessOneSandbox"]
