"""How an answer is found: values in, rows out, by batch functions that know no GraphQL and no HTTP.

A batch function takes every key asked together and returns one slot a key, in their order; an exception stands in the
slot of the key that it concerns. Everything that changes an answer is in the key.
"""
