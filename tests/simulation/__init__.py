"""Simulation: whole towns of companies over weeks and months, with trouble, from one seed that replays.

`python -m tests.simulation --seeds 5` runs it; `town` is who lives there, `turns` who runs when, `trouble` what goes
wrong, `evidence` what the outside saw, `invariants` what must hold of it, `life` a whole seed.
"""
