"""Errors of Business Central, and logging on to it (dynamics sheet §2.1, §2.5, §2.6)."""

from __future__ import annotations

import pytest
from anyerp import PurchaseOrder, Ref, Vendor
from anyerp.errors import (
    ConfigError,
    Conflict,
    CredentialsRejected,
    InvalidRecord,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Unavailable,
)
from anyerp.testing.sandbox import Once, answer_with
from anyerp.wire import Headers, Response, dump_json


def said(status, code, text="Something."):
    message = f"{text}  CorrelationId:  12345678-0000-4000-8000-123456789abc."
    body = dump_json({"error": {"code": code, "message": message}})
    return answer_with(Response(status, Headers({"content-type": "application/json; odata.metadata=minimal"}), body))


def writing(call):
    return call.method == "POST" and b"vendorNumber" in call.content


def reading(call):
    return call.method == "GET" and "purchaseOrders" in call.target


def test_a_business_rule_is_told_in_its_words_without_the_trailer(erp, say):
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(say.order(vendor=Ref(number="90000")), key="k")
    error = caught.value
    assert error.message == "You cannot create this type of document when Vendor 90000 is blocked with type All"
    assert error.problems[0].native.code == "Application_DialogException"
    assert error.request_id.startswith("00000000-0000-4000-8000-")


def test_a_vendor_that_is_missing_names_its_field(erp, say):
    with pytest.raises(InvalidRecord, match='"vendorNumber" or a "vendorId" must be provided') as caught:
        erp.purchase_orders.create(say.order(vendor=None), key="k")
    assert caught.value.problems[0].native.field == "vendorNumber"


def test_409_for_a_key_that_is_taken_is_a_refusal_and_no_conflict(erp):
    with pytest.raises(InvalidRecord) as caught:
        erp.vendors.create(Vendor(number="10000", name="Another Fabrikam"))
    assert not isinstance(caught.value, Conflict)
    assert (caught.value.status, caught.value.problems[0].code) == (409, "duplicate")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, "Application_TooManyRequests", RateLimited),
        (503, "Internal_ServerError", Unavailable),
        (504, "Unknown", Unavailable),
        (408, "Unknown", Unavailable),
        (400, "Internal_TenantUnavailable", Unavailable),
        (413, "Unknown", Unavailable),
        (400, "Application_FilterErrorException", InvalidRecord),
    ],
)
def test_a_read_is_told_what_stands_in_the_way(place, erp, status, code, kind):
    place.sandbox.faults.append(Once(said(status, code), when=reading, times=99))
    with pytest.raises(kind) as caught:
        list(erp.purchase_orders.list())
    assert caught.value.request_id == "12345678-0000-4000-8000-123456789abc"
    assert "CorrelationId" not in str(caught.value)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_write_that_was_given_up_may_have_been_done(place, erp, say, status):
    place.sandbox.faults.append(Once(said(status, "Unknown"), when=writing))
    with pytest.raises(OutcomeUnknown, match=r"gave the operation up|Something"):
        erp.purchase_orders.create(say.order())
    assert len(place.calls("POST", "purchaseOrders")) == 1


def test_a_write_that_was_given_up_after_it_was_done_is_found_by_its_key(place, erp, say):
    def late(call, proceed):
        proceed()
        return said(408, "Unknown")(call, proceed)

    place.sandbox.faults.append(Once(late, when=writing))
    assert erp.purchase_orders.create(say.order(), key="k").settled == "look"


@pytest.mark.parametrize(
    ("entity_set", "resource", "words"),
    [("purchaseOrders", "purchase_orders", "read Purchase Orders"), ("vendors", "vendors", "TableData 23 Vendor Read")],
)
def test_a_missing_permission_is_one_whether_it_comes_as_400_or_403(place, erp, entity_set, resource, words):
    place.sandbox.revoke(entity_set, "Read")
    with pytest.raises(PermissionDenied, match=words) as caught:
        list(erp.collection(resource).list())
    assert "permission set" in caught.value.hint


def test_an_application_that_business_central_does_not_know_is_told_where_to_register(place, erp):
    place.sandbox.gate.registered.clear()
    with pytest.raises(CredentialsRejected) as caught:
        list(erp.purchase_orders.list())
    assert "Microsoft Entra Applications" in caught.value.hint


def test_an_expired_token_is_fetched_anew_once(place, erp):
    list(erp.purchase_orders.list())
    place.sandbox.expire_sessions()
    assert list(erp.purchase_orders.list())
    assert place.traffic.logins == 2


def test_every_call_fixes_the_language_of_errors(make, say):
    place = make(language="de-DE")
    with place.connect() as erp, pytest.raises(InvalidRecord, match="You cannot create"):
        erp.purchase_orders.create(say.order(vendor=Ref(number="90000")), key="k")


def test_a_wrong_environment_is_a_matter_of_configuration(place):
    with place.connect(environment="Sandbox") as erp, pytest.raises(ConfigError, match="no environment 'Sandbox'"):
        list(erp.purchase_orders.list())


def test_a_wrong_company_is_told_with_those_that_there_are(place):
    with place.connect(company="Contoso") as erp, pytest.raises(ConfigError, match="no company 'Contoso'") as caught:
        list(erp.purchase_orders.list())
    assert "CRONUS USA, Inc." in caught.value.hint


def test_a_company_is_chosen_by_name_or_id_and_keeps_to_itself(place):
    _, second, *_ = (place.sandbox.company(id) for id in place.sandbox.companies)
    found = []
    for chosen in (second.id, second.name, second.name.lower()):
        with place.connect(company=chosen) as erp:
            found.append([order.company.id for order in erp.purchase_orders.list()])
    assert found[0] == found[1] == found[2]
    assert set(found[0]) <= {second.id}


def test_the_company_is_looked_up_once_for_a_connection(place, erp):
    for _ in range(3):
        list(erp.purchase_orders.list())
    assert len([call for call in place.calls("GET") if call.target.partition("?")[0].endswith("/companies")]) == 1


def test_settings_refuse_an_api_that_is_none(place):
    with pytest.raises(ConfigError):
        place.connect(order_api="../admin")


def test_a_version_of_yesterday_is_a_conflict_before_anything_is_sent(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    place.sandbox.touch(made.number, purchaser="RL")
    with pytest.raises(Conflict):
        erp.purchase_orders.update(PurchaseOrder(id=made.id, version=made.version, buyer=Ref(number="JO")))
    assert not place.calls("PATCH")
