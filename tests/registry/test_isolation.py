"""A broken plugin is reported by name and does no harm: real distributions on a path, a real interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest

GOOD = """
    from anyerp.plugin import ConnectorInfo, hookimpl

    @hookimpl
    def anyerp_connectors():
        yield ConnectorInfo("{name}", "Title", load="{module}_connector:CONNECTOR")
"""

ASK = """
import json, sys
from anyerp.connector.registry import discover
found = discover()
ours = {name: entry.plugin for name, entry in found.connectors.items() if entry.plugin.startswith("fake-")}
troubles = [[t.plugin, t.message, t.hint] for t in found.troubles if t.plugin.startswith("fake-")]
print(json.dumps({"connectors": ours, "troubles": troubles, "modules": sorted(sys.modules)}))
"""


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


class World:
    """A folder of installed distributions, and what an interpreter that has it on its path says."""

    def __init__(self, folder):
        self.folder = folder

    def install(self, name, source, *, group="anyerp.v1", **more):
        module = name.replace("-", "_")
        (self.folder / f"{module}.py").write_text(textwrap.dedent(source), "utf-8")
        for other, text in more.items():
            (self.folder / f"{other}.py").write_text(textwrap.dedent(text), "utf-8")
        info = self.folder / f"{module}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[{group}]\n{module} = {module}\n", "utf-8")

    def good(self, name="fake-good", connector="good-erp", **more):
        self.install(name, GOOD.format(name=connector, module=name.replace("-", "_")), **more)

    def run(self, script):
        path = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def ask(self, script=ASK):
        done = self.run(script)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


def test_a_sound_plugin_is_found_without_trouble(world):
    world.good()
    answer = world.ask()
    assert (answer["connectors"], answer["troubles"]) == ({"good-erp": "fake-good"}, [])


FAILING = {
    "raise RuntimeError('out of order')": "does not load: RuntimeError: out of order",
    "import no_such_module_anywhere": "does not load: ModuleNotFoundError: No module named 'no_such_module_anywhere'",
    "def broken(:": "does not load: SyntaxError",
    "raise SystemExit(3)": "does not load: SystemExit: 3",
}


def test_plugins_that_fail_on_import_are_named_and_the_others_work(world):
    for index, source in enumerate(FAILING):
        world.install(f"fake-bad{index}", source)
    world.good()
    answer = world.ask()
    assert answer["connectors"] == {"good-erp": "fake-good"}
    assert len(answer["troubles"]) == len(FAILING)
    for index, ((plugin, message, hint), says) in enumerate(zip(answer["troubles"], FAILING.values(), strict=True)):
        assert plugin == f"fake-bad{index}"
        assert message.startswith(says)
        assert hint == f"reinstall or remove fake-bad{index}"


def test_a_hook_that_is_misspelt_is_named_with_the_ones_there_are(world):
    world.install(
        "fake-typo",
        """
        from anyerp.plugin import hookimpl

        @hookimpl
        def anyerp_conectors():
            return []
        """,
    )
    world.good()
    answer = world.ask()
    assert answer["connectors"] == {"good-erp": "fake-good"}
    ((plugin, message, hint),) = answer["troubles"]
    assert (plugin, message) == ("fake-typo", "implements anyerp_conectors, which is no hook")
    assert "anyerp_connectors" in hint


def test_a_plugin_whose_functions_are_not_marked_is_told_how(world):
    world.install("fake-silent", "def anyerp_connectors():\n    yield 1")
    answer = world.ask()
    assert answer["connectors"] == {}
    ((plugin, message, hint),) = answer["troubles"]
    assert (plugin, message) == ("fake-silent", "none of its functions is a hook")
    assert "@hookimpl" in hint


def test_a_hook_with_an_argument_that_is_not_offered_is_named(world):
    world.install(
        "fake-arguments",
        """
        from anyerp.plugin import hookimpl

        @hookimpl
        def anyerp_observe(event, colour):
            pass
        """,
    )
    world.good()
    answer = world.ask()
    assert answer["connectors"] == {"good-erp": "fake-good"}
    assert answer["troubles"][0][0] == "fake-arguments"
    assert "colour" in answer["troubles"][0][1]


def test_a_plugin_of_another_major_is_recognised_without_being_imported(world):
    world.install("fake-future", "raise RuntimeError('was imported')", group="anyerp.v2")
    world.good()
    answer = world.ask()
    assert answer["connectors"] == {"good-erp": "fake-good"}
    assert answer["troubles"] == [
        [
            "fake-future",
            "was made for plugin API v2, this is v1",
            "install a release of fake-future for anyerp.v1, or the anyerp that it was made for",
        ]
    ]
    assert "fake_future" not in answer["modules"]


def test_of_two_connectors_of_one_name_the_first_is_used_and_both_plugins_are_named(world):
    world.good("fake-one", "same-erp")
    world.good("fake-two", "same-erp")
    answer = world.ask()
    assert answer["connectors"] == {"same-erp": "fake-one"}
    ((plugin, message, hint),) = answer["troubles"]
    assert plugin == "fake-two"
    assert "same-erp is offered by fake-one as well" in message
    assert hint == "uninstall the one that you do not want: fake-one or fake-two"


def test_a_hook_that_fails_half_way_is_reported_and_leaves_nothing_half_done(world):
    world.install(
        "fake-half",
        """
        from anyerp.plugin import ConnectorInfo, hookimpl

        @hookimpl
        def anyerp_connectors():
            yield ConnectorInfo("half-erp", "Half", load="x:Y")
            raise ValueError("ran out of ideas")
        """,
    )
    world.good()
    answer = world.ask()
    assert answer["connectors"] == {"good-erp": "fake-good"}
    assert [entry[:2] for entry in answer["troubles"]] == [
        ["fake-half", "anyerp_connectors failed: ValueError: ran out of ideas"]
    ]


ANNOUNCED = {
    'ConnectorInfo("Bad Name", "T", load="x:Y")': "anyerp_connectors failed: ValueError: a connector's name is",
    'ConnectorInfo("bad-load", "T", load="x")': "anyerp_connectors failed: ValueError: load is written module:attr",
    'ConnectorInfo("new", "T", load="x:Y", requires_api=(1, 99))': "new needs plugin API 1.99, this is 1.",
    'ConnectorInfo("new", "T", load="x:Y", requires_api=(2, 0))': "new needs plugin API 2.0, this is 1.",
    '{"name": "a dict"}': "anyerp_connectors announced a dict, which is no ConnectorInfo",
    "None": "anyerp_connectors announced a NoneType, which is no ConnectorInfo",
}


def test_announcements_that_cannot_be_used_are_named(world):
    for index, announced in enumerate(ANNOUNCED):
        world.install(
            f"fake-announcer{index}",
            f"""
            from anyerp.plugin import ConnectorInfo, hookimpl

            @hookimpl
            def anyerp_connectors():
                return [{announced}]
            """,
        )
    world.good()
    answer = world.ask()
    assert answer["connectors"] == {"good-erp": "fake-good"}
    for index, ((plugin, message, _), says) in enumerate(zip(answer["troubles"], ANNOUNCED.values(), strict=True)):
        assert plugin == f"fake-announcer{index}"
        assert message.startswith(says)


def test_a_hook_that_gives_nothing_is_reported(world):
    world.install(
        "fake-nothing",
        """
        from anyerp.plugin import hookimpl

        @hookimpl
        def anyerp_connectors():
            pass
        """,
    )
    world.good()
    answer = world.ask()
    assert answer["connectors"] == {"good-erp": "fake-good"}
    assert answer["troubles"][0][0] == "fake-nothing"


def test_hooks_that_fail_keep_nobody_from_anything(world):
    world.install(
        "fake-zeal",
        """
        from anyerp.plugin import hookimpl

        @hookimpl
        def anyerp_ready():
            raise RuntimeError("not ready")

        @hookimpl
        def anyerp_credentials(reference):
            raise RuntimeError("hunter2")
        """,
    )
    world.install(
        "fake-vault",
        """
        from anyerp.plugin import hookimpl
        told = []

        @hookimpl
        def anyerp_ready(connectors):
            told.append(connectors)

        @hookimpl
        def anyerp_credentials(connection, reference):
            return {"from": connection + reference}
        """,
    )
    world.good()
    answer = world.ask(
        """
import json
from anyerp.connector.registry import discover
found = discover()
secret = found.first("anyerp_credentials", connection="a", reference="b")
import fake_vault

class Late:
    anyerp_ready = staticmethod(fake_vault.anyerp_ready)

found.manager.register(Late(), name="late")
print(json.dumps({"secret": secret, "told": fake_vault.told, "troubles": [t.message for t in found.troubles]}))
"""
    )
    assert answer["secret"] == {"from": "ab"}
    assert len(answer["told"]) == 2  # once as it was found, once as it registered later under another name
    assert all("good-erp" in names for names in answer["told"])
    assert answer["troubles"] == ["anyerp_ready failed: RuntimeError", "anyerp_credentials failed: RuntimeError"]


def test_observers_that_fail_are_noted_once_and_the_others_hear(world):
    world.install(
        "fake-deaf",
        """
        from anyerp.plugin import hookimpl

        @hookimpl
        def anyerp_observe(event):
            raise RuntimeError("deaf")
        """,
    )
    world.install(
        "fake-hearing",
        """
        from anyerp.plugin import hookimpl
        heard = []

        @hookimpl
        def anyerp_observe(event):
            heard.append(event["n"])
        """,
    )
    answer = world.ask(
        """
import json
from anyerp.connector.registry import discover
found = discover()
for n in range(3):
    found.observe({"n": n})
import fake_hearing
print(json.dumps({"heard": fake_hearing.heard, "troubles": [[t.plugin, t.message] for t in found.troubles]}))
"""
    )
    assert answer["heard"] == [0, 1, 2]
    assert answer["troubles"].count(["fake-deaf", "anyerp_observe failed: RuntimeError"]) == 1


def test_a_connector_that_does_not_load_is_an_error_that_names_its_plugin(world):
    world.good(fake_good_connector="raise ImportError('no driver')")
    answer = world.ask(
        """
import json, anyerp
try:
    anyerp.connect("good-erp", settings={}, credentials={})
except anyerp.ConfigError as error:
    print(json.dumps(str(error)))
"""
    )
    assert "connector 'good-erp' of fake-good 1.2 does not load: ImportError: no driver" in answer
    assert "hint: mend it, if fake-good is yours; otherwise reinstall it" in answer


def test_an_unknown_connector_is_told_with_those_there_are_and_who_is_broken(world):
    world.good()
    world.install("fake-bad", "raise RuntimeError")
    answer = world.ask(
        """
import json, anyerp
try:
    anyerp.connect("acme", settings={}, credentials={})
except anyerp.UnknownConnector as error:
    print(json.dumps(str(error)))
"""
    )
    assert "no installed plugin offers a connector 'acme'; installed: " in answer
    assert "good-erp" in answer
    assert "`anyerp connectors` says what is wrong with fake-bad" in answer


def test_looking_for_plugins_imports_no_connector(world):
    world.good(fake_good_connector="raise AssertionError('too early')")
    answer = world.ask()
    assert "fake_good_connector" not in answer["modules"]
    assert answer["troubles"] == []


def test_importing_anyerp_looks_for_nothing(world):
    world.install("fake-bad", "raise RuntimeError('was imported')")
    done = world.run("import anyerp, sys; assert 'fake_bad' not in sys.modules; assert 'pydantic' not in sys.modules")
    assert done.returncode == 0, done.stderr
