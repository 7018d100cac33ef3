"""Beginning a connector: a new plugin that is green at birth, and a lens proposed from an ERP's own metadata."""
