"""The other end of a WebSocket for tests: says byte by byte what it is told to."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
import threading


def frame(opcode: int, payload: bytes, final: bool = True, masked: bool = False) -> bytes:
    first = (0x80 if final else 0) | opcode
    flag = 0x80 if masked else 0
    if len(payload) < 126:
        head = struct.pack("!BB", first, flag | len(payload))
    elif len(payload) < 1 << 16:
        head = struct.pack("!BBH", first, flag | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, flag | 127, len(payload))
    return head + (b"\0\0\0\0" if masked else b"") + payload


class FakeServer:
    """Accepts one connection, answers its handshake, sends ``says``, then collects the client's frames until it leaves."""

    def __init__(self, says: bytes, accept: str | None = None, status: str = "101 Switching Protocols"):
        self._says, self._accept, self._status = says, accept, status
        self.received: list[tuple[int, bytes]] = []
        self.head = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listener.getsockname()[1]}/x"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def join(self) -> FakeServer:
        self._thread.join(20)
        return self

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        self._listener.close()
        with connection:
            connection.settimeout(20)
            while b"\r\n\r\n" not in self.head:
                self.head += connection.recv(4096)
            key = next(line.split(": ")[1] for line in self.head.decode().split("\r\n") if line.startswith("Sec-WebSocket-Key"))
            right = base64.b64encode(hashlib.sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
            answer = f"HTTP/1.1 {self._status}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {self._accept or right}\r\n\r\n"
            connection.sendall(answer.encode() + self._says)
            try:
                self._collect(connection)
            except OSError:
                pass

    def _collect(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            self._read(stream)

    def _read(self, stream) -> None:
        while len(head := stream.read(2)) == 2:
            assert head[1] & 0x80, "clients mask"
            length = head[1] & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", stream.read(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", stream.read(8))
            mask = stream.read(4)
            self.received.append((head[0] & 0x0F, bytes(b ^ mask[i % 4] for i, b in enumerate(stream.read(length)))))
