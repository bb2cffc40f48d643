"""What people can ask for: one function each, ``(store, request, now) -> value``, one transaction."""
