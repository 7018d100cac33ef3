"""What processes of the hub are sent to do at the same time, many threads each; what came of it goes to a file."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from anyerp.errors import AnyErpError
from anyerp_hub import Hub
from sample import order


def many(url: str, connection: str, errand: str, count: str, to: str) -> int:
    """Do an errand so many times at once, as soon as there is a file `go` beside the one to write to."""
    with Hub(url) as hub:
        waited = Path(to).with_name("go")
        Path(to).with_suffix(".ready").touch()
        while not waited.exists():
            time.sleep(0.005)
        if errand.startswith("async "):
            found = asyncio.run(_gathered(hub, connection, errand.removeprefix("async "), int(count)))
        else:
            with ThreadPoolExecutor(int(count)) as pool:
                calls = [pool.submit(_told, ERRANDS[errand], hub, connection) for _ in range(int(count))]
            found = [call.result() for call in calls]
        Path(to).write_text(json.dumps(found))
    return 0


def _told(errand: Callable[[Hub, str], Any], hub: Hub, connection: str) -> Any:
    try:
        return errand(hub, connection)
    except AnyErpError as error:
        return f"{error.code}: {error.message}"


def _read(hub: Hub, connection: str) -> int:
    return len(hub.connection(connection).vendors.page().records)


def _create(hub: Hub, connection: str) -> list[str]:
    done = hub.connection(connection).purchase_orders.create(order(), key="ONE-KEY")
    return [done.record.id, done.settled]


async def _gathered(hub: Hub, connection: str, errand: str, count: int) -> list[Any]:
    async with hub.aconnection(connection) as erp:

        async def one() -> Any:
            try:
                if errand == "read":
                    return len((await erp.vendors.page()).records)
                done = await erp.purchase_orders.create(order(), key="ONE-KEY")
            except AnyErpError as error:
                return f"{error.code}: {error.message}"
            return [done.record.id, done.settled]

        return await asyncio.gather(*[one() for _ in range(count)])


ERRANDS = {"read": _read, "create": _create}
