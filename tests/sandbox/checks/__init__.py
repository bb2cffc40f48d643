"""One check for each strictness of the sandbox, by its key."""

from . import blocks, calls, events, files, messages, people, responses, views
from .trying import CHECKS, Try

__all__ = [
    "CHECKS",
    "Try",
    "blocks",
    "calls",
    "events",
    "files",
    "messages",
    "people",
    "responses",
    "views",
]
