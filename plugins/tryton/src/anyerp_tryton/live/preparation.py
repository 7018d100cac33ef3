"""From nothing to a seeded database, in three cached steps."""

import json
import secrets
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from . import recipe, seed
from .errors import LiveError, tail
from .process import run
from .rpc import Rpc, RpcError
from .seeds import Credentials, Seeds, User
from .server import configure, running, tryton
from .store import built, default_cache, locked

Progress = Callable[[str, int, int], None]
DATABASE_FILE = f"{recipe.DATABASE}.sqlite"


@dataclass(frozen=True)
class Prepared:
    """Everything that a server needs, on disk and finished; serve it as often as you like."""

    environment: Path
    folder: Path

    @property
    def database(self) -> Path:
        """The seeded SQLite file; never served itself, only copied."""
        return self.folder / DATABASE_FILE

    @property
    def seeds(self) -> Seeds:
        """What is in it."""
        return Seeds(**json.loads((self.folder / "seeds.json").read_text(encoding="utf-8")))

    @property
    def credentials(self) -> Credentials:
        """Who may log in."""
        return Credentials.load(self.folder / "credentials.json")


def quiet(_step: str, _done: int, _total: int) -> None:
    """Progress for those who want none."""


def prepare(cache: Path | None = None, progress: Progress = quiet) -> Prepared:
    """Build what is missing, in about a minute and a half from nothing and at once when all is there.

    `progress(step, done, total)` is called as work goes on; `total` is 0 while it is not known. Processes that start
    at the same time build once: the others wait. LiveError when a step fails, with the end of its log.
    """
    root = cache or default_cache()
    progress = _changes(progress)
    with locked(root, lambda waited: progress("waiting for another process to prepare Tryton", int(waited), 0)):
        environment = root / f"environment-{recipe.environment_key()}"
        if environment.exists() and not (environment / "bin" / "python").exists():
            shutil.rmtree(environment)  # the Python that it was made from is gone
        built(environment, lambda folder: _install(folder, progress))
        blank = built(
            root / f"blank-{recipe.blank_key()}", lambda folder: _create_database(folder, environment, progress)
        )
        seeded = built(
            root / f"seeded-{recipe.seeded_key()}", lambda folder: _plant(folder, environment, blank, progress)
        )
    return Prepared(environment, seeded)


def _changes(progress: Progress) -> Progress:
    """Say each thing once: steps are looked at several times a second."""
    last: tuple[str, int, int] | None = None

    def tell(step: str, done: int, total: int) -> None:
        nonlocal last
        if last != (step, done, total):
            last = step, done, total
            progress(step, done, total)

    return tell


def _install(folder: Path, progress: Progress) -> None:
    """Tryton in an environment of its own: it is another program, under another licence, and stays one."""
    step = "installing Tryton"
    log = folder.with_suffix(".log")
    python = folder / "bin" / "python"
    here, wanted = sys.executable, recipe.REQUIREMENTS
    ways: list[tuple[list[str | Path], list[str | Path]]] = [
        ([here, "-m", "venv", folder], [python, "-m", "pip", "install", *wanted]),
    ]
    if uv := shutil.which("uv") or shutil.which("uv", path=str(Path(here).parent)):
        # much faster, but it reads no pip configuration, so pip remains for where that matters
        ways.insert(0, ([uv, "venv", "--python", here, folder], [uv, "pip", "install", "-p", python, *wanted]))
    while ways:
        create, install = ways.pop(0)
        try:
            progress(step, 0, 2)
            run(step, create, log)
            progress(step, 1, 2)
            run(step, install, log)
            progress(step, 2, 2)
        except LiveError:
            if not ways:
                raise
        else:
            return


def _create_database(folder: Path, environment: Path, progress: Progress) -> None:
    step = "creating the database"
    password = folder / "admin.password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(18), encoding="ascii")
    (folder / DATABASE_FILE).touch()  # trytond-admin fills an empty file and refuses an absent one

    def count(log: str) -> None:
        lines = [line for line in log.splitlines() if " trytond.modules " in line]
        known = sum(line.endswith(" register") for line in lines)
        progress(step, sum(line.endswith(" load") for line in lines), known)

    options = ["--email", "admin@example.invalid", "--activate-dependencies", "-u", "ir", "res", *recipe.MODULES]
    run(
        step,
        [*tryton(environment, "trytond-admin"), "-vv", "-c", configure(folder, 0), "-d", recipe.DATABASE, *options],
        folder / "admin.log",
        env={"TRYTONPASSFILE": str(password)},
        watch=count,
    )
    _settle(folder)


def _plant(folder: Path, environment: Path, blank: Path, progress: Progress) -> None:
    step = "planting business data"
    shutil.copyfile(blank / DATABASE_FILE, folder / DATABASE_FILE)
    admin = User("admin", (blank / "admin.password").read_text(encoding="ascii"))
    reader = User("reader", secrets.token_urlsafe(18))
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(step, done, seed.TICKS)

    progress(step, 0, seed.TICKS)
    with running(environment, folder, admin) as server:
        rpc = Rpc(server.base_url, recipe.DATABASE, admin.login, admin.password)
        try:
            seeds, credentials = seed.plant(rpc, admin, reader, tick)
        except (RpcError, LookupError) as refusal:
            raise LiveError(f"{step}: {refusal}", tail(server.log)) from refusal
    _settle(folder)
    _lighten(folder)
    credentials.save(folder / "credentials.json")
    (folder / "seeds.json").write_text(json.dumps(asdict(seeds), indent=1), encoding="utf-8")


def _settle(folder: Path) -> None:
    """Fold the write-ahead log into the database file: Tryton leaves it beside, and copies take one file."""
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _lighten(folder: Path) -> None:
    """Take out the indexes that only make large tables fast. These are small, and Tryton connects three times a call.

    SQLite reads the whole schema on each of them, which took a quarter of a call. What is unique stays so.
    """
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        plain = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'"
        for (name,) in connection.execute(plain).fetchall():
            connection.execute(f'DROP INDEX "{name}"')
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
