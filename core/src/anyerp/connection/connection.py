"""A connection: one account of one ERP, with a collection for every resource."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

from anyerp.connection.acollection import AsyncCollection
from anyerp.connection.circuit import Circuit
from anyerp.connection.collection import Collection
from anyerp.connection.cursor import Cursors
from anyerp.connection.operation import LOOKS, Operations
from anyerp.connection.result import Check
from anyerp.connection.runner import AsyncRunner, Runner
from anyerp.connection.trial import Trial
from anyerp.connector import Connector, Context, Flow, Query
from anyerp.errors import AnyErpError, ConfigError, NotSupported, Problem
from anyerp.lens import Lens, LensError, OverlayError, overlaid
from anyerp.model import (
    RESOURCES,
    Company,
    Customer,
    GoodsReceipt,
    Item,
    Location,
    PaymentTerm,
    PurchaseOrder,
    SalesOrder,
    StockLevel,
    Unit,
    Vendor,
    VendorInvoice,
)
from anyerp.model.base import Record
from anyerp.transport import AsyncTransport, Transport

R = TypeVar("R", bound=Record)


#: Custom fields by resource: rules as data (`anyerp.lens.overlay`), or a function of the lens.
Overlays = Mapping[str, Sequence[Mapping[str, Any]] | Callable[[Lens[Any]], Lens[Any]]]


def _overlaid(connector: Connector, overlays: Overlays | None) -> dict[str, Lens[Any]]:
    """The lenses that overlays change. Raises `ConfigError` with everything that is wrong in any of them."""
    lenses: dict[str, Lens[Any]] = {}
    wrong: list[Problem] = []
    for name, overlay in (overlays or {}).items():
        resource = connector.resources.get(name)
        if resource is None:
            wrong.append(Problem(f"{name}: is not offered here", f"/overlays/{name}", "config"))
            continue
        try:
            lenses[name] = overlay(resource.lens) if callable(overlay) else overlaid(resource.lens, overlay)
        except (OverlayError, LensError) as error:
            wrong += [Problem(f"{name}: {problem}", f"/overlays/{name}", "config") for problem in error.problems]
    if wrong:
        raise ConfigError("the overlays do not fit", problems=wrong, connector=connector.name)
    return lenses


class _Common:
    """What both kinds of connection know."""

    _runner: Runner | AsyncRunner

    def __init__(
        self,
        connector: Connector,
        context: Context,
        overlays: Overlays | None = None,
        cursor_key: bytes | None = None,
        looks: tuple[float, ...] = LOOKS,
    ) -> None:
        self.connector, self._context = connector, context
        self._lenses, self._cursors, self._looks = _overlaid(connector, overlays), Cursors(cursor_key), looks
        # Bound to cursors: a token of one account is none of another's.
        self._owner = hashlib.sha256(f"{connector.name}\0{context.base_url}".encode()).hexdigest()
        self._made: dict[str, Any] = {}

    @property
    def resources(self) -> tuple[str, ...]:
        """The names of what this ERP has."""
        return tuple(name for name in RESOURCES if name in self.connector.resources)

    @property
    def circuit(self) -> Circuit:
        """How the ERP is doing, as this connection sees it."""
        return self._runner.breaker.now

    def _operations(self, name: str) -> Operations[Any]:
        resource = self.connector.resources.get(name)
        if resource is None:
            raise NotSupported(
                f"{name} is not offered here", connector=self.connector.name, hint=f"it has {', '.join(self.resources)}"
            )
        return Operations(name, resource, self._context, self._lenses.get(name, resource.lens), self._looks)

    def _tries(self) -> Iterator[tuple[str, Flow[Any]]]:
        """A first page of one record for each resource that can be listed."""
        for name in self.resources:
            operations = self._operations(name)
            if operations.resource.page is not None:
                yield name, operations.resource.page(operations.context, Query(1), None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.connector.name} at {self._context.base_url}>"


class Connection(_Common):
    """A connection for a synchronous host. Close it, or use it in `with`."""

    def __init__(self, connector: Connector, context: Context, transport: Transport, **options: Any) -> None:
        super().__init__(connector, context, **options)
        self._transport = transport
        self._runner: Runner = Runner(connector, context, transport)

    def collection(self, name: str) -> Collection[Any]:
        """A resource by name. Raises `NotSupported` where this connector does not offer it."""
        if name not in self._made:
            self._made[name] = Collection(
                self._operations(name), self._runner, self._cursors, self.connector.limits.page_size, self._owner
            )
        return self._made[name]  # type: ignore[no-any-return]

    @property
    def companies(self) -> Collection[Company]:
        """Legal entities."""
        return self.collection("companies")

    @property
    def locations(self) -> Collection[Location]:
        """Sites, warehouses, storage locations."""
        return self.collection("locations")

    @property
    def vendors(self) -> Collection[Vendor]:
        """Suppliers."""
        return self.collection("vendors")

    @property
    def customers(self) -> Collection[Customer]:
        """Those whom we sell to."""
        return self.collection("customers")

    @property
    def items(self) -> Collection[Item]:
        """Materials, products, services."""
        return self.collection("items")

    @property
    def units(self) -> Collection[Unit]:
        """Units of measure."""
        return self.collection("units")

    @property
    def payment_terms(self) -> Collection[PaymentTerm]:
        """Payment terms."""
        return self.collection("payment_terms")

    @property
    def purchase_orders(self) -> Collection[PurchaseOrder]:
        """Purchase orders."""
        return self.collection("purchase_orders")

    @property
    def goods_receipts(self) -> Collection[GoodsReceipt]:
        """Goods receipts from vendors."""
        return self.collection("goods_receipts")

    @property
    def vendor_invoices(self) -> Collection[VendorInvoice]:
        """Vendors' invoices and credit memos."""
        return self.collection("vendor_invoices")

    @property
    def sales_orders(self) -> Collection[SalesOrder]:
        """Sales orders."""
        return self.collection("sales_orders")

    @property
    def stock_levels(self) -> Collection[StockLevel]:
        """Stock of items by place."""
        return self.collection("stock_levels")

    def check(self) -> list[Check]:
        """Try the address, the clock, the credentials, and the permission for each resource; raises nothing.

        What is not well says why and what to do: a name that cannot be resolved, an expired certificate, a clock that
        is off, a missing role. Rejected credentials are tried once and told of every resource, since several ERPs lock
        a user after a few failures; where the address does not answer, that alone is told.
        """
        trial = Trial(self._runner.breaker)
        for name, flow in self._tries():
            try:
                if not trial.begin():
                    break
                self._runner.run(flow, context=self._context)
            except AnyErpError as error:
                trial.failed(name, error)
            else:
                trial.passed(name)
        return trial.done()

    def close(self) -> None:
        """End the session where the ERP keeps one, and let go of sockets."""
        try:
            if self.connector.leave is not None:
                with suppress(AnyErpError):
                    self._runner.run(self.connector.leave(self._context))
        finally:
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncConnection(_Common):
    """A connection for an asynchronous host, on one event loop. Use it in `async with`."""

    def __init__(self, connector: Connector, context: Context, transport: AsyncTransport, **options: Any) -> None:
        super().__init__(connector, context, **options)
        self._transport = transport
        self._runner: AsyncRunner = AsyncRunner(connector, context, transport)

    def collection(self, name: str) -> AsyncCollection[Any]:
        """A resource by name. Raises `NotSupported` where this connector does not offer it."""
        if name not in self._made:
            self._made[name] = AsyncCollection(
                self._operations(name), self._runner, self._cursors, self.connector.limits.page_size, self._owner
            )
        return self._made[name]  # type: ignore[no-any-return]

    @property
    def companies(self) -> AsyncCollection[Company]:
        """Legal entities."""
        return self.collection("companies")

    @property
    def locations(self) -> AsyncCollection[Location]:
        """Sites, warehouses, storage locations."""
        return self.collection("locations")

    @property
    def vendors(self) -> AsyncCollection[Vendor]:
        """Suppliers."""
        return self.collection("vendors")

    @property
    def customers(self) -> AsyncCollection[Customer]:
        """Those whom we sell to."""
        return self.collection("customers")

    @property
    def items(self) -> AsyncCollection[Item]:
        """Materials, products, services."""
        return self.collection("items")

    @property
    def units(self) -> AsyncCollection[Unit]:
        """Units of measure."""
        return self.collection("units")

    @property
    def payment_terms(self) -> AsyncCollection[PaymentTerm]:
        """Payment terms."""
        return self.collection("payment_terms")

    @property
    def purchase_orders(self) -> AsyncCollection[PurchaseOrder]:
        """Purchase orders."""
        return self.collection("purchase_orders")

    @property
    def goods_receipts(self) -> AsyncCollection[GoodsReceipt]:
        """Goods receipts from vendors."""
        return self.collection("goods_receipts")

    @property
    def vendor_invoices(self) -> AsyncCollection[VendorInvoice]:
        """Vendors' invoices and credit memos."""
        return self.collection("vendor_invoices")

    @property
    def sales_orders(self) -> AsyncCollection[SalesOrder]:
        """Sales orders."""
        return self.collection("sales_orders")

    @property
    def stock_levels(self) -> AsyncCollection[StockLevel]:
        """Stock of items by place."""
        return self.collection("stock_levels")

    async def check(self) -> list[Check]:
        """Try the address, the clock, the credentials, and the permission for each resource: see `Connection.check`."""
        trial = Trial(self._runner.breaker)
        for name, flow in self._tries():
            try:
                if not trial.begin():
                    break
                await self._runner.run(flow, context=self._context)
            except AnyErpError as error:
                trial.failed(name, error)
            else:
                trial.passed(name)
        return trial.done()

    async def aclose(self) -> None:
        """End the session where the ERP keeps one, and let go of sockets."""
        try:
            if self.connector.leave is not None:
                with suppress(AnyErpError):
                    await self._runner.run(self.connector.leave(self._context))
        finally:
            await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
