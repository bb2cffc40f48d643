"""What the log says of an error: where it was, and no words of people."""

import errno
import io
import json
import logging
import os
import sys

import psycopg.errors
import pytest
import sqlalchemy.exc
import structlog
from structlog.processors import ExceptionRenderer

from bot.app import configure_logging
from bot.traces import Formatter, formatted, written
from storage.database import Database
from storage.errors import OutcomeUnknown
from storage.store import Store
from storage.tables import installation
from tests.fixtures.wire import BEGINNING

WORDS = "bring the venue list"
DETAIL = f"duplicate key\nDETAIL:  Key (what)=({WORDS}) already exists.\nand {WORDS} again"


def refused() -> Exception:
    """As SQLAlchemy raises what PostgreSQL refuses, seen from our own error."""
    try:
        try:
            try:
                raise psycopg.errors.UniqueViolation(DETAIL)
            except psycopg.Error as error:
                raise sqlalchemy.exc.IntegrityError("INSERT", {"what": WORDS}, error) from error
        except sqlalchemy.exc.DBAPIError as error:
            raise OutcomeUnknown from error
    except OutcomeUnknown as error:
        return error


def test_an_error_of_the_database_is_its_class_and_code() -> None:
    said = written(refused())
    assert WORDS not in said
    assert "psycopg.errors.UniqueViolation (23505)" in said
    assert "sqlalchemy.exc.IntegrityError (23505)" in said
    assert said.rindex("OutcomeUnknown") > said.rindex("IntegrityError")
    assert __file__ in said


def test_any_other_error_keeps_its_sentence() -> None:
    assert written(ValueError("not a weekday")).endswith("ValueError: not a weekday")


async def test_what_a_real_database_objects_to_is_not_repeated(database: Database) -> None:
    def twice(store: Store) -> None:
        row = {"team": WORDS, "app": "A", "bot": "B", "bot_user": "U", "name": WORDS}
        for _ in range(2):
            store.connection.execute(installation.insert().values(**row, installed_at=BEGINNING))

    with pytest.raises(Exception, match="team") as raised:
        await database.run(twice)
    said = written(raised.value)
    assert "IntegrityError (" in said
    assert WORDS not in said


def test_both_kinds_of_logging_write_such_traces() -> None:
    error = refused()
    exc_info = (type(error), error, error.__traceback__)
    assert ExceptionRenderer(formatted)(None, "error", {"exc_info": exc_info}) == {
        "exception": written(error)
    }
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), exc_info)
    assert Formatter().format(record) == f"failed\n{written(error)}"


def test_the_configured_log_holds_no_words(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = structlog.get_config()
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)
    try:
        configure_logging("WARNING")
        structlog.get_logger("fresh").error("unforeseen", exc_info=refused())
    finally:
        structlog.configure(**before)
    said = capfd.readouterr().err
    assert WORDS not in said
    assert "(23505)" in json.loads(said.strip().splitlines()[-1])["exception"]


class FullDisk(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_line_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    before = structlog.get_config()
    monkeypatch.setattr(sys, "stderr", FullDisk())
    try:
        configure_logging("WARNING")
        log = structlog.get_logger("full")
        for say in (log.warning, log.error, log.exception):
            say("unforeseen")
        room = io.StringIO()
        monkeypatch.setattr(sys, "stderr", room)
        structlog.get_logger("room again").warning("heard")
        assert "heard" in room.getvalue()
    finally:
        structlog.configure(**before)
