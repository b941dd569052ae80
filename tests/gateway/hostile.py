"""Requests that must not reach Stripe: each with the bytes of a caller who means it, and its code.

`TOKEN` stands for a good token that may do everything in test mode. Each row is one attack or one
mistake that two servers could read differently.
"""

from aboard.core.lending.refusals import RefusalCode as Code

_HEAD = b"Host: 127.0.0.1\r\nAuthorization: Bearer TOKEN\r\n"
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
_JSON = b"Content-Type: application/json\r\n"


def get(target: bytes, *lines: bytes) -> bytes:
    more = b"".join(line + b"\r\n" for line in lines)
    return b"GET %b HTTP/1.1\r\n%b%b\r\n" % (target, _HEAD, more)


def post(target: bytes, *lines: bytes, body: bytes = b"") -> bytes:
    more = b"".join(line + b"\r\n" for line in lines)
    return b"POST %b HTTP/1.1\r\n%b%b\r\n%b" % (target, _HEAD, more, body)


def form(body: bytes, *lines: bytes, target: bytes = b"/v1/account_links") -> bytes:
    return post(target, _FORM.strip(), b"Content-Length: %d" % len(body), *lines, body=body)


def chunked(body: bytes, *lines: bytes) -> bytes:
    return post(
        b"/v1/account_links", _FORM.strip(), b"Transfer-Encoding: chunked", *lines, body=body
    )


_GOOD = b"account=acct_1"
_THERE = b"/v1/accounts/acct_1"
_ESCAPED = b"".join(b"%%%02x" % byte for byte in b"aboard_test_")

HOSTILE: dict[str, tuple[bytes, Code]] = {
    # Who calls
    "no token": (b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\n\r\n", Code.CALLER_MISSING),
    "another scheme": (
        b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: Digest TOKEN\r\n\r\n",
        Code.CALLER_MISSING,
    ),
    "Stripe's own key": (
        b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_test_x\r\n\r\n",
        Code.CALLER_UNKNOWN,
    ),
    "a token of nobody": (
        b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer aboard_test_"
        + b"n" * 43
        + b"\r\n\r\n",
        Code.CALLER_UNKNOWN,
    ),
    "a token with a tail": (
        b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKENx\r\n\r\n",
        Code.CALLER_UNKNOWN,
    ),
    "two tokens in one": (
        b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN, TOKEN\r\n\r\n",
        Code.CALLER_UNKNOWN,
    ),
    "two authorizations": (
        get(b"/v1/accounts", b"Authorization: Bearer sk_test_x"),
        Code.CALLER_AMBIGUOUS,
    ),
    "basic that is no base64": (
        b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ***\r\n\r\n",
        Code.CALLER_UNKNOWN,
    ),
    "basic with a password": (
        b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi\r\n\r\n",
        Code.CALLER_AMBIGUOUS,
    ),
    # A token where it would go up
    "a token in the query": (get(b"/v1/accounts?api_key=TOKEN"), Code.TOKEN_MISPLACED),
    "a token in the path": (get(b"/v1/accounts/TOKEN"), Code.TOKEN_MISPLACED),
    "an escaped token in the query": (
        get(b"/v1/accounts?k=%61REST".replace(b"REST", b"TOKEN"[:0] + b"board_test_" + b"x" * 43)),
        Code.TOKEN_MISPLACED,
    ),
    "a token behind half an escape": (
        get(b"/v1/accounts?k=%6%61board_test_" + b"x" * 43),
        Code.TOKEN_MISPLACED,
    ),
    "a token escaped twice": (
        get(b"/v1/accounts?k=%2561board_test_" + b"x" * 43),
        Code.TOKEN_MISPLACED,
    ),
    "a token as idempotency key": (
        form(_GOOD, b"Idempotency-Key: TOKEN"),
        Code.TOKEN_MISPLACED,
    ),
    "a token as user agent": (get(_THERE, b"User-Agent: TOKEN"), Code.TOKEN_MISPLACED),
    "a token as Stripe-Account": (get(_THERE, b"Stripe-Account: TOKEN"), Code.TOKEN_MISPLACED),
    "a token in a form": (form(b"account=acct_1&x=aboard_test_" + b"x" * 43), Code.TOKEN_MISPLACED),
    "a token in a form, escaped": (
        form(b"account=acct_1&x=" + _ESCAPED + b"x" * 43),
        Code.TOKEN_MISPLACED,
    ),
    "a token in JSON": (
        post(
            b"/v2/core/account_links",
            _JSON.strip(),
            b"Content-Length: 63",
            body=b'{"x":"aboard_test_' + b"x" * 43 + b'"}',
        ),
        Code.TOKEN_MISPLACED,
    ),
    "a token in two chunks": (
        chunked(b"11\r\naccount=aboard_te\r\n2e\r\nst_" + b"x" * 43 + b"\r\n0\r\n\r\n"),
        Code.TOKEN_MISPLACED,
    ),
    # Targets
    "an absolute address": (get(b"http://127.0.0.1/v1/accounts"), Code.TARGET_REFUSED),
    "another host's address": (get(b"http://example.com/v1/accounts"), Code.TARGET_REFUSED),
    "another scheme's address": (get(b"ftp://example.com/v1/accounts"), Code.TARGET_REFUSED),
    "a target without a scheme": (get(b"//example.com/v1/accounts"), Code.TARGET_REFUSED),
    "an authority": (
        b"CONNECT api.stripe.com:443 HTTP/1.1\r\n" + _HEAD + b"\r\n",
        Code.TARGET_REFUSED,
    ),
    "an asterisk": (b"OPTIONS * HTTP/1.1\r\n" + _HEAD + b"\r\n", Code.TARGET_REFUSED),
    "a target too long": (get(b"/v1/accounts?x=" + b"a" * 17_000), Code.TARGET_REFUSED),
    "bytes beyond ASCII in the path": (get(b"/v1/accounts/\xc3\xa9"), Code.TARGET_REFUSED),
    "a quotation mark in the path": (get(b'/v1/accounts/"'), Code.PATH_REFUSED),
    "a fragment": (get(b"/v1/accounts#x"), Code.PATH_REFUSED),
    # Paths
    "dot segments": (get(b"/v1/accounts/../payouts"), Code.PATH_REFUSED),
    "a single dot": (get(b"/v1/./accounts"), Code.PATH_REFUSED),
    "escaped dots": (get(b"/v1/accounts/%2e%2e/payouts"), Code.PATH_REFUSED),
    "half escaped dots": (get(b"/v1/accounts/.%2e/payouts"), Code.PATH_REFUSED),
    "dots escaped twice": (get(b"/v1/accounts/%252e%252e/payouts"), Code.PATH_REFUSED),
    "an escaped slash": (get(b"/v1/accounts/acct_1%2Fpersons"), Code.PATH_REFUSED),
    "a slash escaped twice": (get(b"/v1/accounts/acct_1%252Fpersons"), Code.PATH_REFUSED),
    "a backslash": (get(b"/v1/accounts\\..\\payouts"), Code.PATH_REFUSED),
    "an escaped backslash": (get(b"/v1/accounts/%5c..%5cpayouts"), Code.PATH_REFUSED),
    "mixed slashes": (get(b"/v1/accounts/..\\/payouts"), Code.PATH_REFUSED),
    "two slashes": (get(b"/v1//accounts"), Code.PATH_REFUSED),
    "an escaped NUL": (get(b"/v1/accounts/acct_1%00"), Code.PATH_REFUSED),
    "an escaped line break": (get(b"/v1/accounts/acct_1%0d%0ax"), Code.PATH_REFUSED),
    "an escaped question mark": (get(b"/v1/accounts%3Flimit=1"), Code.PATH_REFUSED),
    "path parameters": (get(b"/v1/accounts;x=1"), Code.PATH_REFUSED),
    "an overlong dot": (get(b"/v1/accounts/%c0%ae%c0%ae/payouts"), Code.PATH_REFUSED),
    "a broken escape": (get(b"/v1/accounts/%zz"), Code.PATH_REFUSED),
    "a letter escaped without need": (get(b"/v1/%61ccounts"), Code.PATH_REFUSED),
    # Operations
    "a path of nobody": (get(b"/v1/customers"), Code.OPERATION_UNKNOWN),
    "the root": (get(b"/"), Code.OPERATION_UNKNOWN),
    "a slash at the end": (get(b"/v1/accounts/"), Code.OPERATION_UNKNOWN),
    "a longer path": (get(_THERE + b"/payouts/x/y"), Code.OPERATION_UNKNOWN),
    "upper case": (get(b"/V1/accounts"), Code.OPERATION_UNKNOWN),
    "the sandbox's control": (get(b"/_sandbox/"), Code.OPERATION_UNKNOWN),
    "another method": (
        b"PUT /v1/accounts HTTP/1.1\r\n" + _HEAD + b"Content-Length: 0\r\n\r\n",
        Code.METHOD_NOT_ALLOWED,
    ),
    "a head instead of a get": (
        b"HEAD /v1/accounts HTTP/1.1\r\n" + _HEAD + b"\r\n",
        Code.METHOD_NOT_ALLOWED,
    ),
    # Hosts
    "no host": (
        b"GET /v1/accounts HTTP/1.1\r\nAuthorization: Bearer TOKEN\r\n\r\n",
        Code.HOST_REFUSED,
    ),
    "two hosts": (get(b"/v1/accounts", b"Host: example.com"), Code.HOST_REFUSED),
    "a host with a path": (
        b"GET /v1/accounts HTTP/1.1\r\nHost: x/v1\r\nAuthorization: Bearer TOKEN\r\n\r\n",
        Code.HOST_REFUSED,
    ),
    "a host with a user": (
        b"GET /v1/accounts HTTP/1.1\r\nHost: a@b\r\nAuthorization: Bearer TOKEN\r\n\r\n",
        Code.HOST_REFUSED,
    ),
    # Headers
    "a folded header": (get(_THERE, b"X-Long: a\r\n b"), Code.HEADER_REFUSED),
    "a blank before the colon": (get(_THERE, b"Stripe-Account : acct_2"), Code.HEADER_REFUSED),
    "a blank before the name": (
        b"GET /v1/accounts HTTP/1.1\r\n Host: x\r\n\r\n",
        Code.HEADER_REFUSED,
    ),
    "a header without a name": (get(_THERE, b": acct_2"), Code.HEADER_REFUSED),
    "a header without a colon": (get(_THERE, b"Stripe-Account"), Code.HEADER_REFUSED),
    "a NUL in a header": (get(_THERE, b"Stripe-Account: acct_\x002"), Code.HEADER_REFUSED),
    "a bare carriage return": (get(_THERE, b"X: a\rStripe-Account: acct_2"), Code.HEADER_REFUSED),
    "an underscore in a name": (get(_THERE, b"Stripe_Account: acct_2"), Code.HEADER_REFUSED),
    "Stripe-Account twice": (
        get(_THERE, b"Stripe-Account: acct_1", b"Stripe-Account: acct_2"),
        Code.HEADER_REFUSED,
    ),
    "Idempotency-Key twice": (
        form(_GOOD, b"Idempotency-Key: a", b"Idempotency-Key: b"),
        Code.HEADER_REFUSED,
    ),
    "two content types": (
        form(_GOOD, b"Content-Type: application/json"),
        Code.HEADER_REFUSED,
    ),
    "a header taken away by Connection": (
        get(_THERE, b"Stripe-Account: acct_1", b"Connection: close, Stripe-Account"),
        Code.HEADER_REFUSED,
    ),
    "an upgrade": (
        get(_THERE, b"Connection: upgrade", b"Upgrade: h2c"),
        Code.HEADER_REFUSED,
    ),
    "a websocket": (
        get(_THERE, b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Key: x"),
        Code.HEADER_REFUSED,
    ),
    "an unknown expectation": (form(_GOOD, b"Expect: a-miracle"), Code.HEADER_REFUSED),
    "too much of a head": (get(_THERE, b"X: " + b"a" * 70_000), Code.HEADER_REFUSED),
    # Framing
    "a length and chunks": (
        chunked(b"0\r\n\r\n", b"Content-Length: 5"),
        Code.FRAMING_REFUSED,
    ),
    "chunks and a length": (
        post(
            b"/v1/account_links",
            b"Content-Length: 5",
            b"Transfer-Encoding: chunked",
            body=b"0\r\n\r\nGET /v1/payouts HTTP/1.1\r\nHost: x\r\n\r\n",
        ),
        Code.FRAMING_REFUSED,
    ),
    "two lengths": (form(_GOOD, b"Content-Length: 3"), Code.FRAMING_REFUSED),
    "two equal lengths": (form(_GOOD, b"Content-Length: 14"), Code.FRAMING_REFUSED),
    "a list of lengths": (
        post(b"/v1/account_links", b"Content-Length: 14, 14", body=_GOOD),
        Code.FRAMING_REFUSED,
    ),
    "a length with a sign": (
        post(b"/v1/account_links", b"Content-Length: +14", body=_GOOD),
        Code.FRAMING_REFUSED,
    ),
    "a length below nothing": (
        post(b"/v1/account_links", b"Content-Length: -1"),
        Code.FRAMING_REFUSED,
    ),
    "a length in hexadecimal": (
        post(b"/v1/account_links", b"Content-Length: 0x0e", body=_GOOD),
        Code.FRAMING_REFUSED,
    ),
    "an endless length": (
        post(b"/v1/account_links", b"Content-Length: " + b"9" * 30),
        Code.FRAMING_REFUSED,
    ),
    "another coding": (
        post(b"/v1/account_links", _FORM.strip(), b"Transfer-Encoding: identity", body=_GOOD),
        Code.FRAMING_REFUSED,
    ),
    "two codings": (
        post(b"/v1/account_links", b"Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
        Code.FRAMING_REFUSED,
    ),
    "chunked twice": (
        post(b"/v1/account_links", b"Transfer-Encoding: chunked, chunked", body=b"0\r\n\r\n"),
        Code.FRAMING_REFUSED,
    ),
    "chunked that is not": (
        post(b"/v1/account_links", b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
        Code.FRAMING_REFUSED,
    ),
    "a size that is no number": (chunked(b"zz\r\n\r\n"), Code.FRAMING_REFUSED),
    "a size too large": (chunked(b"f" * 17 + b"\r\n"), Code.FRAMING_REFUSED),
    "a chunk longer than said": (chunked(b"1\r\nabc\r\n0\r\n\r\n"), Code.FRAMING_REFUSED),
    "chunks in HTTP/1.0": (
        b"POST /v1/account_links HTTP/1.0\r\n" + _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\n",
        Code.FRAMING_REFUSED,
    ),
    # What is no request of HTTP/1.1
    "a method of nobody": (b"STEAL /v1/accounts HTTP/1.1\r\n\r\n", Code.REQUEST_MALFORMED),
    "a method in lower case": (b"get /v1/accounts HTTP/1.1\r\n\r\n", Code.REQUEST_MALFORMED),
    "HTTP/0.9": (b"GET /v1/accounts\r\n\r\n", Code.REQUEST_MALFORMED),
    "HTTP/1.2": (b"GET /v1/accounts HTTP/1.2\r\n\r\n", Code.REQUEST_MALFORMED),
    "HTTP/2 without being asked": (
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        Code.REQUEST_MALFORMED,
    ),
    "TLS on a plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03", Code.REQUEST_MALFORMED),
    "bare line feeds": (b"GET /v1/accounts HTTP/1.1\nHost: x\n\n", Code.REQUEST_MALFORMED),
    # Bodies
    "a body of a get": (
        get(_THERE, b"Content-Length: 2") + b"{}",
        Code.BODY_TOO_LARGE,
    ),
    "JSON where a form belongs": (
        post(b"/v1/account_links", _JSON.strip(), b"Content-Length: 2", body=b"{}"),
        Code.MEDIA_TYPE_REFUSED,
    ),
    "a form where JSON belongs": (
        form(_GOOD, target=b"/v2/core/account_links"),
        Code.MEDIA_TYPE_REFUSED,
    ),
    "a body of no type": (
        post(b"/v1/account_links", b"Content-Length: 14", body=_GOOD),
        Code.MEDIA_TYPE_REFUSED,
    ),
    "a compressed body": (form(_GOOD, b"Content-Encoding: gzip"), Code.MEDIA_TYPE_REFUSED),
    "another charset": (
        post(
            b"/v1/account_links",
            _FORM.strip() + b"; charset=utf-16",
            b"Content-Length: 14",
            body=_GOOD,
        ),
        Code.MEDIA_TYPE_REFUSED,
    ),
    "a body announced too large": (
        post(b"/v1/account_links", _FORM.strip(), b"Content-Length: 2000000"),
        Code.BODY_TOO_LARGE,
    ),
}
