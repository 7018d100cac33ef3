"""The business rules of every set that can be written."""

from __future__ import annotations

from ..document import DOCUMENTS
from .dimension import DIMENSIONS
from .draft import Draft, Rules
from .header import header_rules
from .line import line_rules
from .master import MASTERS

__all__ = ["RULES", "Draft", "Rules"]

RULES: dict[str, Rules] = {
    **MASTERS,
    **DIMENSIONS,
    **{document.set: header_rules(document) for document in DOCUMENTS.values()},
    **{document.lines: line_rules(document) for document in DOCUMENTS.values()},
}
