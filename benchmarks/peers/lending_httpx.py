"""What one writes to keep a key on the server: FastAPI takes everything, httpx sends it on.

One client for all requests, the key in place of what came, no allow-list, nothing written down.

Source: FastAPI's "Using the Request Directly"; HTTPX's "Async Support" and "Clients".
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request, Response

KEY = os.environ["BENCH_STRIPE_KEY"]
CLIENT = httpx.AsyncClient(
    base_url=os.environ["BENCH_STRIPE_API"],
    timeout=30,
    limits=httpx.Limits(max_connections=200, max_keepalive_connections=200),
)
KEPT = ("content-type", "stripe-account", "stripe-version", "idempotency-key")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
    yield
    await CLIENT.aclose()


app = FastAPI(lifespan=lifespan)


@app.api_route("/{path:path}", methods=["GET", "POST", "DELETE"])
async def lend(request: Request, path: str) -> Response:
    headers = {name: request.headers[name] for name in KEPT if name in request.headers}
    headers["authorization"] = f"Bearer {KEY}"
    answer = await CLIENT.request(
        request.method,
        f"/{path}",
        params=request.query_params,
        headers=headers,
        content=await request.body(),
    )
    kept = {"content-type": answer.headers["content-type"]}
    return Response(answer.content, answer.status_code, kept)
