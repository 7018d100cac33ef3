"""A NetSuite account to test against: SuiteTalk REST, SuiteQL and logon, written from the fact sheet."""

from anyerp_netsuite.sandbox.server import NetSuiteSandbox

__all__ = ["NetSuiteSandbox"]
