"""The seed: three companies with their master data and documents, the same on every run."""

from .master import COMPANIES, fill_masters
from .order import SEEDED_AT, fill_documents, generate

__all__ = ["COMPANIES", "SEEDED_AT", "fill_documents", "fill_masters", "generate"]
