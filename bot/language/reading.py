"""How a line is understood, for a machine: what ``python -m bot read`` prints."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import Unclear
from bot.language import read


def as_json(text: str, now: datetime, zone: str) -> dict[str, str | None]:
    """``verb``, ``owner`` (as typed, None for the speaker), ``what``, ``due`` (ISO date or None)
    and ``for``; or only ``question``, the sentence that would be asked.

    A naive ``now`` is the wall clock of that zone.
    """
    try:
        said = read(text, now=_aware(now, zone), zone=zone)
    except Unclear as question:
        return {"question": str(question)}
    return {
        "verb": said.verb,
        "owner": said.owner,
        "what": said.what,
        "due": said.due.isoformat() if said.due else None,
        "for": said.label,
    }


def _aware(now: datetime, zone: str) -> datetime:
    if now.tzinfo is not None:
        return now
    try:
        return now.replace(tzinfo=ZoneInfo(zone))
    except (KeyError, ValueError, OSError):  # as ZoneInfo refuses names
        raise Unclear("I do not know that time zone. Use a name like America/New_York.") from None
