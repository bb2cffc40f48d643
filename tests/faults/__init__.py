"""Faults on purpose: ``make faults`` breaks what can break and checks that the promise holds.

``python -m tests.faults [--seed N] [--full | --smallest] [--only ROW …] [--json FILE] [--table]``
runs the rows of ``rows.py`` and tells for each the seed, the trials, the faults injected and *hit*,
and a verdict; ``--table`` shows the figures as Markdown at the end. How far a row has come it tells
on standard error (``lab.tell``), so that a full one can be left alone. It fails if a promise is
broken, if a control does not find what it must find, or if a row did not hit what it injects.

How it is made, and how to add a row:

* ``rows.py``: a row is a module with ``ABOUT`` (one line) and ``async def run(lab: Lab) ->
  Result``, named in ``ROWS``. ``Result`` holds trials, what was injected and hit (``Counter`` by
  name), what was broken (sentences; empty is good), figures, and what had to be hit (``needs``).
* ``lab.py``: ``Lab`` gives a row its seed (``lab.rng``), its size (``lab.pick(smallest, short,
  full)``), a folder, databases (``lab.sqlite()``, ``lab.postgresql()``: URLs with all tables), a
  hostile Slack (``async with lab.slack(plan, channels=…) as slack``) and bot processes
  (``lab.bot(spec)``). Whatever it started it ends, each process by its own id.
* ``plan.py``: ``Plan`` says which faults Slack commits and how often; ``Fault`` names them.
* ``slack.py``: the hostile Slack, a process of its own: the sandbox with the faults of a plan.
  Its handle can change the plan, deliver by HTTP to a bot, and let somebody write a message.
* ``journal.py``: what Slack received, accepted and delivered, as lines of JSON that the Slack
  appends itself and that no bot ever touches: ``journal.read(path)``.
* ``checker.py``: ``check(journal, url)`` compares the journal with the database, by SQL of its
  own. ``Findings.broken()`` are the sentences of a verdict.
* ``worker.py``: a bot process. ``Spec`` says where it lives, its times, at which point it exits or
  stops (SIGSTOP), and for controls which safeguard it lacks.
* ``room.py``: a place for files that can be made full: a small disk, or a limit for a process.
* ``town.py``: a database with many partnerships that have something to post.

A bot process is the whole bot of ``bot.app.build`` with its HTTP door, in a process forked from
one that has the modules imported already: to import them takes longer than most of the lives that
a row needs by the thousand. Its times are the courier's ``Patience``, shortened; the calendar is
the machine's clock moved to a working day. The row of rolling restarts runs ``python -m bot run``.
"""
