"""Killed, cut and refused at every point of a run, one after another: nothing twice, nothing lost, nothing silent."""
