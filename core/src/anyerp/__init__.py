"""One data model and one set of calls for every ERP."""
