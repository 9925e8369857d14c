"""Layers that can be imported: each module has a ``TARGET``."""
