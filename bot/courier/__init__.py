"""The only place from which durable messages leave for Slack.

Services record *that* something is to be said; the courier claims lanes (a channel, or a member's
direct messages), renders the next message from what is stored, sends it, and notes what Slack
answered. Every message appears once, whatever crashes:

* A lane is claimed by one statement, for a lease on the database's clock, with a token that fences
  off whoever lost the lease. One call at a time in a lane keeps the order in a channel.
* Before Slack is called, the message is noted as perhaps sent. Just before the call the age of the
  claim is read on a clock that counts suspension, so that a process that was frozen does not send.
* The SDK repeats nothing. What Slack answers is refused, posted or unknown (``outcomes``). What is
  unknown rests for a lease, is then looked up by the key in its metadata, and is posted again only
  if it is not there.
* What a person has to mend makes a channel, or a workspace, rest with what waits there
  (``pausing``); who can mend it is told.
* A card is brought up to date by ``chat.update``, repeated freely, the newest words last.

What remains is stated plainly: Slack could accept a post after the look-up. What was posted again
is looked for later, and counted if it stands twice (``doubles``). A card that somebody
deleted is posted anew when it next has something new to show; a prompt or a digest is not.
"""

from bot.courier.courier import Courier, Health
from bot.courier.patience import Patience
from bot.courier.points import Point, Probe

__all__ = ["Courier", "Health", "Patience", "Point", "Probe"]
