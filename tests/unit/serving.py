"""Small HTTP servers of a test."""

from collections.abc import Generator
from contextlib import contextmanager
from http.server import HTTPServer
from threading import Thread


@contextmanager
def serving(server: HTTPServer) -> Generator[str]:
    """Serve from a thread of its own; give the address."""
    with server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
