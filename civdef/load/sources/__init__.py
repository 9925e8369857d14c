"""One parser per file format; each public module has `SUFFIXES` and ``read(path, layer, encoding)``."""
