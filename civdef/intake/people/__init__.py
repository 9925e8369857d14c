"""People to buildings: totals of a community, spread over its homes in whole households and whole persons."""
