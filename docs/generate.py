# ruff: noqa: E501 - prose
"""Write the reference pages that come from the code: `python docs/generate.py`; a test says when one is old."""

from __future__ import annotations

import argparse
import inspect
import pkgutil
import re
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from anyerp import connection, errors
from anyerp.cli.app import app
from anyerp.kits.odata import v2  # noqa: F401 - enters its codecs
from anyerp.lens import codecs, rule
from anyerp.lens.fields import members
from anyerp.model import RESOURCES, Model
from anyerp.model.words import words as meanings
from anyerp.plugin import Hooks
from anyerp.testing.contract import LAWS
from anyerp.testing.report import sections
from anyerp_hub import Hub
from anyerp_hub.web.app import create_app
from pydantic import BaseModel

DOCS = Path(__file__).parent
NOTE = "<!-- Made by docs/generate.py from the code; edit the docstrings, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by its path below docs/."""
    made = {
        "reference/model.md": model(),
        "reference/rules.md": rules(),
        "reference/codecs.md": every_codec(),
        "reference/hooks.md": hooks(),
        "reference/kits.md": kits(),
        "reference/http.md": http(),
        "reference/python.md": python(),
        "reference/errors.md": every_error(),
        "reference/command-line.md": command_line(),
        "reference/laws/index.md": laws(),
        "decisions/index.md": decisions(),
    }
    made |= {f"reference/laws/{law.id}.md": law_page(law) for law in LAWS.values()}
    return {path: NOTE + text.rstrip() + "\n" for path, text in made.items()}


def plain(text: str | None) -> str:
    """A docstring as Markdown: indented samples become fenced ones."""
    lines = inspect.cleandoc(text or "").splitlines()
    told: list[str] = []
    sample: list[str] = []

    def close() -> None:
        if sample:
            body = textwrap.dedent("\n".join(sample)).strip("\n")
            kind = "python" if re.match(r"@|import |from |with |CONNECTOR|report = ", body) else "text"
            told.extend([f"```{kind}", body, "```"])
            sample.clear()

    for line in lines:
        if line.startswith("    ") or (sample and not line.strip()):
            sample.append(line)
        else:
            ended = bool(sample)
            close()
            told.extend(["", line] if ended and line else [line])
    close()
    return "\n".join(told)


def cell(text: str) -> str:
    """Text within a table."""
    return " ".join(text.split()).replace("|", "\\|")


def type_name(annotation: Any) -> str:
    """A field's type in the words of the domain."""
    names = {"str": "text", "Decimal": "decimal", "int": "whole number", "date": "date", "datetime": "instant (UTC)",
             "bool": "true or false", "Ref": "[reference](#ref)"}  # fmt: skip
    parts = members(annotation)
    literals = [value for part in parts if get_origin(part) is Literal for value in get_args(part)]
    if literals:
        return ", ".join(f"`{value}`" for value in dict.fromkeys(literals))
    listed = "list of " if any(get_origin(part) is tuple for part in parts) else ""
    for part in parts:
        if isinstance(part, type) and issubclass(part, BaseModel):
            return listed + names.get(part.__name__, f"[{part.__name__}](#{part.__name__.lower()})")
    if any(get_origin(part) is Mapping for part in parts):
        return "named values"
    for part in parts:
        if isinstance(part, type) and part.__name__ in names:
            return listed + names[part.__name__]
    return "any JSON value"


def model() -> str:
    """The unified model, class by class."""
    told = ["# The unified model", "", "One class a resource; a connection offers it under the name beside it. Each field may be null: the ERP says",
            'nothing. Amounts and quantities are `Decimal` in Python and text in JSON (`"10.50"`), never floats. The same',
            "classes are published as JSON Schema: `anyerp schemas` prints it.", "", "| Resource | Record |", "| --- | --- |"]  # fmt: skip
    told += [f"| `{name}` | [{cls.__name__}](#{cls.__name__.lower()}) |" for name, cls in RESOURCES.items()]
    classes: dict[str, type[BaseModel]] = {cls.__name__: cls for cls in RESOURCES.values()}
    for cls in list(classes.values()):
        for name in cls.model_fields:
            for part in members(cls.model_fields[name].annotation):
                if isinstance(part, type) and issubclass(part, Model):
                    classes.setdefault(part.__name__, part)
    for name, cls in classes.items():
        told += ["", f"## {name}", "", plain(cls.__doc__), "", "| Field | Holds | Means |", "| --- | --- | --- |"]
        told += [
            f"| `{field}` | {type_name(get_type_hints(cls, include_extras=True)[field])} | {cell(meanings(cls).get(field, ''))} |"
            for field in cls.model_fields
        ]
    return "\n".join(told)


def signature(function: Any) -> str:
    """A call as it is written, annotations as they stand in the source."""
    return f"{function.__name__}{inspect.signature(function)}".replace(" -> Codec", "").replace("'", "")


def rules() -> str:
    """The closed set of rules."""
    told = ["# Rules", "", "A lens is a model and a table of rules, one a field. The set is closed, on purpose: everything that reads a table",
            "knows every rule. A path is native, its steps joined by slashes: `to_Item/results`, `address/city`, `notes/type=F01/text`",
            "(the first object of a list whose member has that text)."]  # fmt: skip
    for kind in get_args(rule.Rule):
        told += ["", f"## {kind.__name__}", "", "```text", f"{kind.__name__}{inspect.signature(kind)}".replace("'", "").replace(" -> None", ""), "```", "", plain(kind.__doc__)]  # fmt: skip
        if kind.__name__ in RULE_SAMPLES:
            told += ["", "```python", RULE_SAMPLES[kind.__name__].strip(), "```"]
    told += ["", "## absent", "", plain(rule.absent.__doc__)]
    return "\n".join(told)


RULE_SAMPLES = {
    "Map": '''
from decimal import Decimal

from anyerp.lens import (
    Absent,
    Codec,
    Derived,
    Each,
    Join,
    Lens,
    Map,
    Nest,
    Refused,
    absent,
    choice,
    decimal,
    integer,
    text,
)
from anyerp.lens.domain import TextDomain
from anyerp.model import Address, PurchaseOrder, PurchaseOrderLine, Vendor


def rest(model: type, *spoken: str) -> tuple[Absent, ...]:
    """All other fields, for the samples of this page; a connector gives each its reason."""
    unspoken = (name for name in model.model_fields if name not in (*spoken, "raw", "extra", "dimensions"))
    return absent("todo: not mapped yet", *unspoken)


states = choice({"A": "active", "B": "blocked"}, otherwise="other")
VENDOR = Lens(
    Vendor,
    (
        Map("id", "id", text(10), read_only=True),
        Map("status", "state", states, native="native_status"),
        *rest(Vendor, "id", "status", "native_status"),
    ),
)
vendor = VENDOR.get({"id": "7", "state": "Z"})
assert (vendor.status, vendor.native_status) == ("other", "Z")
assert VENDOR.create(Vendor(status="blocked")).native == {"state": "B"}
''',
    "Join": '''
def street() -> Codec:
    """Two native lines of 30 characters; the codec speaks tuples, of which single members may be None."""

    def encode(value: str) -> tuple[str, str]:
        first, _, second = value.partition("\\n")
        if not first or "\\n" in second or value.endswith("\\n") or max(len(first), len(second)) > 30:
            raise Refused("this ERP stores two lines of 30 characters")
        return first, second

    return Codec(
        "acme_street",
        decode=lambda parts: "\\n".join(part for part in parts if part) or None,
        encode=encode,
        native=(str, str),
        empty="",
        domain=TextDomain(30),
    )


STREET = Join("street", ("street1", "street2"), street())
''',
    "Nest": """
ADDRESS = Nest("address", (STREET, Map("city", "town", text(30)), *rest(Address, "street", "city")), at="address")
LOCATED = Lens(Vendor, (ADDRESS, *rest(Vendor, "address")))
where = LOCATED.get({"address": {"street1": "Clay Road 1", "street2": "Hall 7", "town": "Kiel"}}).address
assert (where.street, where.city) == ("Clay Road 1\\nHall 7", "Kiel")
""",
    "Each": """
LINE = (
    Map("number", "no", integer(1, 9999)),
    Map("quantity", "qty", decimal(12, 3)),
    Map("unit_price", "price", decimal(11, 2)),
)
ORDER = Lens(
    PurchaseOrder,
    (
        Each(
            "lines",
            "lines",
            (*LINE, *rest(PurchaseOrderLine, "number", "quantity", "unit_price")),
            key=("number", "no"),
        ),
        *rest(PurchaseOrder, "lines"),
    ),
)
assert ORDER.get({"lines": [{"no": 10, "qty": 3, "price": 2}]}).lines[0].quantity == 3
""",
    "Derived": """
def amount(quantity: Decimal | None, price: Decimal | None) -> Decimal | None:
    return None if quantity is None or price is None else quantity * price


def total(lines: list[dict] | None) -> Decimal | None:
    return None if lines is None else sum((line["amount"] for line in lines if line["amount"] is not None), Decimal(0))


AMOUNT = Derived("amount", amount, uses=("quantity", "unit_price"))
LINES = Each(
    "lines",
    "lines",
    (*LINE, AMOUNT, *rest(PurchaseOrderLine, "number", "quantity", "unit_price", "amount")),
    key=("number", "no"),
)
TOTAL = Derived("total_excl_tax", total, uses=("lines",))
SUMMED = Lens(PurchaseOrder, (LINES, TOTAL, *rest(PurchaseOrder, "lines", "total_excl_tax")))
assert SUMMED.get({"lines": [{"no": 10, "qty": 3, "price": 2}]}).total_excl_tax == 6
""",
    "Absent": """
written = VENDOR.create(Vendor(status="active", website="https://kiln.example"))
assert written.native == {"state": "A"}
assert [problem.pointer for problem in written.problems] == ["/website"]  # told, not lost: `create` refuses
""",
}


def every_codec() -> str:
    """The codecs that data may name, ours and the kits'."""
    told = ["# Codecs", "", "A codec carries one value: `decode` for reading, `encode` for writing or refusing, and the *domain* that it promises to",
            "carry, from which the contract kit makes its values. The names are those that data (an overlay) may use.",
            "How to write one of your own: [write a codec](../how-to/write-a-codec.md)."]  # fmt: skip
    own = {name: make for name, make in codecs.BY_NAME.items() if make.__module__.startswith("anyerp.")}
    for name, make in sorted(own.items()):  # a connector that is loaded has added its own
        shown = codecs.choice if name == "choice" else make
        where = shown.__module__.replace("anyerp.lens.codecs", "anyerp.lens")
        told += ["", f"## {name}", "", "```text", f"{where}.{signature(shown)}", "```", "", plain(shown.__doc__)]
    return "\n".join(told)


PICTURE = """```text
 anyerp_connectors      once, when the first connector is looked up
        │
 anyerp_ready           once, behind it
        │
        ▼
 anyerp.connect(NAME)
        │
        ├─ anyerp_credentials    where the secrets say  from = "vault:..."
        ├─ anyerp_transport      where no client was given
        ▼
 each request ──► the ERP ──► anyerp_observe    each attempt, behind it
```"""


def hooks() -> str:
    """The five hooks."""
    told = ["# Hooks", "", "The order of calls:", "", PICTURE, "",
            "A plugin names its module in the entry-point group `anyerp.v1`; functions marked `hookimpl` are its hooks. An implementation may",
            "take fewer arguments than are offered. One that raises is noted (`anyerp connectors` shows it) and disturbs nobody."]  # fmt: skip
    for name, hook in vars(Hooks).items():
        if not name.startswith("anyerp_"):
            continue
        arguments = list(inspect.signature(hook).parameters)[1:]
        told += ["", f"## {name}({', '.join(arguments)})", "", hook_text(inspect.cleandoc(hook.__doc__ or ""))]
    told += ["", "## ConnectorInfo", "", "::: anyerp.plugin.ConnectorInfo"]
    return "\n".join(told)


def hook_text(text: str) -> str:
    """A hook's words, and its sample as a program that runs."""
    words, _, sample = text.partition("@hookimpl")
    return f"{words.strip()}\n\n```python\nfrom anyerp.plugin import ConnectorInfo, hookimpl\n\n\n@hookimpl{textwrap.dedent(' ' * _indent(text) + sample).rstrip()}\n```"


def _indent(text: str) -> int:
    found = re.search(r"^( *)@hookimpl", text, re.MULTILINE)
    return len(found[1]) if found else 0


def every_error() -> str:
    """The tree of errors, and one section each."""
    tree = inspect.cleandoc(errors.__doc__ or "").split("\n\n")
    told = ["# Errors", "", tree[0], "", "```text", textwrap.dedent(tree[1]), "```", "", *tree[2:]]
    every = [*vars(errors).values(), *(getattr(connection, name) for name in connection.__all__)]
    for cls in every:
        if isinstance(cls, type) and issubclass(cls, errors.AnyErpError):
            told += ["", f"## {cls.__name__}", "", plain(cls.__doc__), "",
                     f"`code` is `{cls.code}`, `retry` is `{cls.retry}`."]  # fmt: skip
    return "\n".join(told)


def command_line() -> str:
    """Each command with its help."""
    from anyerp import cli  # noqa: PLC0415 - for its docstring alone

    told = ["# Command line", "", *inspect.cleandoc(cli.__doc__ or "").split("\n\n", 1)]
    for name in (name for name in app if not name.startswith("-")):
        function = app[name].default_command
        told += ["", f"## anyerp {name}", "", plain(function.__doc__), "", "| Argument | |", "| --- | --- |"]
        told += [f"| `{shown}` | {cell(text)} |" for shown, text in arguments(function)]
    return "\n".join(told)


def arguments(function: Any) -> Iterator[tuple[str, str]]:
    """Each argument as it is typed, with its help."""
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        notes = [extra.help for part in members(hints[name]) for extra in getattr(part, "__metadata__", ())]
        positional = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL)
        shown = name.upper() if positional else "--" + name.replace("_", "-")
        yield (
            (f"[{shown}]" if positional and parameter.default is not parameter.empty else shown),
            next((note for note in notes if note), ""),
        )


def law_page(law: Any) -> str:
    """One law."""
    said = sections(law)
    about = "a resource" if law.scope == "resource" else "the connector as a whole"
    chosen = f"{law.id} and RESOURCE" if law.scope == "resource" else law.id
    told = [f"# {law.id}", "", f"**{said['Title']}**", "", f"About {about}.", ""]
    for heading, part in (
        ("Why", "Why"),
        ("What is checked", "Checked"),
        ("If it fails", "If it fails"),
        ("Exemption", "Exempt"),
    ):
        told += [f"## {heading}", "", said[part][:1].upper() + said[part][1:], ""]
        if part == "If it fails":
            told += [
                "See it again by itself:",
                "",
                "```text",
                f"pytest --pyargs anyerp.testing.contract --connector NAME -k '{chosen}'",
                "```",
                "",
            ]
        if part == "Exempt" and "`Exemption`" in said[part]:
            told += ["How: [declare an exemption](../../how-to/declare-an-exemption.md).", ""]
    return "\n".join(told)


def laws() -> str:
    """The book of laws."""
    told = ["# Laws", "", f"The contract kit holds every connector to {len(LAWS)} laws: `anyerp check NAME`. Each has a page: why it is there, what is checked, what to do",
            "if it fails, and what exempts from it. Doors out are declared and published: an `Absent` field, a missing operation with its",
            "reason, an [exemption](../../how-to/declare-an-exemption.md).", "", "| Law | Says |", "| --- | --- |"]  # fmt: skip
    told += [f"| [{law.id}]({law.id}.md) | {cell(sections(law)['Title'])} |" for _, law in sorted(LAWS.items())]
    return "\n".join(told)


def kits() -> str:
    """The protocol kits, module by module."""
    import anyerp.kits as package  # noqa: PLC0415 - for its path alone

    names = sorted(
        found.name for found in pkgutil.walk_packages(package.__path__, "anyerp.kits.")
        if not found.name.rpartition(".")[2].startswith("_")
    )  # fmt: skip
    told = ["# Protocol kits", "", "What several ERPs share, so that a connector is short.", ""]
    return "\n".join([*told, *(f"::: {name}" for name in names)])


def python() -> str:
    """What a host holds."""
    told = [
        "# Python API of hosts",
        "",
        "All of it can be imported from `anyerp.connection`; `anyerp` itself has the most used.",
        "",
    ]
    found = (getattr(connection, name) for name in connection.__all__)
    return "\n".join(
        [*told, *(f"::: {one.__module__}.{one.__name__}" for one in found), "::: anyerp.connection.consent"]
    )


def routes() -> dict[tuple[str, str], tuple[str, str]]:
    """The hub's calls over HTTP by path and method: what each does, and its parameters; `{resource}` for any of them."""
    with tempfile.TemporaryDirectory() as folder, Hub(f"sqlite:///{folder}/docs.db") as hub:
        paths = create_app(hub, pages=False).openapi()["paths"]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for path, methods in paths.items():
        steps = ["{resource}" if step in RESOURCES else step for step in path.split("/")]
        general = "/".join(steps)
        for method, told in methods.items():
            words = told.get("description") or told.get("summary") or ""
            if general != path:
                name = next(step for step in path.split("/") if step in RESOURCES).replace("_", " ")
                words = words.replace(f"one of the {name}", "a record").replace(name, "records")
            given = ", ".join(f"`{one['name']}`" for one in told.get("parameters", ()) if one["in"] == "query")
            found.setdefault((general, method.upper()), (words.partition("\n\n")[0], given))
    return found


def http() -> str:
    """The hub over HTTP."""
    told = ["# HTTP", "",
            "What the hub serves (`anyerp-hub[web]`). A call carries `Authorization: Bearer TOKEN`, the token of a connection. Errors are",
            "`application/problem+json` (RFC 9457) with the facts of [the error](errors.md): `code`, `retry`, `hint`, `problems`. The server's own",
            "`/openapi.json` describes every body; records are those of [the model](model.md), and `{resource}` is one of its names.", "",
            "| Call | Does | Query |", "| --- | --- | --- |"]  # fmt: skip
    told += [f"| `{method} {path}` | {cell(words)} | {given} |" for (path, method), (words, given) in routes().items()]
    return "\n".join(told)


def decisions() -> str:
    """The decisions that were taken, one screen each."""
    told = ["# Decisions", "", "What was decided, why, and what was left aside; one screen each.", ""]
    for page in sorted(DOCS.joinpath("decisions").glob("0*.md")):
        heading = page.read_text("utf-8").partition("\n")[0].removeprefix("# ")
        told.append(f"* [{heading}]({page.name})")
    return "\n".join(told)


def main() -> None:
    """Write every page, and take away those of laws that are no more."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    made = pages()
    for page in DOCS.joinpath("reference", "laws").glob("*.md"):
        if f"reference/laws/{page.name}" not in made:
            page.unlink()
    for path, text in made.items():
        DOCS.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        DOCS.joinpath(path).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
