// Decodes each line of hex with @msgpack/msgpack and prints it encoded again.
import { createInterface } from "node:readline";
import { decode, encode } from "@msgpack/msgpack";

for await (const line of createInterface({ input: process.stdin })) {
  const value = decode(Buffer.from(line, "hex"), { useBigInt64: true });
  console.log(Buffer.from(encode(value, { useBigInt64: true })).toString("hex"));
}
