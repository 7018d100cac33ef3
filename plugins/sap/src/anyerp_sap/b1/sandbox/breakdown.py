"""What is not the Service Layer's own voice: the Apache in front of it when its workers are too few or gone (§13)."""

from __future__ import annotations

from anyerp.wire import Headers, Response

_TEXTS = {
    404: ("Not Found", "The requested URL was not found on this server."),
    502: ("Proxy Error", "The proxy server received an invalid response from an upstream server."),
    503: (
        "Service Unavailable",
        "The server is temporarily unable to service your request due to maintenance downtime or capacity problems.",
    ),
}


def apache(status: int) -> Response:
    """An error page in HTML: 404, 502 or 503. There is no Retry-After."""
    title, text = _TEXTS[status]
    page = (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n'
        f"<html><head>\n<title>{status} {title}</title>\n</head>"
        f"<body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body></html>\n"
    )
    return Response(status, Headers({"Content-Type": "text/html; charset=iso-8859-1"}), page.encode())
