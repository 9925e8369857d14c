"""四至: a community described by what bounds it on the east, south, west and north → its polygon."""
