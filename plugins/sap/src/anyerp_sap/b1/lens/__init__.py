"""The tables of Business One."""
