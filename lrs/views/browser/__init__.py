"""The statement browser: a list with filters, one statement, its attachments, and files of it all."""

from lrs.views.browser.pages import attachment, download, statement, statement_json, statements

__all__ = ["attachment", "download", "statement", "statement_json", "statements"]
