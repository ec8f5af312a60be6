"""The query language: from any text to a tree, the same for every engine."""
