// As much of RFC 6455 as a development server needs: binary messages in one frame each.
import { createHash } from "node:crypto";

/** Answers an upgrade and calls `message(bytes)` for what comes; gives back `send(bytes)` and `close()`. */
export function accept(request, socket, { message, closed }) {
    const key = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
    socket.setNoDelay(true);
    let pending = Buffer.alloc(0);
    socket.on("data", chunk => {
        pending = Buffer.concat([pending, chunk]);
        for (;;) {
            if (pending.length < 2) return;
            const opcode = pending[0] & 15;
            let length = pending[1] & 127;
            let at = 2;
            if (length === 126) {
                if (pending.length < 4) return;
                length = pending.readUInt16BE(2);
                at = 4;
            } else if (length === 127) return socket.destroy();
            if (pending.length < at + 4 + length) return;
            const mask = pending.subarray(at, at + 4);
            const body = Buffer.from(pending.subarray(at + 4, at + 4 + length));
            for (let i = 0; i < body.length; i++) body[i] ^= mask[i & 3];
            pending = pending.subarray(at + 4 + length);
            if (opcode === 8) socket.end();
            else if (opcode === 2) message(body);
        }
    });
    socket.on("error", () => {});
    socket.on("close", closed);
    return {
        send(bytes) {
            const length = bytes.length;
            const head =
                length < 126
                    ? Buffer.from([130, length])
                    : length < 65536
                      ? Buffer.from([130, 126, length >> 8, length & 255])
                      : Buffer.from([
                            130,
                            127,
                            0,
                            0,
                            0,
                            0,
                            (length >>> 24) & 255,
                            (length >>> 16) & 255,
                            (length >>> 8) & 255,
                            length & 255,
                        ]);
            socket.write(Buffer.concat([head, bytes]));
        },
        close: () => socket.end(),
    };
}
