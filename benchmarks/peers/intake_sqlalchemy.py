"""What one writes for a webhook: `construct_event`, then one row with SQLAlchemy's session.

The event is committed before the answer; an id that is there already is answered like a new one.
SQLite is set to the same durability as Aboard's: WAL, and a flush for each commit.

Source: FastAPI's "SQL (Relational) Databases"; SQLAlchemy's "Asynchronous I/O (asyncio)" and
"SQLite: Foreign Key Support" (events for PRAGMAs); Stripe's "Receive Stripe events in your
webhook endpoint".
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import stripe
from fastapi import Depends, FastAPI, HTTPException, Request
from sqlalchemy import event as engine_events
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SECRET = os.environ["BENCH_WEBHOOK_SECRET"]
# A pool as large as the work: with the default one, connections are opened and thrown away all day.
engine = create_async_engine(os.environ["BENCH_DATABASE"], pool_size=20, max_overflow=0)
session_of = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Event(Base):
    __tablename__ = "events"

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    account: Mapped[str | None]
    livemode: Mapped[bool]
    created: Mapped[int]
    received_at: Mapped[str]


if engine.dialect.name == "sqlite":

    @engine_events.listens_for(engine.sync_engine, "connect")
    def be_durable(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.close()


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


async def get_session() -> AsyncGenerator[AsyncSession]:
    async with session_of() as session:
        yield session


app = FastAPI(lifespan=lifespan)
SessionDep = Annotated[AsyncSession, Depends(get_session)]


@app.post("/v1/webhooks/stripe/connect")
async def receive(request: Request, session: SessionDep) -> dict[str, bool]:
    payload = await request.body()
    header = request.headers.get("stripe-signature", "")
    try:
        event = stripe.Webhook.construct_event(payload, header, SECRET)
    except (ValueError, stripe.SignatureVerificationError):
        raise HTTPException(status_code=400, detail="Not signed by Stripe") from None
    session.add(
        Event(
            id=event.id,
            type=event.type,
            account=event.account,
            livemode=event.livemode,
            created=event.created,
            received_at=datetime.now(UTC).isoformat(),
        )
    )
    try:
        await session.commit()
    except IntegrityError:
        await session.rollback()  # it came before
    return {"received": True}
