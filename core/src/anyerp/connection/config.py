"""Settings and credentials: validated into the connector's models, from a call or `anyerp.toml`, secrets unseen."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from anyerp.errors import ConfigError, Problem


@dataclass(frozen=True, slots=True)
class Profile:
    """A connection as a configuration file describes it."""

    name: str
    connector: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)


def find_config(start: Path | None = None) -> Path | None:
    """The configuration file: `ANYERP_CONFIG`, or `anyerp.toml` here or in a folder above."""
    named = os.environ.get("ANYERP_CONFIG")
    if named:
        return Path(named)
    here = (start or Path.cwd()).resolve()
    return next((p / "anyerp.toml" for p in (here, *here.parents) if (p / "anyerp.toml").is_file()), None)


def profiles(path: Path | None = None, resolve: Collection[str] | None = None) -> dict[str, Profile]:
    """The connections of a configuration file, by name; none without a file. Raises `ConfigError` with the place.

    `env:` values are looked up for the connections named in `resolve` (None: all), so that a variable that one
    connection lacks does not stop the others.
    """
    path = path or find_config()
    if path is None:
        return {}
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no TOML: {error}") from None
    found = {}
    for name, table in data.get("connections", {}).items():
        if not isinstance(table, dict) or not isinstance(table.get("connector"), str):
            raise ConfigError(f'{path}: [connections.{name}] needs a line connector = "..."')
        unknown = set(table) - {"connector", "settings", "secrets"}
        if unknown:
            raise ConfigError(f"{path}: [connections.{name}] does not know {', '.join(sorted(unknown))}")
        settings, secrets = table.get("settings", {}), table.get("secrets", {})
        if resolve is None or name in resolve:
            settings = _resolved(settings, f"{path}: [connections.{name}.settings]")
            secrets = _resolved(secrets, f"{path}: [connections.{name}.secrets]")
        found[name] = Profile(name, table["connector"], settings, secrets)
    return found


def _resolved(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    found = {}
    for name, value in values.items():
        if isinstance(value, str) and value.startswith("env:"):
            variable = value.removeprefix("env:")
            if variable not in os.environ:
                raise ConfigError(f"{where} {name}: the environment has no variable {variable}")
            found[name] = os.environ[variable]
        else:
            found[name] = value
    return found


def settings_for(model: type[BaseModel], given: Mapping[str, Any] | BaseModel | None) -> BaseModel:
    """Settings as the connector's model. Raises `ConfigError` naming each field."""
    if isinstance(given, model):
        return given
    try:
        return model.model_validate(dict(given or {}))
    except ValidationError as error:
        raise _unfit("settings", model, error) from None


def credentials_for(models: tuple[type[BaseModel], ...], given: Mapping[str, Any] | BaseModel | None) -> BaseModel:
    """Credentials as the first of the connector's models that has exactly these fields; values are never shown."""
    if isinstance(given, models):
        return given
    values = dict(given or {}) if not isinstance(given, BaseModel) else given.model_dump()
    best = max(models, key=lambda m: (len(set(m.model_fields) & set(values)), -len(set(m.model_fields) - set(values))))
    try:
        return best.model_validate(values)
    except ValidationError as error:
        ways = "; or ".join(", ".join(model.model_fields) for model in models)
        raise _unfit("credentials", best, error, hint=f"give one of: {ways}") from None


def _unfit(what: str, model: type[BaseModel], error: ValidationError, hint: str | None = None) -> ConfigError:
    problems = []
    for item in error.errors(include_input=False, include_url=False, include_context=False):
        place = ".".join(str(part) for part in item["loc"])
        problems.append(Problem(f"{what}.{place}: {item['msg']}", f"/{what}/{place.replace('.', '/')}", "config"))
    return ConfigError(
        f"the {what} do not fit", problems=problems, hint=hint or f"the settings are: {', '.join(model.model_fields)}"
    )
