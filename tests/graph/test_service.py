"""How the service listens."""

import socket

from graph.service import listener


def test_connection_accepted_sends_without_waiting() -> None:
    with listener("127.0.0.1", 0) as taken, socket.create_connection(taken.getsockname()) as client:
        accepted, _ = taken.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert client
