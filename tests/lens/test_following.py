"""What follows another value, the number and name of a reference: not written, and not lost without it."""

from __future__ import annotations

import pytest
from anyerp.lens import Changes, Lens, Map, Nest, absent
from anyerp.lens.check import UNRULED
from anyerp.model import PurchaseOrder
from anyerp.model.base import Ref

VENDOR_OF = Lens(
    PurchaseOrder,
    (
        Nest("vendor", (Map("id", "key"), Map("number", "no", follows=True), Map("name", "title", follows=True))),
        *absent("never: for this test", *(f for f in PurchaseOrder.model_fields if f not in UNRULED | {"vendor"})),
    ),
)


def problems(written):
    return {problem.pointer: problem.message for problem in written.problems}


def test_a_value_that_follows_another_is_neither_written_nor_held_against_the_erp():
    lens = Lens(
        Ref,
        (Map("id", "Key"), *absent("never: one key", "number"), Map("name", "Name", follows=True)),
    )
    written = lens.put({"Key": "1", "Name": "Old"}, Ref(id="2", name="whatever"))
    assert (written.native, written.problems) == ({"Key": "2", "Name": "Old"}, ())


@pytest.mark.parametrize("vendor", [Ref(number="V-7"), Ref(name="Kiln"), Ref(id=None, number="V-7")])
def test_what_follows_a_value_that_is_not_given_is_refused_and_not_lost(vendor):
    created = VENDOR_OF.create(PurchaseOrder(vendor=vendor))
    changed = VENDOR_OF.put({"key": "1", "no": "V-1", "title": "Clay"}, PurchaseOrder(vendor=vendor))
    where = "/vendor/name" if vendor.name else "/vendor/number"
    for written in (created, changed):
        assert list(problems(written)) == [where]
        assert problems(written)[where].endswith("is not written by itself; give id")


def test_what_follows_a_value_may_be_repeated_without_it():
    written = VENDOR_OF.put({"key": "1", "no": "V-1"}, PurchaseOrder(vendor=Ref(number="V-1")))
    assert (written.changes, written.problems) == (Changes(), ())
