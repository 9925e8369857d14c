"""One file per table that can be imported and exported; each has a ``TABLE``."""
