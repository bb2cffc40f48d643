"""Common Ground: a Slack bot for organizations that work together as equals.

It turns promises, check-ins and a weekly digest into things that people do in a shared
Slack channel, although only one of the organizations installed the app. The imports of this
program go one way only; ``tests/test_arrows.py`` holds them, module by module::

    bot/__main__ -> bot/app -> handlers -> bot/services -> bot/domain
                       |          |------> bot/views ----> bot/domain
                       |          |------> bot/language -> bot/domain
                       |          '------> bot/directory
                       |------> bot/courier -> bot/views, bot/services, bot/directory -> slack_sdk
                       '------> storage -----------------> bot/domain
    bot/__main__, tests -> bot/sandbox        (the bot never imports it)
"""

__version__ = "0.1.0"
