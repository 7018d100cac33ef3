"""Tables: what each field is in NetSuite."""
