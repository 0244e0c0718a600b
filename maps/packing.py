"""
Lines as short strings: whole multiples of a quantum, differences, variable-length base 64.

One point costs about four characters instead of eighteen. ``templates/basemap.js`` holds the same decoder in a few
lines of JavaScript.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUE = {c: i for i, c in enumerate(ALPHABET)}


def pack_line(points: NDArray[np.int64]) -> str:
    """
    Pack one line.

    Parameters
    ----------
    points
        Shape (n, 2): longitude and latitude in quanta.

    Returns
    -------
    str
        Zigzagged differences, five bits a character, lowest bits first; characters ≥ 32 are continued.

    """
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel()
    out: list[str] = []
    for step in steps.tolist():
        rest = -2 * step - 1 if step < 0 else 2 * step
        while rest > 31:
            out.append(ALPHABET[32 + (rest & 31)])
            rest >>= 5
        out.append(ALPHABET[rest])
    return "".join(out)


def unpack_line(packed: str) -> NDArray[np.int64]:
    """Undo `pack_line`; shape (n, 2), in quanta."""
    steps: list[int] = []
    value = shift = 0
    for character in packed:
        digit = _VALUE[character]
        value |= (digit & 31) << shift
        if digit > 31:
            shift += 5
            continue
        steps.append(-(value + 1) // 2 if value & 1 else value // 2)
        value = shift = 0
    return np.cumsum(np.array(steps, dtype=np.int64).reshape(-1, 2), axis=0)


def pack_lines(lines: Sequence[NDArray[np.int64]]) -> str:
    """Pack lines one after the other, a space between two."""
    return " ".join(pack_line(line) for line in lines)


def unpack_lines(packed: str) -> list[NDArray[np.int64]]:
    """Undo `pack_lines`."""
    return [unpack_line(line) for line in packed.split(" ")] if packed else []
