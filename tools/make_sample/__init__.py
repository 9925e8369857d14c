"""Maker of the sample workspace: 明泽湖街道, Mingze Lake Sub-district, which does not exist.

Run ``python -m tools.make_sample`` at the root of the repository. It writes ``maps/`` and the tables of
``plans/``; the same bytes on every run and machine.

How it works: a hand-drawn skeleton of main streets, shore, river and hill (`skeleton`); side streets and
communities (`layout`); what stands in each block (`places`) and how it is filled (`infill`, `oldtown`,
`frontage`, `openground`); joining of all line work (`noding`); then shelters, posts, hazards, people,
units and things. Every choice is drawn from a random generator seeded by the name of the thing chosen
for, so that a change in one block leaves the others alone.

Assumptions of the sample, for a real street to replace by counts: 1.2% of residents need help to get
out (`people`); a household has 3.2 members on average; one person in the open takes 1.0 m² for a day, 2.0 m²
for two weeks, 3.0 m² for a month; in a basement 1.0 m².
"""
