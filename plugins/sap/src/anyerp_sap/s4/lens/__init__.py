"""The lenses of S/4HANA: each file reads like a table (sap sheet §12)."""
