"""Purchase orders by OData V4 (CE_PURCHASEORDER_0001), in the shape that the lens of the V2 service reads."""
