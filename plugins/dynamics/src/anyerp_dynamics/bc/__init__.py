"""Business Central through its API v2.0."""
