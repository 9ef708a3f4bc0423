"""Decodes each line of hex with python3-msgpack and prints it encoded again."""
import sys

import msgpack

for line in sys.stdin:
    value = msgpack.unpackb(bytes.fromhex(line.strip()), raw=False, strict_map_key=False)
    print(msgpack.packb(value, use_bin_type=True).hex())
