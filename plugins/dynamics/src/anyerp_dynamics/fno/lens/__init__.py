"""Lenses of Finance and Supply Chain Management: one table for each resource."""
