"""What lists leave out: told by native paths, for fields, nested values, lines and what is computed."""

from __future__ import annotations

from anyerp.lens import Derived, Each, Join, Map, Nest, integer, text
from anyerp.lens.codec import Codec
from anyerp.lens.coverage import GET_ONLY, coverage, left_out

RULES = (
    Map("number", "No", text()),
    Map("notes", "Notes", text()),
    Join("name", ("First", "Last"), Codec("pair", decode=" ".join, native=(str, str))),
    Nest("ship_to", (Map("city", "City", text()), Map("postal_code", "Zip", text())), at="Address"),
    Each("lines", "Items", (Map("number", "No", integer()), Map("tax_code", "Tax", text())), key=("number", "No")),
    Derived("length", len, uses=("notes",)),
    Derived("weight", float, native=(("Kilos", text()),)),
)
ROWS = {"No", "First", "Address/City", "Items/*/No"}


def _covered():
    return coverage(RULES, ROWS.__contains__)


def test_a_field_is_listed_if_every_path_that_it_is_made_of_is():
    assert {one.field for one in _covered() if not one.listed} == {
        *("notes", "name", "ship_to.postal_code", "lines.tax_code", "length", "weight")
    }  # fmt: skip


def test_who_reads_the_table_is_told():
    assert {one.because for one in _covered() if not one.listed} == {GET_ONLY}


def test_without_a_word_about_it_lists_have_everything():
    assert all(one.listed for one in coverage(RULES))


def test_what_is_partly_listed_may_be_asked_for():
    assert left_out(_covered(), ["number", "ship_to", "lines", "lines.number"]) == ()
    assert left_out(_covered(), ["lines.tax_code", "notes", "no such field"]) == ("lines.tax_code", "notes")
