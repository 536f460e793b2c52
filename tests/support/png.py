"""Writes PNG files with Python's standard library alone."""
import struct
import zlib


def write(name, width, height, rows, colour=0):
    """rows: 8-bit values of each, all channels; colour: PNG's type, 0 grey, 2 RGB, 6 RGBA."""
    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))
    raw = b"".join(b"\0" + bytes(row) for row in rows)
    with open(name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))
