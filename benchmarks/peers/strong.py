"""The strong peer: asynchronous FastAPI, the Stripe SDK's asynchronous calls, aiosqlite.

`BENCH_STRIPE_HTTP=httpx` uses the SDK's default asynchronous client, `aiohttp` its faster one.

Source: FastAPI's "Lifespan Events" and "OAuth2 with Password, Bearer with JWT tokens";
stripe-python's README ("Async", `http_client=stripe.AIOHTTPClient()`); aiosqlite's README.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

import aiosqlite
import stripe
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.security import OAuth2PasswordBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel

KEY = OctKey.import_key(os.environ["BENCH_JWT_SECRET"])
CLAIMS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": os.environ["BENCH_JWT_ISSUER"]},
    aud={"essential": True, "value": os.environ["BENCH_JWT_AUDIENCE"]},
    sub={"essential": True},
    exp={"essential": True},
)
HTTP_CLIENTS = {"aiohttp": stripe.AIOHTTPClient, "httpx": stripe.HTTPXClient}


class Link(BaseModel):
    onboardingUrl: str  # noqa: N815 - the wire's spelling


class Envelope(BaseModel):
    success: bool
    data: Link


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    app.state.stripe = stripe.StripeClient(
        os.environ["BENCH_STRIPE_KEY"],
        base_addresses={"api": os.environ["BENCH_STRIPE_API"]},
        http_client=HTTP_CLIENTS[os.environ["BENCH_STRIPE_HTTP"]](),
    )
    async with aiosqlite.connect(os.environ["BENCH_DATABASE"]) as app.state.database:
        yield


oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")
app = FastAPI(lifespan=lifespan)


async def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]) -> str:
    try:
        claims = jwt.decode(token, KEY, algorithms=["HS256"]).claims
        CLAIMS.validate(claims)
    except JoseError:
        raise HTTPException(status_code=401, detail="Could not validate credentials") from None
    return str(claims["sub"])


UserDep = Annotated[str, Depends(get_current_user)]


@app.post("/api/v1/creators/stripe-connect/refresh-link")
async def refresh_link(request: Request, user_id: UserDep, response: Response) -> Envelope:
    question = "SELECT stripe_account_id FROM creators WHERE user_id = ?"
    async with request.app.state.database.execute(question, (user_id,)) as cursor:
        row = await cursor.fetchone()
    if row is None:
        raise HTTPException(status_code=404, detail="Not a creator")
    if row[0] is None:
        raise HTTPException(status_code=400, detail="No connected account")
    link = await request.app.state.stripe.v1.account_links.create_async(
        params={
            "account": row[0],
            "refresh_url": os.environ["BENCH_REFRESH_URL"],
            "return_url": os.environ["BENCH_RETURN_URL"],
            "type": "account_onboarding",
        }
    )
    response.headers["Cache-Control"] = "no-store"
    return Envelope(success=True, data=Link(onboardingUrl=link.url))
