"""A gzip file that unpacks to itself (after Russ Cox, "Zip Files All The Way Down", 2010)."""

import zlib


def literal(units: int) -> bytes:
    """A stored block of so many units of five bytes, without its contents (RFC 1951, section 3.2.4)."""
    return b"\0" + (5 * units).to_bytes(2, "little") + (0xFFFF - 5 * units).to_bytes(2, "little")


def repeated() -> bytes:
    """The last four units again: a block of fixed codes with two matches of 10 bytes, 20 back (section 3.2.6)."""
    match = "0001000" + "01000" + "110"
    bits = "0" + "10" + match + match + "0000000"
    return bytes(int(bits[start : start + 8][::-1], 2) for start in range(0, 40, 8))


def with_checksum(crc: int) -> bytes:
    """The file but for its checksum, which stands in it twice."""
    head = b"\x1f\x8b\x08\x08" + bytes(6) + b"mail\0"
    four, empty, one, repeat = literal(4), literal(0), literal(1), repeated()
    body = head + four + head + four + repeat + one + repeat + one + one + four + repeat + one + one + four
    body += (repeat + four) * 4 + (repeat + empty + empty + four) * 2
    tail = empty + b"\x03\0" + crc.to_bytes(4, "little") + (len(body) + 2 * (5 + 15)).to_bytes(4, "little")
    return body + (repeat + tail) * 2


def gzip_quine() -> bytes:
    """Solve for the checksum: it depends on itself by exclusive or alone."""
    constant = zlib.crc32(with_checksum(0))
    basis: dict[int, tuple[int, int]] = {}
    for bit in (1 << number for number in range(32)):
        column, combined = zlib.crc32(with_checksum(bit)) ^ constant ^ bit, bit
        while column and (top := column.bit_length()) in basis:
            column, combined = column ^ basis[top][0], combined ^ basis[top][1]
        if column:
            basis[column.bit_length()] = column, combined
    crc = 0
    while constant:
        column, combined = basis[constant.bit_length()]
        constant, crc = constant ^ column, crc ^ combined
    return with_checksum(crc)
