"""The rules and the values they speak of, one file per noun. Standard library only."""
