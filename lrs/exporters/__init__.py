"""Statements on their way out: to files, to other record stores, and to webhooks."""
