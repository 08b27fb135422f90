"""Reads lists of known hashes, in every form in which organisations exchange them, many rows at a time.

`opening` tells the form and begins; `tables`, `ncmec`, `records` and `films` each read one of them as `cells`, which
`checks` turns into digests, saying of each row that is none why. Nothing in a file makes them fail: they refuse.
"""
