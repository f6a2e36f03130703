"""The commands of the command line, a noun a module; cli.py puts them together."""
