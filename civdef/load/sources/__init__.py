"""One parser per file format; each module has `SUFFIXES` and ``read(path, layer)``."""
