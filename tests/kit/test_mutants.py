"""Every law can fail: each has mutants of a connector that keeps it, and catches them by name."""

import pytest
from acme_mutants import MUTANTS, Mutant
from anyerp.testing.check import judged, subject_of
from anyerp.testing.contract import LAWS


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_the_law_catches_the_mutant(mutant: Mutant) -> None:
    with mutant.around():
        result = judged(subject_of(mutant.connector, entry=mutant.entry), LAWS[mutant.law], mutant.resource)
    assert result.outcome == "failed", f"{mutant} escaped: {result.outcome} {result.detail}"
    assert mutant.saying in result.detail
    assert result.detail.splitlines()[-1].startswith("Reproduce with: ")


def test_no_law_is_without_a_mutant() -> None:
    assert set(LAWS) == {mutant.law for mutant in MUTANTS}
