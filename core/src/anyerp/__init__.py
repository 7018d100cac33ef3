"""One data model and one set of calls for every ERP.

    import anyerp

    erp = anyerp.connect("sap-s4hana", settings={...}, credentials={...})
    for order in erp.purchase_orders.list():
        print(order.number, order.vendor, order.total_excl_tax)

Everything is loaded when it is first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anyerp.connection import (
        AsyncCollection,
        AsyncConnection,
        Changed,
        Check,
        Collection,
        Connection,
        Done,
        NotSent,
        Page,
        Plan,
        RecordOutcome,
        Report,
        aconnect,
        connect,
    )
    from anyerp.errors import (
        AnyErpError,
        AuthError,
        ConfigError,
        Conflict,
        CredentialsRejected,
        InvalidCursor,
        InvalidRecord,
        MappingError,
        Native,
        NotFound,
        NotRepresentable,
        NotSupported,
        OutcomeUnknown,
        PermissionDenied,
        Problem,
        RateLimited,
        ReauthorizationRequired,
        Unavailable,
        UnexpectedPayload,
        UnknownConnector,
    )
    from anyerp.model import (
        Address,
        Company,
        Customer,
        GoodsReceipt,
        GoodsReceiptLine,
        Item,
        Location,
        PaymentTerm,
        PurchaseOrder,
        PurchaseOrderLine,
        Record,
        Ref,
        SalesOrder,
        SalesOrderLine,
        StockLevel,
        Unit,
        Vendor,
        VendorInvoice,
        VendorInvoiceLine,
    )

__version__ = "0.1.0"

__all__ = [
    "Address",
    "AnyErpError",
    "AsyncCollection",
    "AsyncConnection",
    "AuthError",
    "Changed",
    "Check",
    "Collection",
    "Company",
    "ConfigError",
    "Conflict",
    "Connection",
    "CredentialsRejected",
    "Customer",
    "Done",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "InvalidCursor",
    "InvalidRecord",
    "Item",
    "Location",
    "MappingError",
    "Native",
    "NotFound",
    "NotRepresentable",
    "NotSent",
    "NotSupported",
    "OutcomeUnknown",
    "Page",
    "PaymentTerm",
    "PermissionDenied",
    "Plan",
    "Problem",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "RateLimited",
    "ReauthorizationRequired",
    "Record",
    "RecordOutcome",
    "Ref",
    "Report",
    "SalesOrder",
    "SalesOrderLine",
    "StockLevel",
    "Unavailable",
    "UnexpectedPayload",
    "Unit",
    "UnknownConnector",
    "Vendor",
    "VendorInvoice",
    "VendorInvoiceLine",
    "__version__",
    "aconnect",
    "connect",
]

_WHERE = {
    "anyerp.connection": (
        "AsyncCollection",
        "AsyncConnection",
        "Changed",
        "Check",
        "Collection",
        "Connection",
        "Done",
        "NotSent",
        "Page",
        "Plan",
        "RecordOutcome",
        "Report",
        "aconnect",
        "connect",
    ),
    "anyerp.errors": (
        "AnyErpError",
        "AuthError",
        "ConfigError",
        "Conflict",
        "CredentialsRejected",
        "InvalidCursor",
        "InvalidRecord",
        "MappingError",
        "Native",
        "NotFound",
        "NotRepresentable",
        "NotSupported",
        "OutcomeUnknown",
        "PermissionDenied",
        "Problem",
        "RateLimited",
        "ReauthorizationRequired",
        "Unavailable",
        "UnexpectedPayload",
        "UnknownConnector",
    ),
    "anyerp.model": (
        "Address",
        "Company",
        "Customer",
        "GoodsReceipt",
        "GoodsReceiptLine",
        "Item",
        "Location",
        "PaymentTerm",
        "PurchaseOrder",
        "PurchaseOrderLine",
        "Record",
        "Ref",
        "SalesOrder",
        "SalesOrderLine",
        "StockLevel",
        "Unit",
        "Vendor",
        "VendorInvoice",
        "VendorInvoiceLine",
    ),
}
_MODULE = {name: module for module, names in _WHERE.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a public name's module when it is first asked for."""
    if name not in _MODULE:
        raise AttributeError(f"module 'anyerp' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULE[name]), name)
    return value


def __dir__() -> list[str]:
    """Every public name, loaded or not."""
    return sorted(__all__)
