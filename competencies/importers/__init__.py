"""Readers of frameworks from files; each gives a `rules.documents.FrameworkDocument`."""
