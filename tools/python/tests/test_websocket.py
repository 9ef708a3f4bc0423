import unittest

from fake_server import FakeServer, frame

from selfplayarena.websocket import WebSocket, WebSocketError


class WebSocketTests(unittest.TestCase):
    def connect(self, says: bytes, **server) -> tuple[FakeServer, WebSocket]:
        fake = FakeServer(says, **server)
        client = WebSocket(fake.url, timeout=20)
        self.addCleanup(client.close)
        return fake, client

    def test_messages_of_every_length_arrive_whole_in_both_directions(self):
        lengths = [0, 1, 3, 125, 126, 65535, 65536, 300_001]
        messages = [bytes(i * 7 % 251 for i in range(n)) for n in lengths]
        fake, client = self.connect(b"".join(frame(2, m) for m in messages))
        self.assertEqual([bytes(client.receive()) for _ in messages], messages)
        for message in messages:
            client.send(message)
        client.close()
        self.assertEqual(fake.join().received[:-1], [(2, m) for m in messages])
        self.assertEqual(fake.received[-1][0], 8)

    def test_parts_are_joined_and_pings_between_them_answered(self):
        fake, client = self.connect(frame(2, b"ab", final=False) + frame(9, b"there?") + frame(0, b"cd", final=False) + frame(10, b"") + frame(0, b"e"))
        self.assertEqual(bytes(client.receive()), b"abcde")
        client.close()
        self.assertEqual(fake.join().received[0], (10, b"there?"))

    def test_a_close_is_answered_and_told(self):
        fake, client = self.connect(frame(8, b"\x03\xe8bye"))
        self.assertIsNone(client.receive())
        client.close()
        self.assertEqual(fake.join().received, [(8, b"\x03\xe8")])

    def test_what_the_protocol_does_not_allow_is_refused(self):
        for says, why in [
            (frame(1, b"text"), "text"), (frame(0, b"x"), "out of order"), (frame(2, b"a", final=False) + frame(2, b"b"), "out of order"),
            (frame(2, b"x", masked=True), "masks"), (b"\xc2\x00", "extension"), (frame(3, b""), "unknown frame"), (b"\x82\x05ab", "broke|ended"),
        ]:
            with self.subTest(why):
                fake, client = self.connect(says)
                if why == "broke|ended":
                    client._socket.shutdown(0)
                with self.assertRaisesRegex(WebSocketError, why):
                    client.receive()

    def test_a_handshake_that_is_not_answered_rightly_is_refused(self):
        with self.assertRaisesRegex(WebSocketError, "not for this request"):
            WebSocket(FakeServer(b"", accept="AAAA").url, timeout=20)
        with self.assertRaisesRegex(WebSocketError, "401 Unauthorized"):
            WebSocket(FakeServer(b"", status="401 Unauthorized").url, timeout=20)
        fake = FakeServer(b"")
        with self.assertRaisesRegex(ValueError, "line break"):
            WebSocket(fake.url, {"Arena-Token": "a\r\nb: c"}, timeout=20)
        with self.assertRaisesRegex(ValueError, "no WebSocket address"):
            WebSocket("http://127.0.0.1")

    def test_an_address_where_nothing_listens_is_said(self):
        fake = FakeServer(b"")
        WebSocket(fake.url, timeout=20).close()
        fake.join()
        with self.assertRaisesRegex(WebSocketError, "nothing answers"):
            WebSocket(fake.url, timeout=20)


if __name__ == "__main__":
    unittest.main()
