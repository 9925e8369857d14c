"""The drill simulator: the written plan runs in one clock with the people who walk, and its first clause to fail is named."""
