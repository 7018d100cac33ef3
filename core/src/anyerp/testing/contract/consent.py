"""The law of consent: a user who allows access in the browser is taken up with proof, and once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from anyerp.connection import Connection
from anyerp.connection.consent import Begun, begin, redeem
from anyerp.connector import ConsentRequest, Context
from anyerp.errors import AnyErpError, AuthError
from anyerp.testing.contract.auth import secrets_of
from anyerp.testing.inprocess import BASE_URL, Traffic, open_connection, prepared
from anyerp.testing.law import Broken, Skipped, law
from anyerp.testing.sample import fails
from anyerp.testing.sandbox import Call, Once, Sandbox, lose_after
from anyerp.testing.subject import Subject
from anyerp.wire import Headers

BACK = "https://host.example/callback"


@dataclass(slots=True)
class _Store:
    name: str = "the law of consent"
    facts: dict[str, str] = field(default_factory=dict)

    def load(self) -> Mapping[str, str]:
        """Give what was saved."""
        return dict(self.facts)

    def save(self, tokens: Mapping[str, str]) -> None:
        """Keep it."""
        self.facts = dict(tokens)


@law("auth.consent", "connector")
def consent(subject: Subject, _: str) -> None:
    """A user who consents in the browser is taken up with proof, once, and their code is not sent twice.

    Why: a code that others can use, or one that is used twice, is a key of the company in foreign hands.
    Checked: the address of the page carries the state, the redirect URI and the challenge (S256), and neither verifier
    nor secret; the sandbox's page leads back; the code gives tokens by which a list works; with another verifier, or
    used again, it is an `AuthError` and the tokens stay as they were; where the answer is lost it was sent once.
    If it fails: `page` and `redeem` of `anyerp.kits.consent` do all of it.
    Exempt: nothing; without `Connector.consent`, or `sandbox.consenting(redirect_uri)`, there is nothing to check.
    """
    way = subject.connector.consent
    if way is None:
        raise Skipped("nobody consents in a browser here")
    listed = next((name for name, one in subject.connector.resources.items() if one.page is not None), None)
    with subject.bench() as bench:
        box = bench.sandbox
        if listed is None or not hasattr(box, "consenting"):
            raise Skipped("the sandbox has no consenting(redirect_uri), or nothing can be listed")
        context = prepared(subject.connector, box.settings(BASE_URL), box.consenting(BACK))
        if type(context.credentials) is not way.credentials:
            raise Broken(f"sandbox.consenting gives no credentials of {way.credentials.__name__}")
        context.tokens = store = _Store()
        with open_connection(subject.connector, context, Traffic(), box) as erp:
            begun = begin(erp, BACK)
            _look(begun, context)
            _refused(erp, ConsentRequest.new(BACK), _code(box, begun), "a code with another verifier")
            code = _code(box, begun)
            redeem(erp, begun.asked, code)
            if not store.facts.get("refresh_token"):
                raise Broken("the store holds no refresh_token afterwards")
            try:
                erp.collection(listed).page(page_size=1)
            except AnyErpError as error:
                raise Broken(f"after the consent {listed} cannot be listed: {fails(error)}") from None
            _refused(erp, begun.asked, code, "a code that was used")
            code, before = _code(box, begun), len(box.calls)
            box.faults.append(Once(lose_after, times=5))
            with suppress(AnyErpError):
                redeem(erp, begun.asked, code)
            box.faults.clear()
            if (sent := len(box.calls) - before) != 1:
                raise Broken(f"a code whose answer was lost was sent {sent} times, one is allowed")


def _code(box: Sandbox, begun: Begun) -> str:
    """The code with which the sandbox's page leads back."""
    where = urlsplit(begun.url)
    answer = box.handle(Call("GET", f"{where.path}?{where.query}", Headers({"host": where.netloc})))
    back = parse_qs(urlsplit(answer.headers.get("location", "")).query)
    if back.get("state") != [begun.asked.state] or "code" not in back:
        raise Broken(f"the sandbox's page leads not back with state and code: it answers {answer.status}")
    return back["code"][0]


def _refused(erp: Connection, asked: ConsentRequest, code: str, what: str) -> None:
    """Hold a code that is good for nothing to being an `AuthError` that changes nothing."""
    store = erp._context.tokens  # noqa: SLF001 - of one package
    before = store.load()
    try:
        redeem(erp, asked, code)
    except AuthError:
        pass
    except AnyErpError as error:
        raise Broken(f"{what} is an AuthError, not {fails(error)}") from None
    else:
        raise Broken(f"{what} is taken")
    if store.load() != before:
        raise Broken(f"{what} changed the tokens that are kept")


def _look(begun: Begun, context: Context) -> None:
    """Hold the address of the page to what RFC 6749 and RFC 7636 want."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(begun.url).query).items()}
    wanted = {
        "response_type": "code",
        "redirect_uri": BACK,
        "state": begun.asked.state,
        "code_challenge": begun.asked.challenge,
        "code_challenge_method": "S256",
    }
    for name, value in wanted.items():
        if query.get(name) != value:
            raise Broken(f"the address of the page has not the right {name}")
    for secret in (begun.asked.verifier, *secrets_of(context.credentials).values()):
        if secret in unquote(begun.url) or secret in unquote_plus(begun.url):
            raise Broken("the address of the page tells the verifier or a secret")
