"""What a prepared server is made of, and the keys under which its parts are cached."""

import datetime as dt
import hashlib
import sys
from pathlib import Path

SERIES = "8.2"
MODULES = ("purchase", "stock_supply", "account_invoice_stock", "sale")
REQUIREMENTS = tuple(f"{name}=={SERIES}.*" for name in ("trytond", *(f"trytond-{module}" for module in MODULES)))
DATABASE = "erp"


def environment_key() -> str:
    """Changes with the requirements and with the Python that they are installed for."""
    return _key(*REQUIREMENTS, sys.version, sys.platform, sys.base_prefix)


def blank_key() -> str:
    """Changes with the environment and the list of modules."""
    return _key(environment_key(), *MODULES)


def seeded_key() -> str:
    """Changes with the blank database, any line of the seeding code, and the year (fiscal years are seeded)."""
    here = Path(__file__).parent
    sources = sorted([*here.glob("seed/*.py"), here / "preparation.py", here / "rpc.py", here / "seeds.py"])
    year = str(dt.datetime.now(dt.UTC).year)
    return _key(blank_key(), year, *(source.read_text(encoding="utf-8") for source in sources))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
