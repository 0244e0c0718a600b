"""
Downloads from an Overpass server: one query, one whole ``.osm`` file, or one clear error.

The server's address is always the caller's. An answer is kept only after it was read to its end and found whole; it is
then renamed into the cache, under the SHA-256 of address and query and that of its content: a damaged cache is noticed.

    OverpassError
    ├── OverpassBusyError      the server keeps refusing (429, 502, 503, 504), or names a wait beyond the deadline
    ├── OverpassTimeoutError   the deadline passed: no answer, or one that trickles in too slowly
    └── OverpassAnswerError    cannot be used: broken off, no OpenStreetMap, given up halfway, empty, too large
"""

from __future__ import annotations

import hashlib
import http.client
import json
import math
import os
import random
import re
import socket
import ssl
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import quoteattr

from geodata.errors import SourceError
from geodata.read.osm import ROADS, OsmFileError, scan_xml
from geodata.vocabulary import Mode
from geodata.whole_files import put

BBox = tuple[float, float, float, float]

TRIES = 4
PAUSE_S = 5.0
"""Wait before the second try; it doubles from try to try. A server's ``Retry-After`` is followed instead."""
SILENCE_S = 60.0
"""Longest silence of the server within one answer; Overpass may think for minutes, but then sends nothing at all."""
MAX_BYTES = 1024**3
"""A larger answer (unpacked) is broken off."""
MOST_SQUARE_DEGREES = 100.0
"""A larger box is not asked for: that round Belgium has 8, that round Kazakhstan about 600."""
BUSY = (429, 502, 503, 504)
_SELECTORS = {
    Mode.RAIL: 'way["railway"="rail"];',
    Mode.ROAD: f'way["highway"~"^({"|".join(ROADS)})(_link)?$"];',
}


class OverpassError(SourceError):
    """A download from an Overpass server failed."""


class OverpassBusyError(OverpassError):
    """The server has no time for us."""


class OverpassTimeoutError(OverpassError):
    """The deadline passed before the answer was complete."""


class OverpassAnswerError(OverpassError):
    """The server's answer cannot be used."""


class _PassingError(Exception):
    """A fault worth another try, after `wait_s` seconds if the server named a time."""

    def __init__(self, why: OverpassError, wait_s: float | None = None) -> None:
        self.why, self.wait_s = why, wait_s
        super().__init__(str(why))


def query_for(bbox: BBox, modes: Collection[str], *, server_timeout_s: int = 180) -> str:
    """
    Overpass query for the ways of `modes` (rail, road) in a box (west, south, east, north), whole, with their nodes.

    Raises
    ------
    OverpassError
        The box is not one or larger than `MOST_SQUARE_DEGREES`, or a mode is not in OpenStreetMap's ways.

    """
    west, south, east, north = bbox
    if not (all(map(math.isfinite, bbox)) and -180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise OverpassError(f"{bbox} is no box; the order is west, south, east, north in degrees")
    if (square_degrees := (east - west) * (north - south)) > MOST_SQUARE_DEGREES:
        raise OverpassError(
            f"the box of {square_degrees:,.0f} square degrees is more than a server answers at once "
            f"({MOST_SQUARE_DEGREES:g} at most): ask for a part of it, or give a file of the region by --osm"
        )
    unknown = sorted({str(mode) for mode in modes} - {mode.value for mode in _SELECTORS})
    if unknown or not modes:
        raise OverpassError(f"OpenStreetMap is asked for rail and road, not for {', '.join(unknown) or 'no mode'}")
    wanted = "".join(selector for mode, selector in _SELECTORS.items() if mode in modes)
    area = ",".join(f"{value:.7f}" for value in (south, west, north, east))
    return f"[out:xml][timeout:{server_timeout_s}][bbox:{area}];({wanted});out body;>;out skel qt;"


def download(
    query: str,
    url: str,
    *,
    cache_folder: str | os.PathLike[str],
    deadline_s: float = 300.0,
    report: Callable[[str], None] = lambda _: None,
    tries: int = TRIES,
    pause_s: float = PAUSE_S,
    max_bytes: int = MAX_BYTES,
) -> Path:
    """
    Answer of an Overpass server to `query`, as a whole ``.osm`` file in the cache.

    Parameters
    ----------
    query
        As `query_for` makes it; the same query to the same address is answered from the cache.
    url
        Of the server's interpreter, http or https, such as ``https://overpass-api.de/api/interpreter``. Redirections
        are not followed.
    cache_folder
        Made if missing. Files in it can be deleted at any time.
    deadline_s
        Seconds after which the download ends, whatever it is doing (a look-up of the server's name may take longer).
    report
        Receives one line a stage: tries, waits, megabytes.
    tries, pause_s
        Tries in all, and the wait before the second one in seconds (doubled each time).
    max_bytes
        Largest answer accepted, unpacked.

    Raises
    ------
    OverpassError
        One of its kinds, drawn above; nothing is left in the cache.

    """
    host = _host(url)
    folder, key = Path(cache_folder), hashlib.sha256(f"{url}\n{query}".encode()).hexdigest()
    kept = _from_cache(folder, key, report)
    if kept:
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + deadline_s
    for attempt in range(1, tries + 1):
        report(f"asking {host}, try {attempt} of {tries}")
        try:
            return _try_once(query, url, folder, key, ends, report, max_bytes)
        except _PassingError as error:
            if attempt == tries:
                raise type(error.why)(f"{error.why}; gave up after {tries} tries") from error
            backoff = pause_s * 2 ** (attempt - 1) * random.uniform(1.0, 1.25)  # so that clients do not march in step
            wait_s, left_s = backoff if error.wait_s is None else error.wait_s, ends - time.monotonic()
            if wait_s >= left_s:
                raise type(error.why)(
                    f"{error.why}; the next try is {wait_s:.0f} s away, the deadline sooner"
                ) from error
            report(f"{error.why}; next try in {wait_s:.0f} s")
            time.sleep(wait_s)
    raise OverpassError(f"{tries} tries were asked for; at least one is needed")


def _host(url: str) -> str:
    """Name of the server in an address that http can ask as it stands."""
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
        host.encode("idna")  # no empty part, none too long
        sound = parts.scheme in ("http", "https") and bool(host) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound, host = False, ""
    if not sound or not re.fullmatch("[!-~]+", url):
        raise OverpassError(f"{url[:200]!r} is no address of an Overpass server; it begins with http:// or https://")
    return host


def _try_once(
    query: str, url: str, folder: Path, key: str, ends: float, report: Callable[[str], None], max_bytes: int
) -> Path:
    """One request; the answer is checked and renamed into the cache."""
    handle, name = tempfile.mkstemp(prefix=f".{key[:16]}.", suffix=".osm", dir=folder)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, _answer(query, url, ends) as answer:
            for count in _unpacked(answer, file, max_bytes, ends):
                report(f"{count / 1e6:.1f} MB received")
        ways = _check(part)
        with part.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        target = folder / f"{key}-{content[:32]}.osm"
        put(part, target)
        report(f"{ways:,} ways, {target.stat().st_size / 1e6:.1f} MB")
        return target
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _answer(query: str, url: str, ends: float) -> Iterator[http.client.HTTPResponse]:
    """The server's answer, headers read and found good; every wait ends with the deadline."""
    watch = _Watchdog(ends)
    body = urllib.parse.urlencode({"data": query}).encode()
    headers = {"User-Agent": "trade-corridor (freight route explorer)", "Accept-Encoding": "gzip", "Accept": "*/*"}
    request = urllib.request.Request(url, body, headers)
    host = _host(url)
    try:
        with watch, watch.opener().open(request, timeout=min(SILENCE_S, watch.left_s())) as response:
            yield response
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error, host) from error
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if watch.expired or time.monotonic() >= ends:
            raise OverpassTimeoutError(f"{host} did not finish its answer before the deadline") from error
        if isinstance(reason, (socket.gaierror, ConnectionRefusedError, ssl.SSLCertVerificationError)):
            raise OverpassError(f"no connection with {host} ({reason})") from error
        if isinstance(reason, TimeoutError):
            raise _PassingError(OverpassTimeoutError(f"{host} fell silent")) from error
        if isinstance(reason, http.client.IncompleteRead):
            raise _PassingError(OverpassAnswerError(f"{host}: the answer broke off")) from error
        if isinstance(reason, http.client.HTTPException) and not isinstance(reason, OSError):
            said = "".join(sign if sign.isprintable() else "?" for sign in str(reason)[:80])
            raise _PassingError(OverpassAnswerError(f"{host} does not answer as HTTP asks ({said})")) from error
        raise _PassingError(OverpassError(f"no connection with {host} ({reason})")) from error


class _Watchdog:
    """Closes every connection of its opener when the deadline comes: a server may also trickle, byte by byte."""

    def __init__(self, ends: float) -> None:
        self.ends, self.expired = ends, False
        self.sockets: list[socket.socket] = []
        self.timer = threading.Timer(max(0.0, self.left_s()), self._expire)
        self.timer.daemon = True

    def left_s(self) -> float:
        return max(0.001, self.ends - time.monotonic())

    def __enter__(self) -> _Watchdog:
        self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()

    def _expire(self) -> None:
        self.expired = True
        for sock in self.sockets:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed already

    def opener(self) -> urllib.request.OpenerDirector:
        """An opener that follows no redirection and speaks nothing but http and https."""
        watch = self

        class Plain(http.client.HTTPConnection):
            def connect(self) -> None:
                super().connect()
                watch.sockets.append(self.sock)

        class Secure(http.client.HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                watch.sockets.append(self.sock)

        class OpenPlain(urllib.request.HTTPHandler):
            def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
                return self.do_open(Plain, req)

        class OpenSecure(urllib.request.HTTPSHandler):
            def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
                return self.do_open(Secure, req, context=ssl.create_default_context())

        opener = urllib.request.OpenerDirector()
        handlers: list[Any] = [urllib.request.ProxyHandler(), OpenPlain(), OpenSecure()]
        for handler in [*handlers, urllib.request.HTTPErrorProcessor(), urllib.request.HTTPDefaultErrorHandler()]:
            opener.add_handler(handler)
        return opener


def _refusal(error: urllib.error.HTTPError, host: str) -> Exception:
    """What an HTTP status that is not 200 means: worth another try, or not."""
    if error.code in BUSY:
        meaning = "too many requests" if error.code == 429 else "overloaded or too slow"
        busy = OverpassBusyError(f"{host} is busy: {meaning} (HTTP {error.code})")
        return _PassingError(busy, _retry_after_s(error.headers.get("Retry-After", "")))
    there = error.headers.get("Location", "")[:200]
    if 300 <= error.code < 400 and there:
        return OverpassAnswerError(f"{host} sends us on to {there!r}; give that address if you trust it")
    if error.code >= 500:
        return _PassingError(OverpassAnswerError(f"{host} failed (HTTP {error.code})"))
    return OverpassAnswerError(f"{host} refuses the query (HTTP {error.code}); is this the address of its interpreter?")


def _retry_after_s(text: str) -> float | None:
    """Seconds of a ``Retry-After`` header, a number or a date; None where it says nothing of use."""
    if text.strip().isdecimal():
        return min(float(text), 1e9)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _unpacked(answer: http.client.HTTPResponse, file: IO[bytes], max_bytes: int, ends: float) -> Iterator[int]:
    """Write the answer's body, unpacked, to `file`; yields the bytes so far, about every 2 MB."""
    packed = answer.headers.get("Content-Encoding", "identity").strip().casefold()
    if packed not in ("identity", "gzip", ""):
        raise OverpassAnswerError(f"the answer is packed as {packed[:40]!r}, which was not asked for")
    length = answer.headers.get("Content-Length", "")
    unzip = zlib.decompressobj(wbits=31) if packed == "gzip" else None
    received = written = told = 0
    while chunk := answer.read1(1 << 16):
        received += len(chunk)
        if time.monotonic() >= ends:
            break
        try:
            plain = unzip.decompress(chunk, max_bytes - written + 1) if unzip else chunk
        except zlib.error as error:
            raise _PassingError(OverpassAnswerError(f"the packed answer is damaged ({error})")) from error
        written += len(plain)
        if written > max_bytes:
            raise OverpassAnswerError(f"the answer is over {max_bytes / 1e6:g} MB; ask for a smaller box")
        try:
            file.write(plain)
        except OSError as error:
            raise OverpassError(f"the answer cannot be written ({error})") from error
        if written - told >= 2_000_000:
            told = written
            yield written
    if time.monotonic() >= ends:  # the end of the body may be the watchdog's doing
        raise OverpassTimeoutError(f"the deadline passed after {received / 1e6:.1f} MB of the answer")
    if (unzip is not None and not unzip.eof) or (length.isdecimal() and int(length) != received):
        promised = f" of {int(length):,}" if length.isdecimal() else ""
        raise _PassingError(OverpassAnswerError(f"the answer broke off after {received:,}{promised} bytes"))


def _check(path: Path) -> int:
    """Ways in a downloaded file, made XML if it came as JSON; it must be whole and hold at least one."""
    with path.open("rb") as file:
        head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise _PassingError(OverpassAnswerError("the answer is empty"))
    if b"<html" in head.lower() or b"<!doctype html" in head.lower():
        raise OverpassAnswerError("the answer is a web page, not map data; is this the address of the interpreter?")
    try:
        if head.startswith(b"{"):
            _json_to_xml(path)
        ways = scan_xml(path, lambda tags: "railway" in tags or "highway" in tags)
    except OsmFileError as error:
        why = str(error).replace(path.name, "the answer")
        broken = OverpassAnswerError(why)
        raise (_PassingError(broken) if "broken off" in why else broken) from error
    if not ways.refs:
        raise OverpassAnswerError("the answer holds no ways: OpenStreetMap has none of these modes in the box")
    if not any(ways.runs().values()):
        raise OverpassAnswerError("the answer holds ways without their nodes")
    return len(ways.refs)


def _json_to_xml(path: Path) -> None:
    """Rewrite an Overpass JSON answer as OpenStreetMap XML, in place (the file is still a temporary one)."""
    try:
        answer = json.loads(path.read_text("utf-8"))
        if answer.get("remark"):
            raise OsmFileError(f"{path.name}: the server gave up halfway ({str(answer['remark'])[:200]})")
        date = str(answer.get("osm3s", {}).get("timestamp_osm_base", ""))
        parts = [f"<osm version='0.6'><meta osm_base={quoteattr(date)}/>"]
        for element in answer["elements"]:
            tags = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in element.get("tags", {}).items())
            if element["type"] == "node":
                lon, lat = float(element["lon"]), float(element["lat"])
                parts.append(f"<node id='{int(element['id'])}' lon='{lon!r}' lat='{lat!r}'>{tags}</node>")
            elif element["type"] == "way":
                refs = "".join(f"<nd ref='{int(node)}'/>" for node in element["nodes"])
                parts.append(f"<way id='{int(element['id'])}'>{refs}{tags}</way>")
        content = "\n".join([*parts, "</osm>\n"]).encode()
    except (ValueError, OverflowError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError):
            raise OsmFileError(f"{path.name}: broken off or no JSON ({error})") from error
        raise OsmFileError(f"{path.name}: not an Overpass answer ({type(error).__name__}: {error})") from error
    path.write_bytes(content)


def _from_cache(folder: Path, key: str, report: Callable[[str], None]) -> Path | None:
    """The cached answer, if its content still is what it was; a damaged one is removed."""
    for path in sorted(folder.glob(f"{key}-*.osm")):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        if path.stem == f"{key}-{content[:32]}":
            day = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%d")
            report(f"answered from the cache ({path.stat().st_size / 1e6:.1f} MB, downloaded on {day})")
            return path
        report(f"the cached answer {path.name} is damaged; asking again")
        path.unlink()
    return None
