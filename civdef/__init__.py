"""civdef: emergency and civil-defence preparedness planning for a street office.

One model that runs: who does what, where, with what, by when.
"""

__version__ = "0.1.0"
