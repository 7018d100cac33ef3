"""What is told of a connector that is not what it should be: the cause and its remedy, and not those of a law."""

from dataclasses import replace
from typing import Any

import pytest
from acme_erp.connector import CONNECTOR, Table
from acme_erp.sandbox import AcmeSandbox
from acme_mutants.mutant import acme, orders
from anyerp.connector import Connector, Context, Flow, PageAnswer, Query, Request, Response, ask
from anyerp.testing.check import check, judged, subject_of
from anyerp.testing.contract import LAWS
from anyerp.testing.sandbox import Call


class Forgetful(Table):
    """One who forgets `yield from`."""

    def get(self, ctx: Context, id: str) -> Any:
        """A flow that is not run."""
        yield from ()
        return ask(Request("GET", f"{self.path}/{id}")).json()  # type: ignore[attr-defined]


class Raw(Table):
    """One who gives what came."""

    def get(self, ctx: Context, id: str) -> Any:
        """The response."""
        return (yield from ask(Request("GET", self.path, {"id": id})))


class Plain(Table):
    """One who gives no flow."""

    def get(self, ctx: Context, id: str) -> Any:
        """A value."""
        return {"id": id}


class Odd(Table):
    """One who yields an address."""

    def get(self, ctx: Context, id: str) -> Any:
        """An address."""
        return (yield f"{self.path}/{id}")


class Rows(Table):
    """One who gives rows for a page."""

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """Rows."""
        return (yield from ask(Request("GET", self.path))).json()  # type: ignore[no-any-return]


class Raises(AcmeSandbox):
    """A sandbox with a mistake."""

    def handle(self, call: Call) -> Response:
        """Make it."""
        return {}["no such key"]  # type: ignore[no-any-return]


class Answers(AcmeSandbox):
    """A sandbox that answers with a body only."""

    def handle(self, call: Call) -> Response:
        """Give the body."""
        return {"data": []}  # type: ignore[return-value]


def by(table: type[Table]) -> Connector:
    return orders(table=table("orders"))


def told(connector: Connector, law: str = "paging.same") -> str:
    return judged(subject_of(connector, entry="acme_erp"), LAWS[law], "purchase_orders").detail


@pytest.mark.parametrize(
    ("connector", "cause", "remedy"),
    [
        (
            by(Forgetful),
            "AttributeError: 'generator' object has no attribute 'json' (test_escaped.py, line",
            "`yield from`",
        ),
        (by(Raw), "TypeError: 'Response' object is not a mapping", "give the native record, a dict"),
        (
            by(Plain),
            "TypeError: a flow yields a Request or a Wait, not a str: write `yield from ask",
            "mend the line that is named",
        ),
        (by(Odd), "TypeError: a flow yields a Request or a Wait, not a str", "mend the line that is named"),
        (by(Rows), "has no attribute 'next'", "`page` gives a `PageAnswer`"),
        (acme(authorize=lambda ctx: {}), "authorize gives a dict in place of a flow", "mend the line that is named"),
        (
            acme(sandbox=Raises),
            "the sandbox failed at POST /login: KeyError: 'no such key' (test_esc",
            "the sandbox comes first",
        ),
        (
            acme(sandbox=Answers),
            "the sandbox answered POST with a dict, which is no Response",
            "the sandbox comes first",
        ),
    ],
)
def test_the_cause_is_told_with_its_own_remedy(connector: Connector, cause: str, remedy: str) -> None:
    detail = told(connector)
    assert cause in detail.splitlines()[0]
    assert remedy in detail.splitlines()[1]
    assert detail.splitlines()[-1].startswith("Reproduce with: ")


def test_a_law_that_looks_for_foreign_exceptions_knows_the_same_remedy() -> None:
    assert "To mend it: a flow was called and not run: write `yield from`" in told(by(Forgetful), "errors.missing")


def test_a_list_that_cannot_be_read_is_to_be_mended_before_the_laws_that_read_it() -> None:
    first, second = told(orders(rows="nowhere"), "lens.settle").splitlines()[:2]
    assert first.startswith("purchase_orders cannot be listed: ")
    assert second == "To mend it: the list of this resource comes first (`page`, `rows`); the law was not judged."


def test_a_cause_is_told_in_full_once() -> None:
    text = check(acme(sandbox=Raises), entry="acme_erp").text()
    assert text.count("KeyError: 'no such key'") > text.count("To mend it: the sandbox comes first") == 1
    assert "as above: the sandbox failed at POST /login" in text


def test_a_connector_has_the_name_that_its_plugin_announces() -> None:
    subject = replace(subject_of(CONNECTOR, entry="acme_erp"), named="acme-erp")
    detail = judged(subject, LAWS["declaration.limits"], "").detail
    assert detail.startswith("the plugin announces 'acme-erp', and its connector is called 'acme'")


def test_a_resource_that_nobody_knows_is_told_which_there_are() -> None:
    subject = subject_of(acme(resources={"orders": CONNECTOR.resources["purchase_orders"]}), entry="acme_erp")
    assert "purchase_orders (PurchaseOrder)" in judged(subject, LAWS["declaration.operations"], "orders").detail


def test_a_sandbox_that_is_made_already_is_refused() -> None:
    with pytest.raises(ValueError, match="sandbox= is what makes one"):
        acme(sandbox=AcmeSandbox())


def test_a_page_that_may_be_followed_names_its_key() -> None:
    with pytest.raises(ValueError, match="needs key="):
        PageAnswer(b"[]", full=10)
