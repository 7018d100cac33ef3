"""SAP Business One, reached through its Service Layer (b1s/v2)."""
