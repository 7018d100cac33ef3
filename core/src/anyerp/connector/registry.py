"""The registry: which connectors the installed plugins offer. One broken plugin is reported and does no harm."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from anyerp.connector.declaration import Connector
from anyerp.errors import ConfigError, UnknownConnector
from anyerp.plugin import API_MAJOR, API_MINOR, GROUP, ConnectorInfo, Hooks


@dataclass(frozen=True, slots=True)
class Trouble:
    """A plugin, or one of its connectors, that cannot be used; the others work."""

    plugin: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Found:
    """A connector, and the distribution and version that it came from."""

    info: ConnectorInfo
    plugin: str
    version: str


@dataclass(slots=True)
class Registry:
    """Everything that was found."""

    manager: pluggy.PluginManager
    connectors: dict[str, Found] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)

    def connector(self, name: str) -> Connector:
        """Import and give a connector. Raises `UnknownConnector`, or `ConfigError` if it does not load."""
        found = self.connectors.get(name)
        if found is None:
            known = ", ".join(self.connectors) or "none"
            raise UnknownConnector(
                f"no installed plugin offers a connector {name!r}; installed: {known}",
                hint=_advice(name, self.troubles),
            )
        try:
            return found.info.connector()
        except (Exception, SystemExit) as error:
            raise ConfigError(
                f"connector {name!r} of {found.plugin} {found.version} does not load: {type(error).__name__}: {error}",
                hint=f"mend it, if {found.plugin} is yours; otherwise reinstall it, or report this to its author",
            ) from error

    def observe(self, event: Mapping[str, Any]) -> None:
        """Tell every observer; one that fails is noted, and the others hear all the same."""
        for _ in self._each("anyerp_observe", event=event):
            pass

    def first(self, hook: str, **facts: Any) -> Any:
        """The first answer of a hook that is none of None; an implementation that fails is noted and passed over."""
        return next((answer for answer in self._each(hook, **facts) if answer is not None), None)

    def _each(self, hook: str, **facts: Any) -> Iterator[Any]:
        # pluggy would stop at the first that fails.
        for implementation in reversed(getattr(self.manager.hook, hook).get_hookimpls()):
            try:
                answer = implementation.function(*(facts[name] for name in implementation.argnames))
            except Exception as error:  # noqa: BLE001 - a plugin never disturbs the others' work
                self._note(implementation.plugin_name, f"{hook} failed: {type(error).__name__}")
            else:
                yield answer

    def _note(self, plugin: str, message: str) -> None:
        trouble = Trouble(plugin, message, "report this to its author")
        if trouble not in self.troubles:
            self.troubles.append(trouble)


def _advice(name: str, troubles: Iterable[Trouble]) -> str:
    broken = [trouble.plugin for trouble in troubles]
    if broken:
        return f"`anyerp connectors` says what is wrong with {', '.join(broken)}"
    return f"pip install the plugin that offers it (perhaps anyerp-{name.partition('-')[0]})"


def discover(points: Iterable[EntryPoint] | None = None) -> Registry:
    """Load every plugin of our entry-point group, each in its own `try`; recognise those of another major by name."""
    manager = pluggy.PluginManager("anyerp")
    manager.add_hookspecs(Hooks)
    registry = Registry(manager)
    every = list(points) if points is not None else _installed()
    for point in sorted(every, key=lambda p: (p.name, p.group)):
        _load(registry, point)
    names = tuple(registry.connectors)
    for _ in registry._each("anyerp_ready", connectors=names):  # noqa: SLF001 - made here
        pass
    # Kept for plugins that register later; nobody is left who would be told twice.
    manager.subset_hook_caller("anyerp_ready", manager.get_plugins()).call_historic(kwargs={"connectors": names})
    return registry


def _installed() -> list[EntryPoint]:
    every = entry_points()
    return [point for group in every.groups if group.startswith("anyerp.v") for point in every.select(group=group)]


def _load(registry: Registry, point: EntryPoint) -> None:
    plugin = point.dist.name if point.dist is not None else point.name
    version = point.dist.version if point.dist is not None else "?"

    def trouble(message: str, hint: str) -> None:
        registry.troubles.append(Trouble(plugin, message, hint))

    if point.group != GROUP:
        trouble(
            f"was made for plugin API {point.group.removeprefix('anyerp.')}, this is v{API_MAJOR}",
            f"install a release of {plugin} for {GROUP}, or the anyerp that it was made for",
        )
        return
    try:
        module = point.load()
        registry.manager.register(module, name=plugin)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises, the others must work
        trouble(f"does not load: {type(error).__name__}: {error}", f"reinstall or remove {plugin}")
        return
    misspelt = sorted(name for name in vars(module) if name.startswith("anyerp_") and not hasattr(Hooks, name))
    misspelt = [name for name in misspelt if hasattr(getattr(module, name), "anyerp_impl")]
    if misspelt:
        known = ", ".join(name for name in vars(Hooks) if name.startswith("anyerp_"))
        registry.manager.unregister(name=plugin)
        trouble(f"implements {', '.join(misspelt)}, which is no hook", f"the hooks are {known}")
        return
    if not registry.manager.get_hookcallers(module):
        trouble("none of its functions is a hook", "mark them with @hookimpl, in the module that the entry point names")
    _announce(registry, module, plugin, version, trouble)


def _announce(registry: Registry, module: Any, plugin: str, version: str, trouble: Any) -> None:
    for implementation in registry.manager.hook.anyerp_connectors.get_hookimpls():
        if implementation.plugin is not module:
            continue
        try:
            infos: list[ConnectorInfo] = list(implementation.function())  # type: ignore[call-overload]
        except Exception as error:  # noqa: BLE001 - consumed here, so that a failing generator is caught too
            trouble(f"anyerp_connectors failed: {type(error).__name__}: {error}", "report this to its author")
            continue
        for info in infos:
            if not isinstance(info, ConnectorInfo):
                trouble(
                    f"anyerp_connectors announced a {type(info).__name__}, which is no ConnectorInfo",
                    "report this to its author",
                )
                continue
            taken = registry.connectors.get(info.name)
            if info.requires_api[0] != API_MAJOR or info.requires_api[1] > API_MINOR:
                wanted = ".".join(map(str, info.requires_api))
                trouble(f"{info.name} needs plugin API {wanted}, this is {API_MAJOR}.{API_MINOR}", "upgrade anyerp")
            elif taken is not None:
                trouble(
                    f"{info.name} is offered by {taken.plugin} as well, which was found first and is used",
                    f"uninstall the one that you do not want: {taken.plugin} or {plugin}",
                )
            else:
                registry.connectors[info.name] = Found(info, plugin, version)


_registry: Registry | None = None
_lock = threading.Lock()


def registry() -> Registry:
    """The installed plugins, found once."""
    global _registry  # noqa: PLW0603 - what is installed does not change while a process runs
    with _lock:
        if _registry is None:
            _registry = discover()
        return _registry
