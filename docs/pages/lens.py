# ruff: noqa: E501 - prose
"""The pages of what a lens is made of: rules and codecs."""

from __future__ import annotations

import inspect
from typing import get_args

from anyerp.kits.odata import v2  # noqa: F401 - enters its codecs
from anyerp.lens import codecs, rule

from pages.rule_samples import RULE_SAMPLES
from pages.text import plain, signature


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
