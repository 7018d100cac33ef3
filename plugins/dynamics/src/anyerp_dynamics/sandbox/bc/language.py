"""Languages: error texts come in the caller's language, so they must not be compared (dynamics sheet §2.1)."""

from __future__ import annotations

from dataclasses import replace

from .problem import Problem

#: Own translations; the service's Danish differs in wording, not in kind.
_DANISH = {
    "Another user has already changed the record.": "En anden bruger har allerede ændret recorden.",
    'A "vendorNumber" or a "vendorId" must be provided.': 'Der skal angives "vendorNumber" eller "vendorId".',
    "The buy-from vendor cannot be found.": "Leverandøren blev ikke fundet.",
    "Item does not exist.": "Varen findes ikke.",
    "You must specify an Id or a Document Id to get the lines.": "Du skal angive et id eller et bilags-id.",
}


def spoken(problem: Problem, header: str | None, default: str) -> Problem:
    """Give a problem in the language of `Accept-Language`, or of the user; English where there is no translation."""
    wanted = (header or default).split(",")[0].split(";")[0].strip().lower()
    if not wanted.startswith("da"):
        return problem
    return replace(problem, message=_DANISH.get(problem.message, problem.message))
