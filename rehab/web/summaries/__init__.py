"""Summaries in words: pages, e-mails and PDF from one sheet."""
