"""Is this hash on a list? Exact and near look-up among many millions, in files that all processes share.

`near` finds PDQ hashes within a distance, without ever missing one; `exact` finds SHA-256, SHA-1 and MD5; `films` asks
`near` for all frames of a film. The index is a copy: what it holds can be built again from the lists in the database.
"""
