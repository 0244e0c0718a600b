"""The Overpass client against a server on this machine that misbehaves in every way we know, then answers."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from contextlib import contextmanager
from email.utils import formatdate
from urllib.parse import parse_qs

import pytest

from geodata.read import overpass
from geodata.read.osm import read_osm
from geodata.read.overpass import (
    OverpassAnswerError,
    OverpassBusyError,
    OverpassError,
    OverpassTimeoutError,
    download,
    query_for,
)

QUERY = query_for((60.0, 53.0, 60.5, 53.5), ["rail", "road"])
GOOD = (
    b"<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'><meta osm_base='2026-11-01T10:00:00Z'/>"
    b"<node id='1' lon='60.1' lat='53.1'/><node id='2' lon='60.2' lat='53.1'/>"
    b"<way id='9'><nd ref='1'/><nd ref='2'/><tag k='railway' v='rail'/><tag k='gauge' v='1520'/></way></osm>"
)
JSON = {
    "osm3s": {"timestamp_osm_base": "2026-11-01T10:00:00Z"},
    "elements": [
        {"type": "node", "id": 1, "lon": 60.1, "lat": 53.1},
        {"type": "node", "id": 2, "lon": 60.2, "lat": 53.1},
        {"type": "way", "id": 9, "nodes": [1, 2], "tags": {"railway": "rail", "gauge": "1520", "name": "<&'\">"}},
    ],
}


def answer(body: bytes = GOOD, status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Server:
    """Sends the n-th script to the n-th caller, then the last one; a script is bytes or a function."""

    def __init__(self, *scripts) -> None:
        self.scripts, self.requests, self.open = scripts, [], True
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/api/interpreter"
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        while True:
            caller, _ = self.socket.accept()
            with caller:
                if not self.open:
                    return
                self.requests.append(self.request(caller))
                script = self.scripts[min(len(self.requests), len(self.scripts)) - 1]
                try:
                    caller.sendall(script) if isinstance(script, bytes) else script(caller)
                except OSError:
                    continue  # the client hung up, as it should

    @staticmethod
    def request(caller) -> str:
        received = b""
        while b"\r\n\r\n" not in received:
            received += caller.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(
            next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")).split()[1]
        )
        while len(body) < length:
            body += caller.recv(65536)
        return parse_qs(body.decode())["data"][0]

    def close(self) -> None:
        self.open = False
        socket.create_connection(self.socket.getsockname()).close()
        self.thread.join(10)
        self.socket.close()


@contextmanager
def serving(*scripts):
    server = Server(*scripts)
    try:
        yield server
    finally:
        server.close()


def fetch(server, folder, deadline_s=20.0, **options):
    return download(QUERY, server.url, cache_folder=folder, deadline_s=deadline_s, pause_s=0.01, **options)


@pytest.fixture(autouse=True)
def _straight(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def test_a_right_answer_is_kept_read_and_asked_for_once(tmp_path):
    said = []
    with serving(answer()) as server:
        path = fetch(server, tmp_path, report=said.append)
        assert fetch(server, tmp_path, report=said.append) == path
    assert server.requests == [QUERY]
    assert path.read_bytes() == GOOD and list(tmp_path.iterdir()) == [path]
    assert list(read_osm(path, ["rail"])) == ["rail-1520"]
    assert said[0] == "asking 127.0.0.1, try 1 of 4" and said[-1].startswith("answered from the cache")


@pytest.mark.parametrize("kind", ["gzip", "chunked", "json", "no length"])
def test_other_right_answers(tmp_path, kind):
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD)
    script = {
        "gzip": answer(gzip.compress(GOOD), Content_Encoding="gzip"),
        "chunked": chunks,
        "json": answer(json.dumps(JSON).encode(), Content_Type="application/json"),
        "no length": b"HTTP/1.0 200 OK\r\n\r\n" + GOOD,
    }[kind]
    with serving(script) as server:
        links = read_osm(fetch(server, tmp_path), ["rail"])["rail-1520"].links
    assert len(links) == 1 and links["length_source"].iat[0] == "OpenStreetMap, 2026-11-01"


def test_a_damaged_cache_is_not_trusted(tmp_path):
    with serving(answer()) as server:
        path = fetch(server, tmp_path)
        path.write_bytes(GOOD.replace(b"53.1", b"53.2"))
        assert fetch(server, tmp_path).read_bytes() == GOOD
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    "first",
    [
        answer(b"slow down", "429 Too Many Requests", Retry_After="0"),
        answer(b"slow down", "429 Too Many Requests", Retry_After=formatdate(time.time(), usegmt=True)),
        answer(b"slow down", "429 Too Many Requests", Retry_After="soon"),
        answer(b"busy", "504 Gateway Timeout"),
        answer(b"busy", "503 Service Unavailable"),
        answer(b"oops", "500 Internal Server Error"),
        answer(GOOD[:-40]),
        answer(GOOD, length=len(GOOD) + 50),
        answer(GOOD, length=len(GOOD) - 50),
        answer(gzip.compress(GOOD)[:-12], Content_Encoding="gzip"),
        answer(b"\x1f\x8b" + b"x" * 60, Content_Encoding="gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(GOOD), GOOD[:100]),
        answer(b""),
        b"",
        b"SMTP ready\r\n\r\n",
    ],
)
def test_a_passing_fault_is_tried_again(tmp_path, first):
    with serving(first, answer()) as server:
        assert fetch(server, tmp_path).read_bytes() == GOOD
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("script", "error", "words"),
    [
        (
            answer(b"", "429 Too Many Requests"),
            OverpassBusyError,
            "too many requests .HTTP 429.; gave up after 3 tries",
        ),
        (answer(b"", "504 Gateway Timeout"), OverpassBusyError, "overloaded or too slow .HTTP 504.; gave up after 3"),
        (answer(GOOD[:-40]), OverpassAnswerError, "broken off .*gave up after 3 tries"),
        (answer(GOOD, length=len(GOOD) + 9), OverpassAnswerError, r"broke off after \d+ of \d+ bytes; gave up"),
        (answer(json.dumps(JSON).encode()[:-30]), OverpassAnswerError, "broken off or no JSON.*gave up"),
        (b"SMTP\x00 ready\r\n\r\n", OverpassAnswerError, r"does not answer as HTTP asks .SMTP\? ready.*gave up"),
        (
            b"HTTP/1.1 429 Busy\r\nContent-Length: 0\r\nRetry-After: \xb2\r\n\r\n",
            OverpassBusyError,
            "HTTP 429.; gave up after 3 tries",
        ),
    ],
)
def test_it_gives_up_in_the_end(tmp_path, script, error, words):
    with serving(script) as server, pytest.raises(error, match=words):
        fetch(server, tmp_path, tries=3)
    assert len(server.requests) == 3 and not list(tmp_path.iterdir())


REMARK = b'<remark> runtime error: Query timed out in "query" at line 1 after 180 seconds. </remark></osm>'


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (answer(b"<html><body>The server is probably too busy</body></html>"), "web page"),
        (answer(b'<!DOCTYPE HTML PUBLIC "x"><p>Error'), "begins with|web page|document type"),
        (answer(GOOD.replace(b"</osm>", REMARK)), "gave up halfway .runtime error: Query timed out"),
        (
            answer(json.dumps(JSON | {"remark": "runtime error: out of memory"}).encode()),
            "gave up halfway .runtime error",
        ),
        (answer(b"<osm version='0.6'></osm>"), "holds no ways"),
        (answer(b'{"elements": []}'), "holds no ways"),
        (answer(b'{"elements": [{"type": "way"}]}'), "not an Overpass answer"),
        (answer(b'{"elements": [{"type": "way", "id": 1e400, "nodes": []}]}'), "not an Overpass answer .OverflowError"),
        (
            answer(b'{"elements": [{"type": "node", "id": 1, "lat": 1, "lon": %s}]}' % (b"9" * 400)),
            "not an Overpass answer .OverflowError",
        ),
        (
            answer(json.dumps({"elements": [{"type": "way", "id": 1, "nodes": [], "tags": {"a": "\ud800"}}]}).encode()),
            "not an Overpass answer .UnicodeEncodeError",
        ),
        (answer(b"<?xml version='1.0' encoding='klingon'?><osm/>"), "line 1: not OpenStreetMap .unknown encoding"),
        (answer(b"", "302 Found"), "refuses the query .HTTP 302."),
        (answer(b'{"elements": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"), "not an Overpass answer .RecursionError"),
        (answer(GOOD.replace(b"<node", b"<nada")), "without their nodes"),
        (answer(GOOD.replace(b"60.1", b"inf")), "off the globe"),
        (answer(b"", "400 Bad Request"), "refuses the query .HTTP 400."),
        (answer(b"", "302 Found", Location="http://169.254.169.254/"), "sends us on to 'http://169.254"),
        (answer(GOOD, Content_Encoding="br"), "packed as 'br'"),
        (answer(gzip.compress(b"<osm>" + b" " * 5_000_000), Content_Encoding="gzip"), "over 1 MB"),
        (answer(b"<osm>" + b" " * 2_000_000), "over 1 MB"),
    ],
)
def test_an_answer_beyond_hope_is_not_asked_for_again(tmp_path, script, words):
    with serving(script) as server, pytest.raises(OverpassAnswerError, match=words):
        fetch(server, tmp_path, max_bytes=1_000_000)
    assert len(server.requests) == 1 and not list(tmp_path.iterdir())


def drip(start: bytes):
    def script(caller) -> None:
        caller.sendall(start)
        for _ in range(100):
            caller.sendall(b" ")
            time.sleep(0.05)

    return script


@pytest.mark.parametrize(
    "script",
    [
        drip(b""),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<osm>"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n<osm>"),
        lambda caller: caller.recv(1),
    ],
)
def test_the_deadline_holds_whatever_the_server_does(tmp_path, script):
    began = time.monotonic()
    with serving(script) as server:
        with pytest.raises(OverpassTimeoutError, match="deadline"):
            fetch(server, tmp_path, deadline_s=0.6)
        assert time.monotonic() - began < 3.0
    assert not list(tmp_path.iterdir())


def test_silence_is_tried_again_then_named(tmp_path, monkeypatch):
    monkeypatch.setattr(overpass, "SILENCE_S", 0.2)
    with (
        serving(lambda caller: time.sleep(0.4)) as server,
        pytest.raises(OverpassTimeoutError, match="fell silent; gave up"),
    ):
        fetch(server, tmp_path, tries=2)
    assert len(server.requests) == 2


def test_a_wait_beyond_the_deadline_ends_at_once(tmp_path):
    began = time.monotonic()
    later = answer(b"", "429 Too Many Requests", Retry_After="3600")
    with (
        serving(later) as server,
        pytest.raises(OverpassBusyError, match="next try is 3600 s away, the deadline sooner"),
    ):
        fetch(server, tmp_path)
    assert time.monotonic() - began < 2.0


def test_nobody_there(tmp_path):
    with serving(b"") as server:
        pass
    with pytest.raises(OverpassError, match=r"no connection with 127\.0\.0\.1"):
        fetch(server, tmp_path)


def test_a_length_that_is_no_number_is_not_counted_on(tmp_path):
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n" + GOOD) as server:
        assert fetch(server, tmp_path).read_bytes() == GOOD


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://127.0.0.1/x", "overpass-api.de", "http://", "", "http://[::1", "http://a:b/",
        "http://a:99999/", "http://a b/", "http://a\nb/", "http://a/ü", "http://ü/", "http://..com/", "http://\udcff/",
        f"http://{'a' * 64}.com/", "http://\u2100.com/",
    ],
)  # fmt: skip
def test_only_http_addresses(tmp_path, url):
    with pytest.raises(OverpassError, match="no address of an Overpass server"):
        download(QUERY, url, cache_folder=tmp_path)


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    class Full:
        @staticmethod
        def write(_):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(overpass, "_unpacked", lambda a, f, m, e, real=overpass._unpacked: real(a, Full, m, e))
    with serving(answer()) as server, pytest.raises(OverpassError, match=r"cannot be written .*No space left"):
        fetch(server, tmp_path)
    assert not list(tmp_path.iterdir())


def test_queries():
    rail = query_for((1, 2, 3, 4), ["rail"])
    assert rail.startswith("[out:xml][timeout:180][bbox:2.0000000,1.0000000,4.0000000,3.0000000];")
    assert rail.endswith(';(way["railway"="rail"];);out body;>;out skel qt;')
    assert "motorway|trunk|primary|secondary|tertiary" in query_for((1, 2, 3, 4), ["road"])


@pytest.mark.parametrize("bbox", [(3, 2, 1, 4), (1, 2, 3, 95), (1, 2, float("nan"), 4)])
def test_no_box(bbox):
    with pytest.raises(OverpassError, match="west, south, east, north"):
        query_for(bbox, ["rail"])


def test_a_box_too_large_for_a_server_is_not_asked_for():
    assert query_for((46, 41, 56, 51), ["rail"])
    with pytest.raises(OverpassError, match=r"64,800 square degrees .*--osm"):
        query_for((-180, -90, 180, 90), ["rail"])


def test_no_mode_of_openstreetmap():
    with pytest.raises(OverpassError, match="not for sea"):
        query_for((1, 2, 3, 4), ["sea"])
