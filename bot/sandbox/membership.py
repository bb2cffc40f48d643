"""Who is where, and what becomes of channels: join, leave, archive, share no more."""

from bot.sandbox import events, posting
from bot.sandbox.slack import Slack
from bot.sandbox.world import Channel, User


def join(slack: Slack, channel: Channel, user: User, inviter: User | None = None) -> bool:
    """Add somebody to a channel; False if they were in it."""
    if user.id in channel.members:
        return False
    channel.members.append(user.id)
    line = f"<@{user.id}> has joined the channel"
    posting.remark(slack, channel, user, "channel_join", line, inviter.id if inviter else None)
    events.joined(slack, channel, user, inviter)
    slack.changed()
    return True


def leave(slack: Slack, channel: Channel, user: User) -> bool:
    """Take somebody out of a channel; False if they were not in it."""
    if user.id not in channel.members:
        return False
    posting.remark(slack, channel, user, "channel_leave", f"<@{user.id}> has left the channel")
    channel.members.remove(user.id)
    events.left(slack, channel, user)
    slack.changed()
    return True


def archive(slack: Slack, channel: Channel, user: User) -> None:
    """Archive a channel; the app's bot user is taken out of it, as Slack does."""
    posting.remark(slack, channel, user, "channel_archive", "archived the channel")
    events.channel_event(slack, channel, "channel_archive", user)
    channel.archived = True
    if slack.bot_in(channel):
        channel.members.remove(slack.app.bot_user_id)
    slack.changed()


def unarchive(slack: Slack, channel: Channel, user: User) -> None:
    """Bring an archived channel back, without the app."""
    channel.archived = False
    events.channel_event(slack, channel, "channel_unarchive", user)
    slack.changed()


def unshare(slack: Slack, channel: Channel, team_id: str) -> None:
    """End the sharing with another workspace; its people are no longer in the host's channel."""
    channel.teams.remove(team_id)
    for user_id in list(channel.members):
        if slack.world.users[user_id].team_id == team_id:
            channel.members.remove(user_id)
    events.channel_event(
        slack,
        channel,
        "channel_unshared",
        previously_connected_team_id=team_id,
        is_ext_shared=channel.is_ext_shared,
    )
    slack.changed()


def rename(slack: Slack, channel: Channel, name: str, user: User) -> None:
    """Give a channel another name."""
    line = f'has renamed the channel from "{channel.name}" to "{name}"'
    channel.name = name
    posting.remark(slack, channel, user, "channel_name", line)
    events.channel_event(slack, channel, "channel_rename", user)
    slack.changed()


def remove(slack: Slack, channel: Channel, user: User) -> None:
    """Delete a channel for good, with all that was said in it."""
    events.channel_event(slack, channel, "channel_deleted", user)
    del slack.world.channels[channel.id]
    slack.logs.pop(channel.id, None)
    slack.changed()


def change_id(slack: Slack, channel: Channel, new: str) -> None:
    """Give a channel another id, as Slack does to ``G…`` ids the moment a sharing is begun."""
    old = channel.id
    world, log = slack.world, slack.log(channel)
    world.channels = {(new if c is channel else key): c for key, c in world.channels.items()}
    channel.id = new
    for message in [*log.all(), *log.ephemerals]:
        message.channel = new
    slack.logs[new] = slack.logs.pop(old)
    events.id_changed(slack, old, new)
    slack.changed()
