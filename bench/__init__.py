"""Measurements side by side; each module that begins with load_ is one part of how loading is measured."""
