"""Items: ReleasedProductsV2 of one company, and the ProductsV2 of all companies behind them (dynamics sheet §1.11).

The released product has no name: name and description are put into the native record from the shared product, and
`@anyerp.version` is made of the etags of both.
"""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import Derived, Lens, Map, absent, choice, text
from anyerp.model import Item

from anyerp_dynamics.fno.codec import number, positive
from anyerp_dynamics.fno.lens.master import NO_EXTRA
from anyerp_dynamics.fno.unit import unit

NAME, DESCRIPTION, VERSION = "@anyerp.name", "@anyerp.description", "@anyerp.version"
#: What stands in the shared product, by the names under which the record holds it.
SHARED = {NAME: "ProductName", DESCRIPTION: "ProductDescription"}


def _of_one(amount: Decimal | None, per: Decimal | None) -> Decimal | None:
    """A price of one unit from one of several; 0 for so many means one."""
    return amount if amount is None or not per or per == 1 else amount / per


ITEM = Lens(Item, (
    Map("id", "ItemNumber", text(20), read_only=True),
    Map("number", "ItemNumber", text(20), create_only=True),
    Map("version", VERSION, text(), read_only=True),
    # The released product has no name: these two come from the product that all companies share.
    Map("name", NAME, text(60)),
    Map("description", DESCRIPTION, text(1000, empty="")),
    Map("kind", "ProductType", choice({"Item": "goods", "Service": "service"}, otherwise="other"), create_only=True,
        native="native_kind"),
    Map("unit", "InventoryUnitSymbol", unit(), native="native_unit"),
    Map("purchase_unit", "PurchaseUnitSymbol", unit(), native="native_purchase_unit"),
    Map("group", "ProductGroupId", text(10, empty="")),
    Derived("cost", _of_one, native=(("UnitCost", number()), ("UnitCostQuantity", number()))),
    Derived("price", _of_one, native=(("SalesPrice", number()), ("SalesPriceQuantity", number()))),
    Map("net_weight", "NetProductWeight", positive()),
    Map("extra.ItemModelGroupId", "ItemModelGroupId", text(10, empty=""), create_only=True),
    Map("extra.SearchName", "SearchName", text(20), read_only=True),
    Map("extra.ProductNumber", "ProductNumber", text(70), read_only=True),
    Map("extra.PrimaryVendorAccountNumber", "PrimaryVendorAccountNumber", text(20), read_only=True),
    Map("extra.ProductLifecycleStateId", "ProductLifecycleStateId", text(20), read_only=True),
    *absent("upstream: what an item is stopped for stands in its order settings, which this data entity does not have",
            "status", "native_status", "purchasable"),
    *absent("upstream: bar codes are in a set of their own, several for an item", "gtin"),
    *absent("upstream: prices are in the currency of the company's ledger, which this data entity does not have",
            "currency"),
    *absent("never: the ERP adds the tare to the net weight only when it packs", "gross_weight"),
    *absent("never: the unit of weights is one parameter of the whole environment", "weight_unit"),
    *NO_EXTRA,
))  # fmt: skip
