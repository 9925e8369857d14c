"""Where more shelters would help most: three classic location models, one file each, solved exactly.

* :mod:`~civdef.evacuate.siting.p_median`: with `p` more sites, the least walking (capacitated p-median; Hakimi 1964).
* :mod:`~civdef.evacuate.siting.mclp`: with `p` more sites, the most people within reach (maximal covering location
  problem; Church and ReVelle 1974).
* :mod:`~civdef.evacuate.siting.lscp`: the fewest more sites that bring everybody within reach (location set covering
  problem; Toregas et al. 1971).

Sites that exist are open already and cost nothing; people of one building may be sent to different sites by the models,
whole buildings to one shelter only by the evacuation plan that checks what they propose (`rank`).
"""
