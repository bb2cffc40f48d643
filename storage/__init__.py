"""What is remembered: the database, its tables, and one file of queries for each noun.

Services are given a ``Store`` inside ``Database.run``; what leaves this folder are frozen values
of ``bot/domain``. Nothing else in the program knows SQL.
"""
