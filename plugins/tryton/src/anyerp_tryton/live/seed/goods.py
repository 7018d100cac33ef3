"""What is bought and sold, and where it goes: products in several units, with and without tax, warehouses."""

from decimal import Decimal

from ..rpc import Rpc

# code, name, unit, cost price (four decimals is Tryton's default), kind, taxed
PRODUCTS = (
    ("BOLT-M8", "Bolt M8x40", "Unit", "0.1250", "goods", True),
    ("GEARBOX", "Gearbox 1:20", "Unit", "149.90", "goods", True),
    ("STEEL-ROD", "Steel rod Ø12", "Kilogram", "3.4567", "goods", False),
    ("HOSE-19", "Suction hose 19 mm", "Meter", "7.2500", "goods", True),
    ("COOLANT", "Coolant concentrate", "Liter", "4.8000", "goods", False),
    ("CALIBRATION", "Calibration on site", "Hour", "85.00", "service", False),
)
TAXED = frozenset(row[0] for row in PRODUCTS if row[5])


def products(rpc: Rpc, accounts: dict[str, int], tax: int) -> tuple[dict[str, int], dict[str, int]]:
    """Ids of the products by code, and of the units they are kept in by English name."""
    names = sorted({row[2] for row in PRODUCTS})
    units = {name: rpc.one("product.uom", [["name", "=", name]]) for name in names}
    # An invoice line whose taxes differ from its product's raises a warning, so the tax sits on the category.
    shared = {"accounting": True, "account_expense": accounts["expense"], "account_revenue": accounts["revenue"]}
    taxed, free = rpc.create(
        "product.category",
        {**shared, "name": "With tax", **{f"{whose}_taxes": [["add", [tax]]] for whose in ("supplier", "customer")}},
        {**shared, "name": "Without tax"},
    )
    made = rpc.create(
        "product.template",
        *(
            {
                "name": name,
                "code": code,
                "type": kind,
                "default_uom": units[unit],
                "purchasable": True,
                "purchase_uom": units[unit],
                "salable": True,
                "sale_uom": units[unit],
                "list_price": Decimal(price) * 2,
                "cost_price_method": "fixed",
                "account_category": taxed if code in TAXED else free,
                "products": [["create", [{"cost_price": Decimal(price)}]]],
            }
            for code, name, unit, price, kind, _taxed in PRODUCTS
        ),
    )
    variants = {row["id"]: row["products"][0] for row in rpc.read("product.template", made, "products")}
    return {row[0]: variants[id_] for row, id_ in zip(PRODUCTS, made, strict=True)}, units


def warehouses(rpc: Rpc) -> dict[str, int]:
    """Ids of two warehouses by code: the one that Tryton brings, and one more with its own three zones."""
    first = rpc.one("stock.location", [["type", "=", "warehouse"]])
    stock, arriving, leaving = rpc.create(
        "stock.location",
        {"name": "Quay storage", "code": "QUAY-STO", "type": "storage"},
        {"name": "Quay input", "code": "QUAY-IN", "type": "storage"},
        {"name": "Quay output", "code": "QUAY-OUT", "type": "storage"},
    )
    (second,) = rpc.create(
        "stock.location",
        {
            "name": "Quay",
            "code": "QUAY",
            "type": "warehouse",
            "storage_location": stock,
            "input_location": arriving,
            "output_location": leaving,
        },
    )
    rpc.write("stock.location", [stock, arriving, leaving], {"parent": second})
    return {"WH": first, "QUAY": second}
