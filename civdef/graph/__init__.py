"""The two graphs: the routable street network, and the preparedness graph (who, what, where)."""
