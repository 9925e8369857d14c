"""OpenStreetMap → the town: tagged objects become streets, buildings, compounds, gates, posts, units and shelter candidates. Pure."""
