"""The harness: what it promises about the Tryton that the other tests stand on."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from decimal import Decimal
from pathlib import Path

import pytest
from anyerp_tryton.live import LiveError, Prepared, RpcError, Server, User, prepare, serve
from anyerp_tryton.live.process import Guarded, run
from anyerp_tryton.live.seed import OUTCOME
from anyerp_tryton.live.seed.orders import STAGES
from anyerp_tryton.live.store import built, locked

pytestmark = pytest.mark.live

PURCHASE = "purchase.purchase"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone_within(seconds: float, pid: int) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


def python(script: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]


# What is in it


def test_every_stage_of_a_purchase_is_there_ten_times(tryton: Server) -> None:
    rpc = tryton.rpc()
    fields = ("state", "shipment_state", "invoice_state")
    for stage in STAGES:
        rows = rpc.read(PURCHASE, tryton.seeds.purchases[stage], *fields)
        assert len(rows) == STAGES[stage]
        assert {tuple(row[name] for name in fields) for row in rows} == {OUTCOME[stage]}
    assert len(rpc.ids(PURCHASE, [])) == sum(STAGES.values())


def test_a_partly_received_line_has_moves_done_and_moves_to_come(tryton: Server) -> None:
    lines = tryton.rpc().call(
        "model.purchase.line.search_read",
        [["purchase", "in", tryton.seeds.purchases["partly_received"]], ["product", "!=", None]],
        0,
        None,
        None,
        ["quantity", "moves.quantity", "moves.state"],
    )
    assert lines
    for line in lines:
        done = sum(move["quantity"] for move in line["moves."] if move["state"] == "done")
        assert 0 < done < line["quantity"] == sum(move["quantity"] for move in line["moves."])


def test_amounts_have_the_decimals_of_their_currency(tryton: Server) -> None:
    rows = tryton.rpc().call(
        f"model.{PURCHASE}.search_read", [], 0, None, None, ["total_amount", "currency.code", "currency.digits"]
    )
    assert {row["currency."]["code"] for row in rows} == {"USD", "EUR", "JPY", "KWD"}
    for row in rows:
        assert row["total_amount"] == row["total_amount"].quantize(Decimal(1).scaleb(-row["currency."]["digits"]))


def test_lines_come_with_a_product_without_one_and_as_mere_text(tryton: Server) -> None:
    rows = tryton.rpc().call(
        "model.purchase.line.search_read", [], 0, None, None, ["type", "product", "description", "delivery_date"]
    )
    assert any(row["type"] == "comment" and row["description"] for row in rows)
    assert any(row["type"] == "line" and not row["product"] and row["description"] for row in rows)
    assert any(row["type"] == "line" and row["product"] and row["delivery_date"] for row in rows)


def test_names_outside_ascii_survive(tryton: Server) -> None:
    names = {row["name"] for row in tryton.rpc().read("party.party", list(tryton.seeds.suppliers.values()), "name")}
    assert {"Ødegård Stål AS", "東京ポンプ株式会社"} <= names


# Who may do what


def test_the_reader_sees_the_purchases_and_is_refused_when_writing(tryton: Server) -> None:
    reader = tryton.rpc(tryton.reader)
    (draft, *_) = tryton.seeds.purchases["draft"]
    assert len(reader.ids(PURCHASE, [])) == sum(STAGES.values())
    for attempt in (
        lambda: reader.write(PURCHASE, [draft], {"reference": "mine"}),
        lambda: reader.create(PURCHASE, {"party": tryton.seeds.suppliers["V-1001"]}),
        lambda: reader.click(PURCHASE, "quote", [draft]),
        lambda: reader.call(f"model.{PURCHASE}.delete", [draft]),
    ):
        with pytest.raises(RpcError, match="not allowed to access") as refusal:
            attempt()
        assert refusal.value.kind == "UserError"
    assert tryton.rpc().read(PURCHASE, [draft], "reference")[0]["reference"] == "DRAFT-1"


def test_a_wrong_password_is_refused(fresh_tryton: Server) -> None:
    # not on the shared server: each failure slows that user's next logins down (wire.md section 2)
    wrong = User(fresh_tryton.admin.login, "not the password")
    with pytest.raises(RpcError) as refusal:
        fresh_tryton.rpc(wrong)
    assert refusal.value.status == 401


def test_the_rest_key_opens_the_rest_door(tryton: Server) -> None:
    url = f"{tryton.base_url}/{tryton.database}/rest/model/{PURCHASE}?s=3&f=reference"
    headers = {"Authorization": f"Bearer {tryton.credentials.rest_key}"}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        assert len(json.load(answer)) == 3


def test_no_password_is_shown_or_put_on_a_command_line(tryton: Server) -> None:
    secrets = {tryton.admin.password, tryton.reader.password, tryton.credentials.rest_key}
    assert all(len(secret) > 16 for secret in secrets)
    shown = [repr(tryton), str(tryton.credentials), tryton.log.read_text(errors="replace")]
    listing = subprocess.run(["ps", "-ww", "-e", "-o", "args="], capture_output=True, text=True, check=True)
    assert "trytond" in listing.stdout
    for text in (*shown, listing.stdout):
        assert not any(secret in text for secret in secrets)


# Apart and gone


def test_two_servers_of_one_preparation_do_not_see_each_others_writes(prepared: Prepared) -> None:
    with serve(prepared) as one, serve(prepared) as other:
        (draft, *_) = one.seeds.purchases["draft"]
        one.rpc().write(PURCHASE, [draft], {"reference": "only here"})
        assert one.rpc().read(PURCHASE, [draft], "reference")[0]["reference"] == "only here"
        assert other.rpc().read(PURCHASE, [draft], "reference")[0]["reference"] == "DRAFT-1"
    with serve(prepared) as later:
        assert later.rpc().read(PURCHASE, [draft], "reference")[0]["reference"] == "DRAFT-1"


def test_a_fresh_server_takes_an_order_to_confirmation(fresh_tryton: Server) -> None:
    rpc = fresh_tryton.rpc()
    orders = fresh_tryton.seeds.purchases["draft"][:1]
    rpc.click(PURCHASE, "quote", orders)
    rpc.click(PURCHASE, "confirm", orders)
    (row,) = rpc.read(PURCHASE, orders, "state", "number")
    assert row["state"] == "processing"
    assert row["number"]


def test_stopping_leaves_no_process_no_port_and_no_copy(prepared: Prepared) -> None:
    with serve(prepared) as server:
        port = int(server.base_url.rsplit(":", 1)[1])
        assert alive(server.pid)
    assert not alive(server.pid)
    assert not server.log.parent.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def test_the_server_dies_with_a_killed_parent(prepared: Prepared) -> None:
    script = """
        import sys, time
        from pathlib import Path
        from anyerp_tryton.live import Prepared, serve
        with serve(Prepared(Path(sys.argv[1]), Path(sys.argv[2]))) as server:
            print(server.pid, server.log.parent, flush=True)
            time.sleep(60)
    """
    with subprocess.Popen(python(script, prepared.environment, prepared.folder), stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid, folder = parent.stdout.readline().decode().split()
        assert alive(int(pid))
        parent.kill()
    assert gone_within(10, int(pid))
    # nobody is left to clear the killed process's copy
    for leftover in Path(folder).iterdir():
        leftover.unlink()
    Path(folder).rmdir()


def test_a_command_that_will_not_end_is_made_to(tmp_path: Path) -> None:
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    log = tmp_path / "log"
    with Guarded([sys.executable, "-c", script], log) as process:
        while "deaf" not in log.read_text():
            time.sleep(0.05)
    assert not alive(process.pid)


def test_a_taken_port_is_said_so(tryton: Server, prepared: Prepared) -> None:
    port = int(tryton.base_url.rsplit(":", 1)[1])
    with pytest.raises(LiveError, match=f"port {port} .* in use"), serve(prepared, port):
        pass


def test_a_tryton_that_cannot_start_says_why(prepared: Prepared, tmp_path: Path) -> None:
    for name in ("credentials.json", "seeds.json"):
        (tmp_path / name).write_bytes((prepared.folder / name).read_bytes())
    (tmp_path / prepared.database.name).write_text("no database")
    with (
        pytest.raises(LiveError, match=r"Tryton did not start(?s:.*)file is not a database"),
        serve(Prepared(prepared.environment, tmp_path)),
    ):
        pass


def test_the_command_line_serves_until_told_to_stop(prepared: Prepared) -> None:
    command = [sys.executable, "-m", "anyerp_tryton.live", "--dir", str(prepared.folder.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        text = ""
        while not text.endswith("\n}\n"):
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            text += line
        facts = json.loads(text)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert facts["seeds"]["purchases"].keys() == set(STAGES)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(facts["base_url"].rsplit(":", 1)[1])), timeout=2)


# Built once


def test_what_is_prepared_is_not_prepared_again(prepared: Prepared) -> None:
    said: list[object] = []
    assert prepare(prepared.folder.parent, lambda *step: said.append(step)) == prepared
    assert said == []


def test_processes_that_start_together_build_once(tmp_path: Path) -> None:
    script = """
        import sys, time
        from pathlib import Path
        from anyerp_tryton.live.store import built, locked
        cache = Path(sys.argv[1])
        def build(folder):
            with (cache / "builds").open("a") as builds:
                builds.write("x")
            time.sleep(0.5)
            (folder / "whole").touch()
        with locked(cache, lambda waited: None):
            built(cache / "thing", build)
        assert (cache / "thing" / "whole").exists()
    """
    together = [subprocess.Popen(python(script, tmp_path)) for _ in range(3)]
    assert [process.wait(30) for process in together] == [0, 0, 0]
    assert (tmp_path / "builds").read_text() == "x"


def test_a_build_that_was_cut_short_is_begun_again(tmp_path: Path) -> None:
    def dies(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), locked(tmp_path, lambda _waited: None):
        built(tmp_path / "thing", dies)
    assert not (tmp_path / "thing").exists()
    with locked(tmp_path, lambda _waited: None):
        made = built(tmp_path / "thing", lambda folder: (folder / "whole").touch())
    assert [path.name for path in made.iterdir()] == ["whole"]


def test_a_lock_held_elsewhere_is_waited_for_and_said_so(tmp_path: Path) -> None:
    waits: list[float] = []
    with locked(tmp_path, waits.append), pytest.raises(LiveError, match="has held"):  # noqa: SIM117
        with locked(tmp_path, waits.append, timeout=0.6):
            pass
    assert waits


def test_a_failed_step_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    script = "print('long before'); print('\\n' * 100); print('no such module'); raise SystemExit(3)"
    with pytest.raises(LiveError) as failure:
        run("creating the database", [sys.executable, "-c", script], tmp_path / "log")
    message = str(failure.value)
    assert message.startswith("creating the database: exit status 3\n")
    assert "no such module" in message
    assert "long before" not in message


def test_a_step_that_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(LiveError, match="not finished after 1 s"):
        run("waiting", [sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log", timeout=1)
