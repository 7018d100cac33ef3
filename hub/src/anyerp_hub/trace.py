"""OpenTelemetry spans, where its API is installed (extra `[otel]`): names, ids and outcomes, never what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from anyerp.errors import AnyErpError


class Span:
    """What may be said of a span. Without OpenTelemetry nobody hears it."""

    def __init__(self, inner: Any = None) -> None:
        self._inner = inner

    def say(self, **attributes: Any) -> None:
        """Attributes, a double underscore for each dot; None is left out."""
        if self._inner is not None:
            for name, value in attributes.items():
                if value is not None:
                    self._inner.set_attribute(name.replace("__", "."), value)

    def failed(self, kind: str) -> None:
        """Mark it as failed: by a code or the name of an exception, since a message may hold what is private."""
        if self._inner is not None:
            from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415

            self.say(error__type=kind)
            self._inner.set_status(Status(StatusCode.ERROR, kind))


@contextmanager
def span(name: str, kind: Literal["client", "consumer", "producer"], **attributes: Any) -> Iterator[Span]:
    """A span around a block; an exception marks it as failed and goes on its way."""
    try:
        from opentelemetry import trace  # noqa: PLC0415 - only where something is done, and only if it is there
    except ImportError:
        yield Span()
        return
    tracer = trace.get_tracer("anyerp.hub")
    options: dict[str, Any] = {"record_exception": False, "set_status_on_exception": False}
    with tracer.start_as_current_span(name, kind=trace.SpanKind[kind.upper()], **options) as inner:
        found = Span(inner)
        found.say(**attributes)
        try:
            yield found
        except BaseException as error:
            found.failed(error.code if isinstance(error, AnyErpError) else type(error).__name__)
            raise
