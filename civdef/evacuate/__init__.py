"""Evacuation on foot: demand, the frozen problem, one shelter for every building, routes, clearance, what binds."""
