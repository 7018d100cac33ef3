# ruff: noqa: E501 - prose
"""The page of what a connector is made of."""

from __future__ import annotations

from typing import Any

from anyerp import connector
from anyerp.lens import codec, domain, lens, path
from anyerp.lens.changes import Changes, ListChanges

from pages.api import module, section

HEAD = """# Connectors and flows

What a connector is made of. Everything up to `by_status` is exported by `anyerp.connector`; `Changes`, `Lens`, `Codec` and `Refused`
by `anyerp.lens`. How each operation is written: [write](../how-to/write.md), [page](../how-to/page.md),
[log on](../how-to/log-on.md), [explain errors](../how-to/explain-errors.md).

| Function | Is given | Gives | Kind |
| --- | --- | --- | --- |
| `base_url` | settings | the address, without a slash at its end | plain |
| `authorize` | ctx | headers | flow |
| `renew` | ctx, response (401 or 403) | whether once more makes sense | plain |
| `explain` | ctx, request, response | an `AnyErpError`, which is then raised | plain |
| `page` | ctx, query, state (None: the first page) | `PageAnswer` | flow |
| `get` | ctx, id | the native record | flow |
| `find` | ctx, key | the whole native record, as `get` gives it; None | flow |
| `create` | ctx, native | the native record as it was made | flow |
| `update` | ctx, id, native (as it was read a moment ago), changes | nothing | flow |
| `cancel`, `close`, `delete` | ctx, id, native | nothing | flow |
| `resolve` | ctx, the unified record | the unified record with ids | flow |
| `given` | ctx | native members that every record has | plain |
| `listed` | a native path | whether rows of a page have it | plain |

A *flow* is a generator: `yield from ask(request)` gives the response, `return` ends it with what it gives. Where nothing is asked, a
plain function returns `done(value)`. A native record is the ERP's own, as `response.json()` gives it: dicts, lists, text, and `Decimal`
for numbers with a fraction."""

#: In the order in which an author meets them.
NAMES = ("Connector", "Resource", "Context", "Query", "PageAnswer", "Request", "Response", "Headers", "Wait", "ask", "done",
         "by_status", "BatchAnswer", "Limits", "Exemption", "TokenStore", "Consent", "ConsentRequest")  # fmt: skip


def connectors() -> str:
    """The declaration, what a flow is given and gives, and the lens as far as a flow sees it."""
    told = [HEAD]
    for name in NAMES:
        told += section(getattr(connector, name), name)
    more: list[Any] = [Changes, ListChanges, lens.Lens, lens.Written, codec.Codec, codec.Refused]
    for thing in more:
        told += section(thing, thing.__name__)
    return "\n".join([*told, *module(domain.__name__), *module(path.__name__)])
