"""A WebSocket client (RFC 6455) over the standard library's sockets: as much of it as one connection needs that sends binary messages."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import ssl
import struct
from urllib.parse import urlsplit

import numpy as np

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_LONGEST_HEAD = 64 * 1024


class WebSocketError(ConnectionError):
    """The connection could not be made, broke, or carried what the protocol does not allow."""


class WebSocket:
    """One connection, from the handshake to its close.

    Args:
        url: ``ws://host:port/path`` or ``wss://…``.
        headers: more headers for the handshake.
        timeout: seconds that connecting, a send or a receive may take; ``None`` waits forever.
    """

    def __init__(self, url: str, headers: dict[str, str] | None = None, timeout: float | None = 60.0):
        parts = urlsplit(url)
        if parts.scheme not in ("ws", "wss") or not parts.hostname:
            raise ValueError(f"'{url}' is no WebSocket address; allowed: ws://host:port/path or wss://…")
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        try:
            self._socket = socket.create_connection((parts.hostname, port), timeout)
        except OSError as error:
            raise WebSocketError(f"nothing answers at {parts.hostname}:{port}: {error}") from error
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if parts.scheme == "wss":
                self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=parts.hostname)
            self._rest = self._handshake(parts, headers or {})
        except BaseException:
            self._socket.close()
            raise
        self._open = True

    def send(self, message: bytes) -> None:
        """Sends one binary message."""
        self._send_frame(_BINARY, message)

    def receive(self) -> bytes | bytearray | None:
        """The next binary message, or ``None`` once the server has closed. Answers pings on the way."""
        whole: bytearray | None = None
        while True:
            final, opcode, payload = self._receive_frame()
            if opcode == _PING:
                self._send_frame(_PONG, bytes(payload))
            elif opcode == _CLOSE:
                if self._open:
                    self._open = False
                    try:
                        self._send_frame(_CLOSE, bytes(payload[:2]))
                    except WebSocketError:
                        pass
                return None
            elif opcode == _TEXT:
                raise WebSocketError("the server sent text; only binary messages are expected")
            elif opcode in (_BINARY, _CONTINUATION):
                if (opcode == _CONTINUATION) != (whole is not None):
                    raise WebSocketError("a message's parts come out of order")
                if final and whole is None:
                    return payload
                whole = bytearray() if whole is None else whole
                whole += payload
                if final:
                    return whole
            elif opcode != _PONG:
                raise WebSocketError(f"unknown frame {opcode}")

    def close(self) -> None:
        """Says goodbye and closes. May be called more than once."""
        if self._open:
            self._open = False
            try:
                self._send_frame(_CLOSE, struct.pack("!H", 1000))
            except WebSocketError:
                pass
        self._socket.close()

    def _handshake(self, parts, headers: dict[str, str]) -> bytearray:
        key = base64.b64encode(os.urandom(16))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc.rpartition('@')[2]}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key.decode()}", "Sec-WebSocket-Version: 13"]
        for name, value in headers.items():
            if any(c in "\r\n" for c in name + value):
                raise ValueError(f"header '{name}' has a line break")
            lines.append(f"{name}: {value}")
        self._transmit(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = bytearray()
        while (end := head.find(b"\r\n\r\n")) < 0:
            if len(head) > _LONGEST_HEAD:
                raise WebSocketError("the server's answer to the handshake does not end")
            more = self._read_some()
            head += more
        answer = bytes(head[:end]).decode("latin-1").split("\r\n")
        given = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in answer[1:])}
        status = answer[0].split(" ", 2)
        if len(status) < 2 or status[1] != "101":
            body = head[end + 4:]
            try:
                while len(body) < min(int(given.get("content-length", "0")), _LONGEST_HEAD):
                    body += self._read_some()
            except (ValueError, WebSocketError):
                pass
            raise WebSocketError(f"the server refused: {answer[0]} {bytes(body[:2000]).decode('utf-8', 'replace')}".strip())
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest()).decode()
        if given.get("sec-websocket-accept") != accept:
            raise WebSocketError("the server's answer to the handshake is not for this request")
        return head[end + 4:]

    def _send_frame(self, opcode: int, payload: bytes) -> None:
        length = len(payload)
        if length < 126:
            head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
        elif length < 1 << 16:
            head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
        mask = os.urandom(4)
        # Clients must mask what they send (RFC 6455, 5.3): byte i is combined with mask byte i mod 4.
        padded = np.zeros((length + 3) // 4 * 4, np.uint8)
        padded[:length] = np.frombuffer(payload, np.uint8)
        padded.view(np.uint32)[:] ^= np.frombuffer(mask, np.uint32)
        self._transmit(head + mask + padded[:length].tobytes())

    def _receive_frame(self) -> tuple[bool, int, bytearray]:
        first, second = self._read(2)
        if first & 0x70:
            raise WebSocketError("the server uses an extension that was not agreed on")
        if second & 0x80:
            raise WebSocketError("the server masks its frames, which only clients do")
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self._read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._read(8))
        return bool(first & 0x80), first & 0x0F, self._read(length)

    def _read(self, count: int) -> bytearray:
        if len(self._rest) >= count:
            taken = self._rest[:count]
            del self._rest[:count]
            return taken
        whole = bytearray(count)
        have = len(self._rest)
        whole[:have] = self._rest
        self._rest.clear()
        view = memoryview(whole)
        while have < count:
            try:
                got = self._socket.recv_into(view[have:])
            except OSError as error:
                # Half a frame is lost: nothing that comes after it could be understood.
                self._open = False
                self._socket.close()
                raise WebSocketError(f"the connection broke: {error}") from error
            if got == 0:
                raise WebSocketError("the server ended the connection")
            have += got
        return whole

    def _read_some(self) -> bytes:
        try:
            more = self._socket.recv(4096)
        except OSError as error:
            raise WebSocketError(f"the connection broke: {error}") from error
        if not more:
            raise WebSocketError("the server ended the connection")
        return more

    def _transmit(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise WebSocketError(f"the connection broke: {error}") from error
