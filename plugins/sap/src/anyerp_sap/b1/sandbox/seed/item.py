"""Items: by the piece and by the box, by free text, by the metre, by batch, a service, one frozen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from anyerp_sap.b1.sandbox.rules import master, stock
from anyerp_sap.b1.sandbox.seed.organisation import START
from anyerp_sap.b1.sandbox.world import World

_PIECES: dict[str, Any] = {"UoMGroupEntry": 1, "InventoryUoMEntry": 1, "InventoryUOM": "PC"}
_ITEMS: tuple[dict[str, Any], ...] = (
    {"ItemCode": "A1000", "ItemName": "Ampoule LED E27 7 W", "price": "3.9", **_PIECES, "DefaultPurchasingUoMEntry": 2},
    {"ItemCode": "A1001", "ItemName": "Projecteur Fresnel 1 kW", "price": "412.5", **_PIECES},
    {"ItemCode": "A1002", "ItemName": "Lentille ⌀ 150 mm", "price": "58.75", **_PIECES, "SupplierCatalogNo": "L-150/7"},
    {"ItemCode": "A2000", "ItemName": "Câble H07RN-F 3G2,5", "price": "1.234567", "UoMGroupEntry": 2},
    {
        "ItemCode": "A3000",
        "ItemName": "Vis à tête fraisée M6 (sachet de 100)",
        "price": "0.045",
        "PurchaseUnit": "sachet",
        "PurchaseItemsPerUnit": 100,
        "InventoryUOM": "pce",
    },
    {
        "ItemCode": "A4000",
        "ItemName": "Vernis ignifuge",
        "price": "21.3",
        "PurchaseUnit": "bidon 5 L",
        "PurchaseItemsPerUnit": 5,
        "InventoryUOM": "L",
        "ManageBatchNumbers": "tYES",
    },
    {
        "ItemCode": "S9000",
        "ItemName": "Réglage sur site",
        "price": "85",
        "InventoryItem": "tNO",
        "ItemClass": "itcService",
        "PurchaseUnit": "h",
    },
    {"ItemCode": "P5000", "ItemName": "Lanterne «Été»", "price": "149", "PurchaseItem": "tNO", **_PIECES},
    {"ItemCode": "Z0001", "ItemName": "Article retiré", "price": "1", "Frozen": "tYES"},
    {"ItemCode": "O'RING/8", "ItemName": "Joint torique 8 mm", "price": "0.12", **_PIECES},
)
_STOCK = (("A1000", "01", 960), ("A1000", "LDZ", 120), ("A1001", "01", 8), ("A2000", "02", 512), ("P5000", "01", 40))


def seed_items(world: World) -> None:
    """Ten items with a price in euro, and what is in stock to begin with."""
    for place, row in enumerate(_ITEMS):
        body = {name: value for name, value in row.items() if name != "price"}
        prices = [{"PriceList": 1, "Price": row["price"], "Currency": "EUR"}]
        with world.at(START + timedelta(days=30 + place, minutes=13 * place)):
            taxes = {"PurchaseVATGroup": "C20", "SalesVATGroup": "D20", "DefaultWarehouse": "01"}
            master.create(world, "Items", {**taxes, "Mainsupplier": "V10000", "ItemPrices": prices, **body})
    for item, warehouse, quantity in _STOCK:
        stock.add(world, item, warehouse, {"InStock": Decimal(quantity)})
