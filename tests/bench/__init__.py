"""How fast the bot is: ``make bench`` measures, prints a table and writes ``bench.json``.

Every server is a process of its own, reached on this machine only. What is compared is measured
in turns within one run, and medians of the turns are told, since machines change their pace.
No test asserts a time.
"""
