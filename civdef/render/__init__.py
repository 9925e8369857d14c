"""Results → files: maps, pages, JSON. The only writer of ``out/``."""
