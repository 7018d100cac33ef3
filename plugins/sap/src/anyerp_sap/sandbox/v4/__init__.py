"""The V4 service of purchase orders in the S/4 sandbox, over the rows that its V2 services have."""
