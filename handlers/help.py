"""Ways in to the help, and to the likeliest next things of somebody who says only our name."""

from bot.language import Said
from bot.services import home
from bot.views import help as views
from bot.views.help import Voice
from bot.views.ids import HelpButton
from handlers.answer import Answer
from handlers.visit import Door, Visit

_VOICES = {Door.COMMAND: Voice.COMMAND, Door.DIRECT: Voice.DIRECT, Door.HOME: Voice.DIRECT}


async def helped(visit: Visit, said: Said) -> Answer:
    """``help`` and ``help commit``"""
    voice, command = _voice(visit), visit.house.settings.command
    if said.sub is not None:
        return Answer(views.one(said.sub, voice, command))
    return Answer(views.everything(voice, command))


async def pressed(visit: Visit) -> Answer:
    """[Help]"""
    return Answer(views.everything(_voice(visit), visit.house.settings.command))


async def nothing(visit: Visit) -> Answer:
    """The command alone, or a mention without words: the likeliest next things."""
    channel = visit.channel
    if visit.door is Door.DIRECT or (channel is not None and channel.startswith("D")):
        channel = None
    found = await visit.house.db.read(home.likeliest, visit.installation.id, visit.person, channel)
    return Answer(views.likeliest(found))


def _voice(visit: Visit) -> Voice:
    return _VOICES.get(visit.door, Voice.MENTION)


VERBS = {"help": helped}
BUTTONS = {HelpButton.HELP: pressed}
