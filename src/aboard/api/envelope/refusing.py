"""How does a face under `/api/v1` tell what went wrong with a request? In the envelope.

Source: docs/api/creators.md, errors.
"""

from typing import Any

from litestar import Request

from aboard.api.envelope.errors import word_refusal
from aboard.api.envelope.schemas import Failed
from aboard.flows.platform import Platform
from aboard.web.answer import Answer
from aboard.web.door import wished_language
from aboard.web.exchange import exchange_of
from aboard.web.refusals import is_platforms_fault, recognise


def refuse(platform: Platform, request: Request[Any, Any, Any], error: Exception) -> Answer[Failed]:
    """Return the answer that says what went wrong, in the reader's language."""
    exchange = exchange_of(request.scope)
    request_id = exchange.request_id
    refused = recognise(error, platform, request_id)
    exchange.is_our_refusal = is_platforms_fault(refused.cause)
    language = wished_language(request.scope)
    return word_refusal(refused, request_id=request_id, language=language)
