"""Writes grey JPEG files of flat blocks with Python's standard library alone."""
import struct


def exif(orientation, order="<"):
    """A segment's data; order: of the bytes, as struct has it."""
    mark = {"<": b"II*\0", ">": b"MM\0*"}[order]
    return b"Exif\0\0" + mark + struct.pack(order + "IHHHIHHI", 8, 1, 0x112, 3, 1, orientation, 0, 0)


def write(name, levels, app1=b""):
    """levels: rows of a level for each block of 8 x 8 pixels, 0 to 255, which a decoder finds again exactly: with steps of
    8 a block's first coefficient is its level less 128, and there are no others."""
    def segment(kind, data):
        return struct.pack(">BBH", 0xff, kind, 2 + len(data)) + data
    bits, before = "", 0
    for level in (level - 128 for row in levels for level in row):
        change, before = level - before, level
        size = abs(change).bit_length()
        value = change if change >= 0 else change + (1 << size) - 1
        bits += f"{size:04b}" + (f"{value:0{size}b}" if size else "") + "0"  # the 0: no others
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    with open(name, "wb") as file:
        file.write(b"\xff\xd8" + (segment(0xe1, app1) if app1 else b"") + segment(0xdb, b"\0" + bytes([8] * 64))
                   + segment(0xc0, struct.pack(">BHHBBBB", 8, 8 * len(levels), 8 * len(levels[0]), 1, 1, 0x11, 0))
                   + segment(0xc4, b"\0" + bytes([0, 0, 0, 9] + [0] * 12 + list(range(9))))
                   + segment(0xc4, b"\x10" + bytes([1] + [0] * 15 + [0]))
                   + segment(0xda, bytes([1, 1, 0, 0, 63, 0])) + scan + b"\xff\xd9")
