"""What one writes for a status: a token, one row by owner with SQLAlchemy's session, one answer.

It stands on the same table as Aboard and answers the same fields.

Source: FastAPI's "SQL (Relational) Databases" and "OAuth2 with Password, Bearer with JWT tokens";
SQLAlchemy's "Asynchronous I/O (asyncio)".
"""

import json
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.security import OAuth2PasswordBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel
from sqlalchemy import BigInteger, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KEY = OctKey.import_key(os.environ["BENCH_JWT_SECRET"])
CLAIMS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": os.environ["BENCH_JWT_ISSUER"]},
    aud={"essential": True, "value": os.environ["BENCH_JWT_AUDIENCE"]},
    sub={"essential": True},
    exp={"essential": True},
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A pool as large as the work: with the default one, connections are opened and thrown away all day.
engine = create_async_engine(os.environ["BENCH_DATABASE"], pool_size=20, max_overflow=0)
session_of = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner_kind: Mapped[str]
    owner_id: Mapped[str]
    mode: Mapped[str]
    stripe_account_id: Mapped[str | None]
    readiness: Mapped[str]
    who_must_act: Mapped[str]
    synced_at: Mapped[int] = mapped_column(BigInteger)
    snapshot: Mapped[str]


class Connection(BaseModel):
    organizationId: str  # noqa: N815 - the wire's spelling
    mode: str
    stripeAccountId: str | None  # noqa: N815 - as above
    readiness: str
    whoMustAct: str  # noqa: N815 - as above
    chargesEnabled: bool  # noqa: N815 - as above
    payoutsEnabled: bool  # noqa: N815 - as above
    detailsSubmitted: bool  # noqa: N815 - as above
    capabilities: dict[str, str]
    disabledReason: str | None  # noqa: N815 - as above
    currentDeadline: datetime | None  # noqa: N815 - as above
    syncedAt: datetime  # noqa: N815 - as above
    source: str


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
    yield
    await engine.dispose()


async def get_session() -> AsyncGenerator[AsyncSession]:
    async with session_of() as session:
        yield session


oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")
app = FastAPI(lifespan=lifespan)


async def get_organizations(token: Annotated[str, Depends(oauth2_scheme)]) -> dict[str, str]:
    try:
        claims = jwt.decode(token, KEY, algorithms=["HS256"]).claims
        CLAIMS.validate(claims)
    except JoseError:
        raise HTTPException(status_code=401, detail="Could not validate credentials") from None
    return dict(claims.get("organizations", {}))


SessionDep = Annotated[AsyncSession, Depends(get_session)]
OrganizationsDep = Annotated[dict[str, str], Depends(get_organizations)]


@app.get("/v1/connect/accounts/{organization_id}")
async def read_connection(
    organization_id: str,
    mode: Annotated[str, Query()],
    session: SessionDep,
    organizations: OrganizationsDep,
    response: Response,
) -> Connection:
    if organization_id not in organizations:
        raise HTTPException(status_code=403, detail="Another organization's")
    found = await session.execute(
        select(Account).where(
            Account.owner_kind == "organization",
            Account.owner_id == organization_id,
            Account.mode == mode,
        )
    )
    account = found.scalar_one_or_none()
    if account is None:
        raise HTTPException(status_code=404, detail="No connected account")
    snapshot = json.loads(account.snapshot)
    response.headers["Cache-Control"] = "no-store"
    return Connection(
        organizationId=organization_id,
        mode=mode,
        stripeAccountId=account.stripe_account_id,
        readiness=account.readiness,
        whoMustAct=account.who_must_act,
        chargesEnabled=snapshot["charges_enabled"],
        payoutsEnabled=snapshot["payouts_enabled"],
        detailsSubmitted=snapshot["details_submitted"],
        capabilities=snapshot["capabilities"],
        disabledReason=snapshot["requirements"]["disabled_reason"],
        currentDeadline=snapshot["requirements"]["current_deadline"],
        syncedAt=EPOCH + timedelta(microseconds=account.synced_at),
        source="stored",
    )
