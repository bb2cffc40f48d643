"""Which channel is meant by what somebody says to us directly."""

from dataclasses import replace

from bot.domain.errors import Unclear
from bot.services import recording as services
from bot.views import recording as views
from handlers.answer import Answer
from handlers.visit import Door, Visit


async def placed(visit: Visit) -> Visit | Answer:
    """The visit as if it had been in a channel: the one that the person shares with us. Where
    there are several, the question which of them.

    Whether they are in it is for whoever goes on with it to ask of Slack.
    """
    rooms = await visit.house.db.read(services.rooms, visit.installation.id, visit.person)
    if len(rooms) == 1:
        return replace(visit, channel=rooms[0].channel)
    if visit.door is not Door.DIRECT or visit.ts is None:
        raise Unclear(
            "Which channel is it for? Say it there, or write it to me here as a plain message, "
            "and I ask you which."
        )
    return Answer(views.where(rooms, visit.ts))
