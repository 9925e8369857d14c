"""The nouns: frozen pydantic models of everything a workspace holds. No I/O, no geopandas."""
