"""The Web API: one module per family of methods, ``dispatch`` for what they have in common."""
