"""Leaves no trace of words that were deleted or replaced: in search index, log of writes and files."""

import asyncio
from typing import Final

from feedback.store.database import Database, DatabaseError, Progress, Transaction
from feedback.store.writer import Writer

# How often the log of writes is asked for before somebody who reads from it is too much.
_TRIES: Final = 50


async def leave_trace(transaction: Transaction) -> None:
    """Note, in the transaction that deletes or replaces words, that their bytes are to be overwritten."""
    await transaction.fetch("UPDATE upkeep SET traces = traces + 1")


class Traces:
    """Overwrites what deleted words leave behind, in steps between which submissions are written.

    That some are left is noted in the database, so that a process that is killed half way leaves the rest to
    the next one.
    """

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer
        # Steps of two at once would each take the other's for their own.
        self._alone = asyncio.Lock()

    async def overwrite(self) -> bool:
        """Overwrite what is left; False where nothing was."""
        async with self._alone:
            rows = await self._database.fetch("SELECT traces FROM upkeep")
            traces = rows[0]["traces"]
            if not traces:
                return False
            while await self._writer.change(self._database.clean_search) is not Progress.DONE:
                pass
            await self._clean_files()
            # Where something more was deleted meanwhile, the note stays for the next time.
            await self._writer.change(
                lambda work: work.fetch("UPDATE upkeep SET traces = 0 WHERE traces = $1", traces)
            )
            return True

    async def _clean_files(self) -> None:
        busy = 0
        while (progress := await self._writer.between(self._database.clean_files)) is not Progress.DONE:
            if progress is Progress.BUSY:
                busy += 1
                if busy > _TRIES:
                    raise DatabaseError("log in use")
                await asyncio.sleep(0.1)
