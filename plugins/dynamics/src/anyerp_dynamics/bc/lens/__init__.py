"""The tables of Business Central's resources."""
