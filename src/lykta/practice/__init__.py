"""A small internet on loopback: names, hosts, a registry, mail and a page to see it all. Harmless throughout.

Newcomers try Lykta with it, analysts train on it, tests drive it; Lykta talks to it with the same code as in
production. Every name ends in `.test` or `.example`, every address lies in 127.0.0.0/8 (Linux answers on all of them),
and every picture is a drawn pattern.
"""
