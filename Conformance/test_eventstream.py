"""Frames of an event stream against botocore's parser: what the product writes botocore reads, what is written from the
public format the product reads, and what is damaged both refuse.

botocore has only a parser; the writer here follows the published layout: total length, headers length, CRC-32 of both,
headers, payload, CRC-32 of everything before, all numbers with the most significant byte first.
"""

import base64
import json
import os
import random
import struct
import subprocess
import uuid
import zlib

import pytest
from botocore.eventstream import EventStreamBuffer

from support.paths import BINARIES

PROBE = BINARIES / "codec-probe"
MESSAGES = int(os.environ.get("PACKHOUSE_FRAMES") or 100_000)
BATCH = 5_000
SECONDS = 300
INTEGERS = {2: ("b", 8), 3: ("h", 16), 4: ("i", 32), 5: ("q", 64), 8: ("q", 64)}
LETTERS = "abcXYZ019 -_:./äß東京😀\u0000\n\"\\"
OWN_KINDS = {"bool": (0, 1), "number": (5,), "bytes": (6,), "string": (7,)}


@pytest.fixture(scope="module")
def dice():
    seed = random.randrange(1_000_000)
    print("seed", seed)
    return random.Random(seed)


# ---- Messages -------------------------------------------------------------------------------------------------------

def text(dice, most):
    return "".join(dice.choice(LETTERS) for _ in range(dice.randint(0, most)))


def a_value(dice, kind):
    """A value of a header kind, as a number, text or bytes."""
    if kind in (0, 1):
        return kind == 0
    if kind in INTEGERS:
        bits = INTEGERS[kind][1]
        return dice.choice([0, 1, -1, 2 ** (bits - 1) - 1, -2 ** (bits - 1), dice.getrandbits(bits - 1)])
    if kind == 6:
        return dice.randbytes(dice.choice([0, 1, 20, dice.randint(0, 300)]))
    if kind == 7:
        return text(dice, dice.choice([5, 40, 200]))
    return dice.randbytes(16)


def a_message(dice, kinds):
    """Headers by name, each with its kind and value, and a payload."""
    headers = {}
    for _ in range(dice.choice([0, 1, 3, 3, 3, 8])):
        name = dice.choice([":event-type", ":message-type", ":content-type", text(dice, 12), text(dice, 12)])
        if len(name.encode()) <= 255:
            kind = dice.choice(kinds)
            headers[name] = (kind, a_value(dice, kind))
    size = dice.choice([0, dice.randint(1, 40)] + [dice.randint(1, 300)] * 4)
    if dice.random() < 0.002:
        size = dice.randint(1, 65_536)
    return headers, dice.randbytes(size)


# ---- The writer of the public format --------------------------------------------------------------------------------

def header_bytes(name, kind, value):
    encoded = name.encode()
    head = bytes([len(encoded)]) + encoded + bytes([kind])
    if kind in INTEGERS:
        return head + struct.pack("!" + INTEGERS[kind][0], value)
    if kind in (6, 7):
        value = value.encode() if kind == 7 else value
        return head + struct.pack("!H", len(value)) + value
    return head + (value if kind == 9 else b"")


def framed(headers, payload):
    """A frame around headers that are bytes already."""
    prelude = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    frame = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + payload
    return frame + struct.pack("!I", zlib.crc32(frame))


def frame(headers, payload):
    return framed(b"".join(header_bytes(name, *rest) for name, rest in headers.items()), payload)


# ---- The two readers ------------------------------------------------------------------------------------------------

def plain(kind, value):
    """A header's value as botocore gives it."""
    return value.bytes if isinstance(value, uuid.UUID) else value


def by_botocore(stream):
    """The messages, and whether anything was refused or left over."""
    buffer = EventStreamBuffer()
    buffer.add_data(stream)
    messages = []
    try:
        messages.extend((message.headers, message.payload) for message in buffer)
    except Exception:
        return messages, True
    return messages, buffer._data != b""


def by_product(streams, piece):
    """The same of each stream, by the product's decoder, which gets so many bytes at a time."""
    records = b"".join(struct.pack("!I", len(stream)) + stream for stream in streams)
    run = subprocess.run(
        [PROBE, "read-frames", "--piece", str(piece)], input=records, capture_output=True, timeout=SECONDS, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(streams)
    return [([(read_headers(each), base64.b64decode(each["payload"])) for each in answer["frames"]],
             answer["problem"] is not None) for answer in answers]


def read_headers(message):
    return {name: base64.b64decode(value) if kind == "bytes" else value for name, kind, value in message["headers"]}


def written_by_product(messages):
    lines = []
    for headers, payload in messages:
        named = {number: name for name, numbers in OWN_KINDS.items() for number in numbers}
        described = [[name, named[kind], base64.b64encode(value).decode() if kind == 6 else value]
                     for name, (kind, value) in headers.items()]
        lines.append(json.dumps({"headers": described, "payload": base64.b64encode(payload).decode()}))
    return subprocess.run(
        [PROBE, "write-frames"], input="\n".join(lines).encode(), capture_output=True, timeout=SECONDS,
        check=True).stdout


def batches(count):
    for start in range(0, count, BATCH):
        yield min(BATCH, count - start)


# ---- Checks ---------------------------------------------------------------------------------------------------------

def test_botocore_reads_what_the_product_writes(dice):
    kinds = [number for numbers in OWN_KINDS.values() for number in numbers]
    seen = 0
    for count in batches(MESSAGES):
        messages = [a_message(dice, kinds) for _ in range(count)]
        stream = written_by_product(messages)
        expected = [({name: value for name, (_, value) in headers.items()}, payload) for headers, payload in messages]
        # botocore's buffer copies what is left with each message: a hundred at a time keep it quick.
        position, read = 0, []
        while position < len(stream):
            end = position
            for _ in range(100):
                if end < len(stream):
                    end += struct.unpack("!I", stream[end:end + 4])[0]
            some, is_refused = by_botocore(stream[position:end])
            assert not is_refused
            read += some
            position = end
        assert read == expected
        # The layout leaves no choice: the bytes are those of the public format.
        assert stream == b"".join(frame(*message) for message in messages)
        seen += len(read)
    assert seen == MESSAGES


def test_the_product_reads_what_the_public_format_says(dice):
    seen = 0
    for count in batches(MESSAGES):
        messages = [a_message(dice, range(10)) for _ in range(count)]
        groups = [messages[start:start + 25] for start in range(0, count, 25)]
        streams = [b"".join(frame(*message) for message in group) for group in groups]
        ours = by_product(streams, dice.choice([1, 7, 100, 1_000, 100_000]))
        for group, stream, (read, is_refused) in zip(groups, streams, ours):
            assert not is_refused
            theirs, _ = by_botocore(stream)
            assert read == [({name: plain(*one) for name, one in headers.items()}, payload)
                            for headers, payload in group]
            assert read == [({name: plain(None, value) for name, value in headers.items()}, payload)
                            for headers, payload in theirs]
            seen += len(read)
    assert seen == MESSAGES


def damaged(dice, good):
    """The frame with something wrong in its bytes."""
    bad = bytearray(good)
    kind = dice.randrange(5)
    place = dice.randrange(len(bad))
    if kind == 0:
        bad[place] ^= 1 << dice.randrange(8)
    elif kind == 1:
        del bad[place]
    elif kind == 2:
        bad.insert(place, bad[place] ^ 0x55)
    elif kind == 3:
        del bad[place:]
    else:
        other = dice.randrange(len(bad))
        bad[place], bad[other] = bad[other], bad[place]
    return bytes(bad)


def test_both_refuse_what_is_damaged(dice):
    streams = []
    while len(streams) < 10_000:
        good = frame(*a_message(dice, range(10)))
        bad = damaged(dice, good)
        if bad and bad != good:
            streams.append(bad)
    ours = by_product(streams, dice.choice([1, 100, 100_000]))
    for stream, (read, is_refused) in zip(streams, ours):
        assert is_refused and not read
        theirs, is_refused_too = by_botocore(stream)
        assert is_refused_too and not theirs


@pytest.mark.parametrize("headers", [
    pytest.param(b"\x01a\x0a", id="a kind that there is not"),
    pytest.param(b"\x01a\xff\x00\x00", id="another kind that there is not"),
    pytest.param(header_bytes("a", 0, True) + header_bytes("a", 1, False), id="a name twice"),
    pytest.param(b"\x01\xff\x00", id="a name that is not UTF-8"),
    pytest.param(b"\x01a\x07\x00\x02\xc3\x28", id="text that is not UTF-8"),
    pytest.param(b"\x01a\x05\x00\x00", id="a number that is cut off"),
    pytest.param(b"\x01a", id="a name without a value"),
])
def test_both_refuse_wrong_headers_whose_checksums_are_right(headers):
    stream = framed(headers, b"{}")
    assert by_botocore(stream) == ([], True)
    assert by_product([stream], 1_000) == [([], True)]


def test_headers_and_frames_have_limits():
    """Lengths that say too much are refused at the head, before anything is waited for."""
    def head(total, headers):
        prelude = struct.pack("!II", total, headers)
        return prelude + struct.pack("!I", zlib.crc32(prelude)) + bytes(4)
    streams = [head(1 << 31, 0), head((1 << 20), (1 << 17) + 1), head(15, 0), head(32, 17)]
    assert [is_refused for _, is_refused in by_product(streams, 1_000)] == [True] * len(streams)
    most = framed(b"".join(header_bytes(str(n), 7, "x" * 1_000) for n in range(128)), b"{}")
    assert by_product([most], 1_000)[0][1] is False
    many = framed(b"".join(header_bytes(str(n), 0, True) for n in range(129)), b"{}")
    assert by_product([many], 1_000) == [([], True)]
    # A frame that has only begun is no fault until the stream ends.
    assert by_product([frame({}, b"x")[:-1]], 1_000) == [([], True)]
    assert by_product([b""], 1_000) == [([], False)]
