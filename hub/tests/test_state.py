"""The state machine does what its tables say, and nothing that they do not say."""

from __future__ import annotations

import itertools

import pytest
from anyerp_hub.connection.state import HEALTH, LIFECYCLE, Health, Left, Lifecycle, Sign, health_after, step
from anyerp_hub.error import WrongState

WELL = Left()


def test_every_trigger_moves_only_from_the_states_of_its_rows():
    triggers = {trigger for trigger, _ in LIFECYCLE}
    for trigger, at in itertools.product(triggers, Lifecycle):
        if (trigger, at) in LIFECYCLE:
            assert step(trigger, at) is LIFECYCLE[trigger, at]
        else:
            with pytest.raises(WrongState, match=f"{at} cannot {trigger}"):
                step(trigger, at)


def test_every_state_can_be_reached_and_left_again():
    assert {Lifecycle.CREATED, *LIFECYCLE.values()} == set(Lifecycle)
    assert {source for _, source in LIFECYCLE} == set(Lifecycle)


def test_every_health_can_be_reached_and_every_sign_has_a_row():
    reached = {move.target for move in HEALTH} - {"rest"} | {
        Left(denied=True).rest,
        Left(ends_soon=True).rest,
        WELL.rest,
    }
    assert reached == set(Health)
    assert {move.sign for move in HEALTH} == set(Sign)


def test_one_rejected_password_is_no_reason_to_wake_anybody():
    assert health_after(Sign.CREDENTIALS_REJECTED, Health.OK, 1, WELL) is Health.OK
    assert health_after(Sign.CREDENTIALS_REJECTED, Health.OK, 2, WELL) is Health.NEEDS_REAUTH


def test_an_ended_consent_needs_no_second_proof():
    assert health_after(Sign.REAUTHORIZATION_REQUIRED, Health.OK, 1, WELL) is Health.NEEDS_REAUTH


def test_the_third_silence_in_a_row_is_unreachable():
    seen = [health_after(Sign.UNAVAILABLE, Health.OK, n, WELL) for n in (1, 2, 3)]
    assert seen == [Health.OK, Health.OK, Health.UNREACHABLE]


@pytest.mark.parametrize("sign", [Sign.UNAVAILABLE, Sign.RATE_LIMITED, Sign.PERMISSION_DENIED, Sign.ENDS_SOON])
def test_nothing_lesser_hides_that_new_credentials_are_needed(sign: Sign):
    assert health_after(sign, Health.NEEDS_REAUTH, 99, WELL) is Health.NEEDS_REAUTH


@pytest.mark.parametrize("at", list(Health))
def test_everything_recovers_when_it_works_again(at: Health):
    assert health_after(Sign.WORKED, at, 1, WELL) is Health.OK


def test_what_is_still_wrong_is_not_forgotten_when_the_rest_works():
    assert health_after(Sign.WORKED, Health.UNREACHABLE, 1, Left(denied=True)) is Health.DEGRADED
    assert health_after(Sign.WORKED, Health.UNREACHABLE, 1, Left(ends_soon=True)) is Health.EXPIRING
