"""Sections of the index page: one file per section, found by discovery. See :mod:`civdef.render.summary`."""
