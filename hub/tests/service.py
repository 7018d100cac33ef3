"""The service as an operator starts it: `anyerp serve`, a process of its own, with S/4HANA's sandbox connected."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from anyerp.testing.sandbox import serve
from anyerp_hub import Hub
from anyerp_hub.vault import Key, Keyring
from anyerp_hub.webhook.guard import Guard
from anyerp_sap.sandbox import S4Sandbox


@dataclass
class Service:
    """Where it listens, what opens its doors, a connection to use and one to manage, and what it said."""

    base: str
    governing: str
    connected: str
    connection_id: str
    managed_id: str
    endpoint_id: str
    log: list[str] = field(default_factory=list)


@contextmanager
def service(folder: Path) -> Iterator[Service]:
    """Serve until the end of the block; its log is read as it comes."""
    sandbox, key, url = S4Sandbox(), Key.new(), f"sqlite:///{folder / 'service.db'}"
    with serve(sandbox) as erp:
        with Hub(url, keys=Keyring(key), guard=Guard(allow=("127.0.0.0/8",), plain=True)) as hub:
            made, managed = (
                hub.connect("sap-s4hana", settings=sandbox.settings(erp), credentials=sandbox.credentials)
                for _ in range(2)
            )
            governing = hub.tokens.issue().secret
            endpoint = hub.webhooks.add("http://127.0.0.1:9/").endpoint  # the service's own guard opens no socket to it
        command = [str(Path(sys.executable).with_name("anyerp")), "serve", "--database", url, "--port", "0"]
        environment = {**os.environ, "ANYERP_HUB_KEYS": key.text(), "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        log: list[str] = []
        address = re.compile(r"running on (http://[\d.:]+)")
        reader = threading.Thread(target=log.extend, args=[process.stderr], daemon=True)
        try:
            for line in process.stderr:
                log.append(line)
                if found := address.search(line):
                    break
            else:
                raise AssertionError("".join(log))
            reader.start()
            yield Service(found[1], governing, made.token, made.id, managed.id, endpoint.id, log)
        finally:
            process.terminate()
            process.wait(20)
            if reader.ident is not None:
                reader.join(20)
            process.stderr.close()
