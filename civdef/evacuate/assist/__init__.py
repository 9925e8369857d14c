"""People who cannot walk alone: helper pairs, pick-up points, vehicle trips, barrier-free places."""
