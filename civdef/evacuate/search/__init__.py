"""Searching for a plan that is done earlier."""
