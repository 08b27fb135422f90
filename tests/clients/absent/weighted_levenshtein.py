"""In the place of a package that has to be compiled: a client of hash lists compares no texts."""

lev = None
