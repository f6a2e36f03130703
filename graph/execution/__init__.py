"""Execution by levels: all objects of a level at once where graphql-core takes one after the other."""
