"""What anybody would write first, for comparison: Starlette, stock Presidio, aiosqlite."""

import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import aiosqlite
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, NhsRecognizer, UkNinoRecognizer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def make() -> Starlette:
    """A commit for each submission, durable as ours is."""
    nlp_engine = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "none"}])
    nlp_engine.load()
    registry = RecognizerRegistry(recognizers=[CreditCardRecognizer(), NhsRecognizer(), UkNinoRecognizer()])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=nlp_engine)

    def scrub(text: str) -> str:
        for found in sorted(analyzer.analyze(text, "en"), key=lambda each: -each.start):
            text = f"{text[: found.start]}[{found.entity_type}]{text[found.end :]}"
        return text

    async def post(request: Request) -> Response:
        fields = json.loads(await request.body())
        key = str(uuid4())
        doing, comment = scrub(fields["doing"]), scrub(fields["comment"])
        await request.state.database.execute(
            "INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?)",
            (key, time.time_ns() // 1_000_000, fields["page"], fields["useful"], doing, comment),
        )
        return JSONResponse({"id": key, "removed": []}, 201)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, aiosqlite.Connection]]:
        async with aiosqlite.connect(os.environ["BENCH_DATABASE"], isolation_level=None) as database:
            await database.execute("PRAGMA journal_mode = WAL")
            await database.execute("PRAGMA synchronous = FULL")
            await database.execute(
                "CREATE TABLE feedback (id TEXT PRIMARY KEY, at INTEGER, page TEXT, useful TEXT, doing TEXT, "
                "comment TEXT)"
            )
            yield {"database": database}

    return Starlette(routes=[Route("/feedback", post, methods=["POST"])], lifespan=lifespan)
