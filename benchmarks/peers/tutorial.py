"""The tutorial's way: synchronous FastAPI, a session dependency, the Stripe SDK's objects.

Source: FastAPI's tutorial, "SQL (Relational) Databases" and "OAuth2 with Password, Bearer with
JWT tokens"; stripe-python's README (StripeClient).
"""

import os
from collections.abc import Generator
from typing import Annotated

import stripe
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.security import OAuth2PasswordBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

KEY = OctKey.import_key(os.environ["BENCH_JWT_SECRET"])
CLAIMS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": os.environ["BENCH_JWT_ISSUER"]},
    aud={"essential": True, "value": os.environ["BENCH_JWT_AUDIENCE"]},
    sub={"essential": True},
    exp={"essential": True},
)


class Base(DeclarativeBase):
    pass


class Creator(Base):
    __tablename__ = "creators"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    stripe_account_id: Mapped[str | None]


class Link(BaseModel):
    onboardingUrl: str  # noqa: N815 - the wire's spelling


class Envelope(BaseModel):
    success: bool
    data: Link


engine = create_engine(
    f"sqlite:///{os.environ['BENCH_DATABASE']}", connect_args={"check_same_thread": False}
)
client = stripe.StripeClient(
    os.environ["BENCH_STRIPE_KEY"], base_addresses={"api": os.environ["BENCH_STRIPE_API"]}
)
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")
app = FastAPI()


def get_session() -> Generator[Session]:
    with Session(engine) as session:
        yield session


def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]) -> str:
    try:
        claims = jwt.decode(token, KEY, algorithms=["HS256"]).claims
        CLAIMS.validate(claims)
    except JoseError:
        raise HTTPException(status_code=401, detail="Could not validate credentials") from None
    return str(claims["sub"])


SessionDep = Annotated[Session, Depends(get_session)]
UserDep = Annotated[str, Depends(get_current_user)]


@app.post("/api/v1/creators/stripe-connect/refresh-link")
def refresh_link(session: SessionDep, user_id: UserDep, response: Response) -> Envelope:
    creator = session.get(Creator, user_id)
    if creator is None:
        raise HTTPException(status_code=404, detail="Not a creator")
    if creator.stripe_account_id is None:
        raise HTTPException(status_code=400, detail="No connected account")
    link = client.v1.account_links.create(
        params={
            "account": creator.stripe_account_id,
            "refresh_url": os.environ["BENCH_REFRESH_URL"],
            "return_url": os.environ["BENCH_RETURN_URL"],
            "type": "account_onboarding",
        }
    )
    response.headers["Cache-Control"] = "no-store"
    return Envelope(success=True, data=Link(onboardingUrl=link.url))
