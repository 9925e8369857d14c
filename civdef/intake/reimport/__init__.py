"""Importing again: which feature is which, what the user edited since, and what has changed."""
