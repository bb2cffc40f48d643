"""What people can ask for: one function each, ``(store, request, now) -> value``.

Each runs in one transaction.
"""
