"""War time: who leaves the street when and in which column, who takes cover nearby, and who cannot in time."""
