"""The log: tracebacks without what people wrote, and lines that stop nobody.

A database names the values that it objects to: PostgreSQL in its DETAIL and CONTEXT lines
(https://www.postgresql.org/docs/current/protocol-error-fields.html), SQLAlchemy in the parameters
of the statement. Of such errors the log gets the class and the code.
"""

import logging
import traceback
from contextlib import suppress
from types import TracebackType

import structlog

_DATABASES = frozenset({"psycopg", "sqlalchemy", "sqlite3"})

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Lines(structlog.WriteLogger):
    """Writes a line to a file. Where that cannot be done the line is lost, and nothing else is:
    on a disk that is full, or a pipe that nobody reads, an error of the log would otherwise end
    whoever has something to say.
    """

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


class Formatter(logging.Formatter):
    """Lines of the standard library's logging, with such tracebacks."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is the library's
        """The traceback of what was raised."""
        error = ei[1] if isinstance(ei, tuple) else None
        return written(error) if isinstance(error, BaseException) else ""


def formatted(exc_info: ExcInfo) -> str:
    """For structlog: the traceback of what was raised."""
    return written(exc_info[1])


def written(error: BaseException) -> str:
    """An error, and before it what it came from, each with where it was raised."""
    pieces: list[str] = []
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        frames = "".join(traceback.format_tb(found.__traceback__))
        pieces.append(f"Traceback (most recent call last):\n{frames}{_last_line(found)}")
        hidden = found.__suppress_context__
        found = found.__cause__ or (None if hidden else found.__context__)
    return "\n\nwhich led to:\n\n".join(reversed(pieces))


def _last_line(error: BaseException) -> str:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    if kind.__module__.partition(".")[0] not in _DATABASES:
        return "".join(traceback.format_exception_only(error)).rstrip()
    code = _code(error) or _code(getattr(error, "orig", None))
    return f"{name} ({code})" if code else name


def _code(error: object) -> str | None:
    return getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
