"""Common Ground: a Slack bot for organizations that work together as equals.

It turns promises, check-ins and a weekly digest into things that people do in a shared
Slack channel, although only one of the organizations installed the app. The imports of this
program go one way only; ``tests/test_arrows.py`` holds them, module by module::

    bot/__main__ -> bot/app -> handlers -> bot/services -> bot/domain
                       |          |------> bot/views ----> bot/domain
                       |          |------> bot/language -> bot/domain
                       |          '------> bot/directory
                       |------> bot/courier -> bot/rendering -> bot/views, bot/services
                       '------> storage -----------------> bot/domain
    bot/__main__ -> bot/doctor -> storage, bot/manifest, bot/settings
    bot/__main__ -> bot/demo -> bot/app, bot/sandbox        (the bot never imports the sandbox)

Where the house differs from its first plan: ``bot/demo`` and ``bot/doctor`` are rooms of their
own, so that the command line stays light; ``bot/rendering`` joins each kind of message with what
reads and shows it, so that the courier knows no noun; the courier, the recurrence and the digest
are small packages and files by subject; on SQLite the event loop itself runs the shortest
transactions and leaves their COMMIT to the database's thread (``storage/sqlite.py`` says why).
"""

__version__ = "0.1.0"
