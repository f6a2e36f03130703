"""Hosts: whether a name or an address is this machine's alone."""

import re
from ipaddress import ip_address

HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[^:\[\]]+))(?::[0-9]+)?")


def on_this_machine(host: str | None) -> bool:
    """Whether a Host header names this machine: a name that somebody points here could be any site's."""
    found = HOST.fullmatch(host or "")
    return found is not None and loopback(found["six"] or found["name"])


def loopback(name: str) -> bool:
    """Whether a host's name or address is this machine's alone."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
