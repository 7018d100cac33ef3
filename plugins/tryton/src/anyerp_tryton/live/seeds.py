"""What a prepared database holds: ids by code or name, and who may log in."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class User:
    """Somebody who can log in."""

    login: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Seeds:
    """Record ids of the seeded data; `purchases` and `sales` are lists by stage (see `seed.orders`, `seed.sales`)."""

    company: int
    currencies: dict[str, int]
    payment_terms: dict[str, int]
    units: dict[str, int]
    products: dict[str, int]
    warehouses: dict[str, int]
    suppliers: dict[str, int]
    tax: int
    purchases: dict[str, list[int]]
    customers: dict[str, int]
    sales: dict[str, list[int]]


@dataclass(frozen=True)
class Credentials:
    """The administrator, a user who may read purchases but not write them, and the administrator's REST key."""

    admin: User
    reader: User
    rest_key: str = field(repr=False)

    def save(self, path: Path) -> None:
        """Write to `path`, readable by its owner only."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Credentials":
        """Read back what `save` wrote."""
        facts = json.loads(path.read_text(encoding="utf-8"))
        return cls(User(**facts["admin"]), User(**facts["reader"]), facts["rest_key"])
