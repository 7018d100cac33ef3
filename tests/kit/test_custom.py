"""The kit for an ERP's own fields: gathered when reading, exact, and refused where they are no object."""

from decimal import Decimal

import pytest
from anyerp.kits.custom import custom, gathered


def test_gathered_fields_are_read_as_they_were_with_all_digits():
    own = {"U_Price": Decimal("0.10"), "U_Tags": ["a", None], "U_Set": {"id": "1"}}
    record = gathered({"Key": "1", **own}, "custom", own)
    assert record["Key"] == "1"
    assert custom().decode(record["custom"]) == own
    assert str(custom().decode(record["custom"])["U_Price"]) == "0.10"


def test_a_record_without_any_has_no_such_path():
    assert gathered({"Key": "1"}, "custom", {}) == {"Key": "1"}
    assert custom().decode("{}") is None


@pytest.mark.parametrize("text", ["[1]", "1", "not JSON"])
def test_text_that_is_no_object_is_refused(text):
    with pytest.raises(ValueError, match=r"object|JSON"):
        custom().decode(text)
