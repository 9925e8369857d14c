"""Whole buildings packed into nearly full shelters and narrow streets by an integer programme.

Where places are tight a search that moves a few buildings at a time stalls: every shelter that is near is full, and every
street that could relieve another is in use. Here all buildings are placed at once: each takes one of some dozen ways
(:mod:`~civdef.evacuate.packing.pool`), and for every narrow place of the streets whoever passes it must fit between the time
the first of them can be there and the time the last of them must be through
(:mod:`~civdef.evacuate.packing.limits`). The relaxation, in which buildings may be divided, is a linear programme; whole
buildings are found by CP-SAT (:mod:`~civdef.evacuate.packing.programme`). What the programme leaves out, the queues,
is seen by carrying each of its answers out; the best goes on to the search (:mod:`~civdef.evacuate.packing.pack`).
"""
