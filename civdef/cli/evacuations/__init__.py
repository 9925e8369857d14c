"""The commands of ``civdef evacuate``: one file each, found by discovery; ``_*.py`` is what they share."""
