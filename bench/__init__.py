"""Measurements side by side, run by hand; each module that begins with load_ is one part of how loading is measured."""
