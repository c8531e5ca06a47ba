"""A bad line: a proxy on loopback that carries connections to the server and cuts some, in the middle of what is sent
or of what is answered. Who goes through it never knows which of the two it was.
"""

from __future__ import annotations

import contextlib
import random
import socket
import threading

CUTS = 0.15  # of the connections, at a byte drawn by chance
LONGEST = 6_000  # bytes until it is cut


class BadLine:
    """Listens until it is closed. `cut` counts."""

    def __init__(self, port: int, seed: int) -> None:
        self._server = port
        self._dice = random.Random(seed)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.cut = 0
        threading.Thread(target=self._accept, name="bad line", daemon=True).start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Takes no more connections."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return  # closed
            self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._server), timeout=30)
        except OSError:  # the server is down: so is the line
            near.close()
            return
        far.settimeout(None)
        left = [self._dice.randint(1, LONGEST) if self._dice.random() < CUTS else None for _ in range(2)]
        for here, there, most in ((near, far, left[0]), (far, near, left[1])):
            threading.Thread(target=self._carry, args=(here, there, most), daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket, most: int | None) -> None:
        """Until one side ends, or so many bytes went over; then both ends are closed."""
        with contextlib.suppress(OSError):
            while said := here.recv(4096 if most is None else max(1, min(most, 4096))):
                there.sendall(said)
                if most is not None:
                    most -= len(said)
                    if most <= 0:
                        self.cut += 1
                        break
        for end in (here, there):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
