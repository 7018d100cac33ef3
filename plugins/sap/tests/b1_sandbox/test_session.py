"""Logging in, staying in, and being thrown out (sap sheet §13, Session)."""

import pytest
from anyerp.wire import Response


def code(answer: Response) -> tuple[int, str]:
    return answer.status, str(answer.json()["error"]["code"])


def test_a_log_in_gives_a_session_and_two_cookies(connect):
    client = connect()
    answer = client.login()
    assert answer.json()["SessionTimeout"] == 30
    assert answer.json()["SessionId"] == client.cookies["B1SESSION"]
    assert client.cookies["ROUTEID"] == ".node1"
    assert all("path=/b1s" in cookie for cookie in answer.headers.all("set-cookie"))


def test_without_a_session_everything_is_401_and_code_301_told_the_old_way_in_both_versions(connect):
    for version in ("v1", "v2"):
        client = connect(version)
        client.cookies.clear()
        answer = client.send("GET", "Items")
        assert answer.status == 401
        message = {"lang": "en-us", "value": "Invalid session or session already timeout."}
        assert answer.json() == {"error": {"code": 301, "message": message}}


def test_dropping_the_cookies_of_the_log_in_is_being_logged_out(erp):
    session = erp.cookies.pop("B1SESSION")
    assert code(erp.send("GET", "Items")) == (401, "301")
    erp.cookies["B1SESSION"] = session
    assert erp.send("GET", "Items").status == 200


def test_an_idle_session_ends_and_a_used_one_does_not(connect, clock):
    client = connect(now=clock)
    for _ in range(3):
        clock.pass_by(minutes=29)
        assert client.send("GET", "Warehouses").status == 200
    clock.pass_by(minutes=31)
    assert code(client.send("GET", "Warehouses")) == (401, "301")
    client.login()
    assert client.send("GET", "Warehouses").status == 200


def test_the_timeout_is_the_companys_to_set(connect, clock):
    client = connect(now=clock, session_timeout=5)
    assert client.login().json()["SessionTimeout"] == 5
    clock.pass_by(minutes=6)
    assert code(client.send("GET", "Warehouses")) == (401, "301")


def test_logging_out_frees_the_session(erp):
    assert erp.send("POST", "Logout").status == 204
    assert code(erp.send("GET", "Items")) == (401, "301")
    assert code(erp.send("POST", "Logout")) == (401, "301")


@pytest.mark.parametrize("wrong", [{"Password": "x"}, {"UserName": "nobody"}, {"CompanyDB": "OTHER"}])
def test_wrong_credentials_are_refused_without_a_cookie(erp, wrong):
    erp.cookies.clear()
    assert erp.login(**wrong).status == 401
    assert erp.cookies == {}


def test_licences_run_out_until_somebody_logs_out(connect):
    client = connect(session_limit=2)
    first = dict(client.cookies)
    assert client.login().status == 200
    assert code(client.login()) == (500, "305")
    client.cookies = first
    assert client.send("POST", "Logout").status == 204
    assert client.login().status == 200


def test_without_routeid_a_request_lands_on_a_node_that_does_not_know_the_session(connect):
    client = connect(nodes=2)
    assert [client.send("GET", "Warehouses").status for _ in range(4)] == [200] * 4
    del client.cookies["ROUTEID"]
    assert {client.send("GET", "Warehouses").status for _ in range(4)} == {200, 401}


def test_basic_authentication_opens_nothing(erp):
    erp.cookies.clear()
    assert erp.send("GET", "Items", headers={"Authorization": "Basic bWFuYWdlcjp4"}).status == 401


def test_rotated_credentials_end_every_session(erp):
    old = dict(erp.sandbox.credentials)
    erp.sandbox.rotate_credentials()
    assert code(erp.send("GET", "Items")) == (401, "301")
    assert erp.login(Password=old["password"]).status == 401
    assert erp.login().status == 200


def test_expired_sessions_need_a_new_log_in(erp):
    erp.sandbox.expire_sessions()
    assert code(erp.send("GET", "Items")) == (401, "301")
    assert erp.login().status == 200
    assert erp.send("GET", "Items").status == 200


def test_a_path_outside_the_service_is_the_web_servers_page(erp):
    answer = erp.send("GET", "/sap/opu/odata")
    assert (answer.status, answer.media_type) == (404, "text/html")
