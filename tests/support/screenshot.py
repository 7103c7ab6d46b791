#!/usr/bin/env python3
"""Draws a terminal screen as PNG: the pictures of the README, 汉字 visible, from the running program.

    apt-get install fonts-noto-cjk
    python3 -m venv target/pictures && target/pictures/bin/pip install pillow pyte

Two ways in. A dump that a test wrote with `Terminal::dump_json()` of tests/support/pty.rs:

    target/pictures/bin/python tests/support/screenshot.py draw DUMP.json assets/pictures/ready.png

Or the program itself in a pty, driven step by step:

    target/pictures/bin/python tests/support/screenshot.py run assets/pictures/ready.png \
        --size 80x24 --step 'wait:请将身份证' -- target/release/kaodian demo --seed 1

A step is `wait:TEXT` (until one row shows it), `gone:TEXT` (until none does) or `keys:TEXT` with Python escapes
(`keys:\\r`, `keys:\\x1b[21~` for F10). After the last step the picture is taken as soon as the program pauses.

A cell is drawn by its meaning: block elements and box drawing as shapes that meet without gaps, Braille as dots, all
else from Noto Sans Mono CJK SC, whose Latin letters are exactly half as wide as 汉字.
"""

import argparse
import json
import os
import select
import signal
import struct
import sys
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FAMILY = "Noto Sans Mono CJK SC"
FONTS = Path("/usr/share/fonts/opentype/noto")
CELL_W, CELL_H = 20, 44
FONT_SIZE = 40
BASE_LINE = 36
MARGIN = 24
DEFAULT = {"fg": "#d8dee4", "bg": "#0f1419"}
ANSI = (
    "#1d2228 #d9534f #4caf6d #d9a441 #4f8fd9 #b36ad0 #3fb0b8 #d8dee4 "
    "#5c6670 #ff6f6a #63d488 #ffc75a #6fb0ff #d58cf0 #5fd6de #ffffff"
).split()
DEADLINE_S = 60
PAUSE_S = 0.12


def palette(index):
    """Colour of an index of the 256-colour palette."""
    if index < 16:
        return ANSI[index]
    if index < 232:
        levels = (0, 95, 135, 175, 215, 255)
        index -= 16
        rgb = (levels[index // 36], levels[index // 6 % 6], levels[index % 6])
    else:
        rgb = (8 + 10 * (index - 232),) * 3
    return "#%02x%02x%02x" % rgb


def colour(value):
    """Colour of a dump: `#rrggbb`, an index, `fg` or `bg`."""
    return palette(value) if isinstance(value, int) else DEFAULT.get(value, value)


def font(weight):
    """The face of FAMILY in Debian's font collection."""
    path = FONTS / f"NotoSansCJK-{weight}.ttc"
    if not path.exists():
        sys.exit(f"screenshot.py: {path} is missing: apt-get install fonts-noto-cjk")
    for index in range(16):
        try:
            face = ImageFont.truetype(str(path), FONT_SIZE, index=index)
        except OSError:
            break
        if face.getname()[0] == FAMILY:
            return face
    sys.exit(f"screenshot.py: expected {FAMILY} in {path}")


# Box drawing: which arms a character has, as (left, up, right, down); 1 light, 2 heavy.
ARMS = {
    "─": "1010", "│": "0101", "┌": "0011", "┐": "1001", "└": "0110", "┘": "1100",
    "├": "0111", "┤": "1101", "┬": "1011", "┴": "1110", "┼": "1111",
    "━": "2020", "┃": "0202", "┏": "0022", "┓": "2002", "┗": "0220", "┛": "2200",
    "┣": "0222", "┫": "2202", "┳": "2022", "┻": "2220", "╋": "2222",
    "╴": "1000", "╵": "0100", "╶": "0010", "╷": "0001",
    "╭": "0011", "╮": "1001", "╰": "0110", "╯": "1100",
    "┄": "1010", "┈": "1010", "┆": "0101", "┊": "0101",
}  # fmt: skip

# Quadrants of a cell: 1 top left, 2 top right, 4 bottom left, 8 bottom right.
QUADRANTS = {"▖": 4, "▗": 8, "▘": 1, "▙": 13, "▚": 9, "▛": 7, "▜": 11, "▝": 2, "▞": 6, "▟": 14}


def block(char):
    """Rectangles of a block element, in fractions of the cell."""
    code = ord(char)
    if char == "▀":
        return [(0, 0, 1, 0.5)]
    if char == "▔":
        return [(0, 0, 1, 1 / 8)]
    if char == "▐":
        return [(0.5, 0, 1, 1)]
    if char == "▕":
        return [(7 / 8, 0, 1, 1)]
    if 0x2581 <= code <= 0x2588:
        return [(0, 1 - (code - 0x2580) / 8, 1, 1)]
    if 0x2589 <= code <= 0x258F:
        return [(0, 0, (0x2590 - code) / 8, 1)]
    if char in QUADRANTS:
        halves = ((0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5))
        return [(x, y, x + 0.5, y + 0.5) for bit, (x, y) in enumerate(halves) if QUADRANTS[char] >> bit & 1]
    return None


def mix(a, b, share):
    """Colour between `a` and `b`: the shades ░▒▓."""
    channels = [(int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#%02x%02x%02x" % tuple(round(x * share + y * (1 - share)) for x, y in channels)


def draw_box(draw, arms, x, y, width, fg):
    """Lines from the middle of the cell to its edges, joined in the middle."""
    middle_x, middle_y = x + width // 2, y + CELL_H // 2
    half = max(map(int, arms))
    left, up, right, down = arms
    if left != "0":
        draw.rectangle((x, middle_y - int(left), middle_x + half - 1, middle_y + int(left) - 1), fill=fg)
    if right != "0":
        draw.rectangle((middle_x - half, middle_y - int(right), x + width - 1, middle_y + int(right) - 1), fill=fg)
    if up != "0":
        draw.rectangle((middle_x - int(up), y, middle_x + int(up) - 1, middle_y + half - 1), fill=fg)
    if down != "0":
        draw.rectangle((middle_x - int(down), middle_y - half, middle_x + int(down) - 1, y + CELL_H - 1), fill=fg)


def draw_cell(draw, faces, text, x, y, width, fg, bg, bold):
    """One cell, background first."""
    draw.rectangle((x, y, x + width - 1, y + CELL_H - 1), fill=bg)
    if not text.strip():
        return
    rectangles = block(text)
    if rectangles is not None:
        for left, top, right, bottom in rectangles:
            left, right = x + round(left * width), x + round(right * width) - 1
            draw.rectangle((left, y + round(top * CELL_H), right, y + round(bottom * CELL_H) - 1), fill=fg)
    elif text in "░▒▓":
        draw.rectangle((x, y, x + width - 1, y + CELL_H - 1), fill=mix(fg, bg, 0.25 * (1 + "░▒▓".index(text))))
    elif text in ARMS:
        draw_box(draw, ARMS[text], x, y, width, fg)
    elif len(text) == 1 and 0x2800 <= ord(text) <= 0x28FF:
        dots = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
        for bit, (column, row) in enumerate(dots):
            if ord(text) >> bit & 1:
                at_x, at_y = x + width * (2 * column + 1) // 4, y + CELL_H * (2 * row + 1) // 8
                draw.ellipse((at_x - 3, at_y - 3, at_x + 3, at_y + 3), fill=fg)
    else:
        draw_text(draw, faces[bold], text, x, y, width, fg)


def draw_text(draw, face, text, x, y, width, fg):
    """A glyph on the base line. One that is wider than its cell shrinks: symbols whole, punctuation in width only."""
    length = face.getlength(text)
    if length <= width:
        draw.text((x + (width - length) / 2, y + BASE_LINE), text, font=face, fill=fg, anchor="ls")
        return
    layer = Image.new("L", (round(length), CELL_H), 0)
    ImageDraw.Draw(layer).text((0, BASE_LINE), text, font=face, fill=255, anchor="ls")
    symbol = 0x2190 <= ord(text[0]) <= 0x27BF
    layer = layer.resize((width, round(CELL_H * width / length) if symbol else CELL_H))
    draw.bitmap((x, y + (CELL_H - layer.height) // 2), layer, fill=fg)


def picture(dump):
    """Draws `{cols, rows, cells: [[text, fg, bg, bold], …]}`."""
    cols, rows, cells = dump["cols"], dump["rows"], dump["cells"]
    if len(cells) != cols * rows:
        sys.exit(f"screenshot.py: expected {cols * rows} cells, found {len(cells)}")
    image = Image.new("RGB", (cols * CELL_W + 2 * MARGIN, rows * CELL_H + 2 * MARGIN), DEFAULT["bg"])
    draw, faces = ImageDraw.Draw(image), {False: font("Regular"), True: font("Bold")}
    for index, (text, fg, bg, bold) in enumerate(cells):
        row, col = divmod(index, cols)
        if text == "":
            continue
        wide = col + 1 < cols and cells[index + 1][0] == ""
        x, y = MARGIN + col * CELL_W, MARGIN + row * CELL_H
        draw_cell(draw, faces, text, x, y, CELL_W * (2 if wide else 1), colour(fg), colour(bg), bool(bold))
    return image


def save(image, path):
    """Writes a small PNG: a screen has few colours."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    image.quantize(colors=64, dither=Image.Dither.NONE).save(path, optimize=True)


class Pty:
    """A program in a pty, its screen kept by pyte."""

    def __init__(self, command, cols, rows):
        import fcntl
        import pty
        import termios

        import pyte

        self.screen = pyte.Screen(cols, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            environment = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
            environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "TZ": "UTC"}
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
            os.execvpe(command[0], command, environment)

    def read(self, wait_s):
        """Feeds what comes within the time; whether anything came."""
        if not select.select([self.fd], [], [], wait_s)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        if not data:
            sys.exit("screenshot.py: the program ended; its screen was\n" + "\n".join(self.rows()))
        self.stream.feed(data)
        return True

    def rows(self):
        # Not `display`: it stumbles over the second half of a wide character whose first half was written over.
        lines = range(self.screen.lines)
        return ["".join(self.screen.buffer[y][x].data for x in range(self.screen.columns)).rstrip() for y in lines]

    def step(self, step):
        kind, _, text = step.partition(":")
        if kind == "keys":
            while self.read(PAUSE_S):
                pass
            escaped = text.encode("ascii", "backslashreplace").decode("ascii")
            os.write(self.fd, escaped.encode("ascii").decode("unicode_escape").encode("utf-8"))
        elif kind in ("wait", "gone"):
            end = time.monotonic() + DEADLINE_S
            while any(text in row for row in self.rows()) != (kind == "wait"):
                if time.monotonic() > end:
                    sys.exit(f"screenshot.py: waited too long for {step}; the screen shows\n" + "\n".join(self.rows()))
                self.read(0.1)
        else:
            sys.exit(f"screenshot.py: expected wait:, gone: or keys:, found {step}")

    def dump(self):
        def shown(char):
            def of(value, default):
                if value == "default":
                    return default
                names = ["black", "red", "green", "brown", "blue", "magenta", "cyan", "white"]
                if value in names:
                    return names.index(value)
                if value.startswith("bright") and (value[6:] in names or value == "brightyellow"):
                    return 8 + names.index(value[6:].replace("yellow", "brown"))
                return "#" + value

            fg, bg = of(char.fg, "fg"), of(char.bg, "bg")
            return [char.data, *((bg, fg) if char.reverse else (fg, bg)), char.bold]

        # pyte leaves the right half of a wide character empty, as a dump does.
        cols, lines = self.screen.columns, self.screen.lines
        cells = [shown(self.screen.buffer[row][col]) for row in range(lines) for col in range(cols)]
        return {"cols": cols, "rows": lines, "cells": cells}

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        try:
            while os.read(self.fd, 65536):
                pass
        except OSError:
            pass
        os.waitpid(self.pid, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ways = parser.add_subparsers(dest="way", required=True)
    draw = ways.add_parser("draw", help="draw a JSON dump")
    draw.add_argument("dump")
    draw.add_argument("png")
    run = ways.add_parser("run", help="run a program and draw its screen")
    run.add_argument("png")
    run.add_argument("--size", default="80x24")
    run.add_argument("--step", action="append", default=[])
    run.add_argument("command", nargs="+")
    args = parser.parse_args()
    if args.way == "draw":
        save(picture(json.loads(Path(args.dump).read_text())), args.png)
        return
    program = Pty(args.command, *map(int, args.size.split("x")))
    try:
        for step in args.step:
            program.step(step)
        while program.read(PAUSE_S):
            pass
        save(picture(program.dump()), args.png)
    finally:
        program.close()


if __name__ == "__main__":
    main()
