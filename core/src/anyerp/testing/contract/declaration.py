"""Declaration laws: what a connector says of itself is complete, and the vocabulary is kept."""

from __future__ import annotations

import re
from typing import Any

from anyerp.errors import AnyErpError
from anyerp.lens.rule import REASONS
from anyerp.model import RESOURCES
from anyerp.testing.contract.auth import is_secret, listening
from anyerp.testing.inprocess import prepared
from anyerp.testing.law import LAWS, Broken, Skipped, law
from anyerp.testing.subject import Subject

_SECRET = re.compile(r"(^|_)(password|passphrase|secret|private_key|api_key|apikey|token)$")
_CANARY = "CANARY-4f1d9c-of-the-kit"


@law("declaration.operations")
def operations(subject: Subject, resource: str) -> None:
    """Each operation is there or has its reason, and the resource is one of the unified model's.

    Why: a host decides by the declaration what it offers its users.
    Checked: the resource's name and model; every missing operation's reason begins with `never:`, `upstream:` or
    `todo:` and goes on; no reason stands for an operation that is there; `key_field` is a field of the model.
    If it fails: write the reason into `because=`, or delete the one that is out of date.
    Exempt: nothing.
    """
    declared = subject.resource(resource)
    if resource not in RESOURCES or not issubclass(declared.lens.model, RESOURCES[resource]):
        known = ", ".join(f"{name} ({model.__name__})" for name, model in RESOURCES.items())
        told = f"{resource} with {declared.lens.model.__name__} is no resource of the unified model"
        raise Broken(f"{told}; those are {known}", "call it by the name of its model.")
    for operation in declared.OPERATIONS:
        because = declared.because.get(operation)
        if getattr(declared, operation) is None:
            if because is None or not because.startswith(REASONS) or len(because.split(":", 1)[1].strip()) < 3:
                raise Broken(
                    f"{resource}.{operation} is missing, and its reason is {because!r}; begin it with {REASONS}"
                )
        elif because is not None:
            raise Broken(f"{resource}.{operation} is there, and {because!r} says that it is not")
    if strangers := sorted(set(declared.because) - set(declared.OPERATIONS)):
        raise Broken(f"{resource}: reasons for {', '.join(strangers)}, which are no operations")
    if declared.find is not None and declared.key_field not in declared.lens.model.model_fields:
        raise Broken(f"{resource}.find looks for {declared.key_field}, which {declared.lens.model.__name__} lacks")


@law("declaration.secrets", "connector")
def secrets(subject: Subject, _: str) -> None:
    """Secrets are declared as secrets, and stay so when the rest of the credentials is wrong.

    Why: Pydantic shows the whole input when another field is invalid.
    Checked: every field of settings and credentials called password, secret, token, api_key and the like is
    `SecretStr`; neither `repr` nor the error about a wrong neighbour shows it.
    If it fails: use `SecretStr`, with `hide_input_in_errors=True`.
    Exempt: nothing.
    """
    connector = subject.connector
    if not connector.credentials:
        raise Broken("no credentials model is declared")
    for model in (connector.settings, *connector.credentials):
        for field in model.model_fields:
            if _SECRET.search(field) and not is_secret(model, field):
                raise Broken(f"{model.__name__}.{field} sounds like a secret and is no SecretStr")
    for model in connector.credentials:
        given: dict[str, Any] = {field: _CANARY for field in model.model_fields if is_secret(model, field)}
        told: list[str] = []
        with listening() as heard:
            for spoilt in (
                {**given, "no_such_field": 1},
                {**given, **{f: 17 for f in model.model_fields if f not in given}},
            ):
                try:
                    found = prepared(connector, _settings(subject), spoilt)
                except AnyErpError as error:
                    told += [str(error), repr(error), str(error.to_dict())]
                else:
                    told.append(repr(found))
        if any(_CANARY in text for text in [*told, *heard]):
            raise Broken(f"{model.__name__}: a secret is shown when the credentials do not fit")


def _settings(subject: Subject) -> Any:
    try:
        return subject.ground()[0]
    except Skipped:
        return {}


@law("declaration.sandbox", "connector")
def sandbox(subject: Subject, _: str) -> None:
    """There is a sandbox (or a live server), and the connector takes its settings and credentials.

    Why: a connector that nobody can try without an account is tried by customers.
    Checked: `sandbox` is declared; what it gives fits the models; each call gives a fresh one.
    If it fails: write a sandbox from the ERP's documentation (`anyerp.testing.sandbox`).
    Exempt: an `Exemption`; then give a live server by settings and credentials.
    """
    if subject.connector.sandbox is None:
        raise Broken("no sandbox is declared")
    settings, credentials, box = subject.ground()
    try:
        prepared(subject.connector, settings, credentials)
    except AnyErpError as error:
        raise Broken(f"the sandbox's own settings and credentials do not fit: {error}") from None
    if box is not None and subject.ground()[2] is box:
        raise Broken("sandbox() gives the same object twice; each test needs a fresh one")


@law("declaration.limits", "connector")
def limits(subject: Subject, _: str) -> None:
    """The limits are numbers that work can be done with.

    Why: a page of no records never ends.
    Checked: page size, batch size and requests in flight are at least one; there is at least one resource; the name is
    lower-case words joined by hyphens, and the one that the plugin announces.
    If it fails: say what the ERP bears; give `ConnectorInfo` and `Connector` one name.
    Exempt: nothing.
    """
    limits = subject.connector.limits
    for name in ("page_size", "batch_size", "in_flight"):
        if getattr(limits, name) < 1:
            raise Broken(f"limits.{name} is {getattr(limits, name)}")
    if not subject.connector.resources:
        raise Broken("no resource is declared")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", subject.connector.name):
        raise Broken(f"the name {subject.connector.name!r} is not lower-case words joined by hyphens")
    announced = subject.named
    if announced is not None and ":" not in announced and announced != subject.connector.name:
        raise Broken(f"the plugin announces {announced!r}, and its connector is called {subject.connector.name!r}")


@law("declaration.exemptions", "connector")
def exemptions(subject: Subject, _: str) -> None:
    """Each exemption names a law and a resource that exist, and gives its reason.

    Why: an exemption from a law that was renamed exempts from nothing, in silence.
    Checked: the law's id, the resource ("" for a law on the connector), the reason's vocabulary, no exemption twice.
    If it fails: correct the name, or delete the exemption.
    Exempt: nothing.
    """
    seen = set()
    for exemption in subject.connector.exemptions:
        what = f"the exemption from {exemption.law} on {exemption.resource or 'the connector'}"
        if exemption.law not in LAWS:
            raise Broken(f"{what} names no law")
        wanted = subject.connector.resources if LAWS[exemption.law].scope == "resource" else ("",)
        if exemption.resource not in wanted:
            raise Broken(f"{what} names no resource")
        if not exemption.because.startswith(REASONS):
            raise Broken(f"{what} gives no reason that begins with {', '.join(REASONS)}: {exemption.because!r}")
        if (exemption.law, exemption.resource) in seen:
            raise Broken(f"{what} stands twice")
        seen.add((exemption.law, exemption.resource))
