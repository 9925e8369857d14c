"""Coordinate systems of the files that offices have: what was declared → longitude and latitude in WGS84."""
