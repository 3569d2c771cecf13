"""Servers killed at any moment: what was acknowledged is there, once, and no half of a batch."""
