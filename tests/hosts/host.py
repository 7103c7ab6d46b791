"""A minimal host for SAM modules, written from the reference document and from nothing else.

    host.py KAODIAN VECTORS

Starts `KAODIAN reader simulate` for one scene after the other, opens its port as any program would, and compares what
comes back byte for byte with the frames in VECTORS (tests/vectors/reader), or with frames that are put together here by
the rules of the document: preamble, length, XOR. Prints one line a scene; the first difference ends it with status 1.
"""

import json
import os
import select
import subprocess
import sys
import tempfile
import termios
import time

PREAMBLE = bytes.fromhex("aaaaaa9669")
KAODIAN, FOLDER = sys.argv[1], sys.argv[2]
with open(os.path.join(FOLDER, "vectors.json"), encoding="utf-8") as file:
    VECTORS = json.load(file)
COMMANDS = {name: bytes.fromhex(told["hex"]) for name, told in VECTORS["commands"].items()}
REPLIES = {name: bytes.fromhex(told["hex"]) for name, told in VECTORS["replies"].items()}
SPEEDS = {115200: termios.B115200, 9600: termios.B9600}


def frame(body):
    covered = (len(body) + 1).to_bytes(2, "big") + body
    checksum = 0
    for byte in covered:
        checksum ^= byte
    return PREAMBLE + covered + bytes([checksum])


def check(got, expected, what):
    if got != expected:
        raise SystemExit(f"{what}: expected {len(expected)} bytes {expected.hex()}, found {len(got)} {got.hex()}")


class Scene:
    """One simulator and the host's end of its line."""

    def __init__(self, name, module="", steps=(), card=None, keys="immediate = true"):
        self.name = name
        self.folder = tempfile.TemporaryDirectory()
        self.link = os.path.join(self.folder.name, "idreader")
        command = [KAODIAN, "reader", "simulate", "--link", self.link]
        if card:
            command += ["--immediate", "--stay-ms", "600000", "--card", os.path.join(FOLDER, card)]
        else:
            script = os.path.join(self.folder.name, "script.toml")
            with open(script, "w", encoding="utf-8") as file:
                file.write("[module]\n" + keys + "\n" + module + "\n" + "\n".join(steps))
            command += ["--script", script]
        self.simulator = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.told("plugged_in")
        for step in steps if not card else ["present"]:
            if "present" in step:
                self.told("presented")
            elif "plan" in step:
                self.told("fault")
        self.line = None
        self.open()

    def told(self, event):
        line = json.loads(self.simulator.stdout.readline())
        if line["event"] != event:
            raise SystemExit(f"{self.name}: expected the simulator to say {event}, found {line}")

    def open(self):
        self.line = os.open(self.link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.speed(115200)

    def speed(self, baud):
        attributes = termios.tcgetattr(self.line)
        control = termios.CS8 | termios.CREAD | termios.CLOCAL
        attributes[:6] = [0, 0, control, 0, SPEEDS[baud], SPEEDS[baud]]
        attributes[6][termios.VMIN] = 1
        attributes[6][termios.VTIME] = 0
        termios.tcsetattr(self.line, termios.TCSANOW, attributes)

    def send(self, data):
        os.write(self.line, data)

    def hear(self, count, patience=10.0):
        """So many bytes, or what came of them in time."""
        heard = b""
        end = time.monotonic() + patience
        while len(heard) < count:
            ready, _, _ = select.select([self.line], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                break
            try:
                data = os.read(self.line, count - len(heard))
            except OSError:
                break
            if not data:
                break
            heard += data
        return heard

    def silent(self, seconds=0.15):
        check(self.hear(1, seconds), b"", f"{self.name}: silence")

    def ask(self, command, expected):
        data = COMMANDS[command] if isinstance(command, str) else command
        expected = REPLIES[expected] if isinstance(expected, str) else expected
        self.send(data)
        check(self.hear(len(expected)), expected, f"{self.name}: answer to {data.hex()}")

    def select_card(self):
        self.ask("find_card", "reply_find_ok_iin_zero")
        self.ask("select_card", "reply_select_ok_sn_zero")

    def end(self):
        os.close(self.line)
        self.simulator.stdin.close()
        if self.simulator.wait(20) != 0:
            raise SystemExit(f"{self.name}: expected the simulator to end with 0")
        self.folder.cleanup()
        print(self.name)


def card_bytes(name):
    with open(os.path.join(FOLDER, name + ".hex"), encoding="ascii") as file:
        return bytes.fromhex(file.read())


def present(card, latest_address=None):
    path = os.path.abspath(os.path.join(FOLDER, card + ".hex"))
    more = f'latest_address = "{latest_address}"\n' if latest_address else ""
    return f'[[step]]\ndo = "present"\ncard = "{path}"\n{more}'


def fault(plan):
    return f'[[step]]\ndo = "fault"\nplan = {{ {plan} }}\n'


def every_card():
    for name in VECTORS["cards"]:
        whole = card_bytes(name)
        scene = Scene(f"card {name}", card=name + ".hex")
        scene.select_card()
        data = whole[10:-1]
        text, photo = int.from_bytes(data[0:2], "big"), int.from_bytes(data[2:4], "big")
        if len(data) == 4 + text + photo:
            plain, prints = data[4:], b""
        else:
            plain, prints = data[6 : 6 + text + photo], data[6 + text + photo :]
        lengths = data[0:4]
        without = frame(b"\x00\x00\x90" + lengths + plain)
        with_prints = frame(b"\x00\x00\x90" + lengths + len(prints).to_bytes(2, "big") + plain + prints)
        check(without if len(data) == 4 + text + photo else with_prints, whole, f"{name}: the rules give the vector")
        scene.ask("read_base", without)
        scene.ask("find_card", "reply_find_ok_iin_zero")
        scene.ask("select_card", "reply_select_ok_sn_zero")
        scene.ask("read_base_and_fingerprint", with_prints)
        scene.end()


def commands():
    scene = Scene("commands", card="card_resident_basic.hex")
    scene.ask("status", "reply_90")
    scene.ask("reset", "reply_90")
    number = bytes([99, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
    scene.ask("read_sam_id", frame(b"\x00\x00\x90" + number))
    scene.ask("set_max_rf_bytes_80", "reply_90")
    scene.ask(frame(bytes([0x61, 0xFF, 23])), "reply_21")
    scene.ask(frame(bytes([0x60, 0x05])), "reply_21")
    scene.ask(frame(bytes([0x77, 0x01])), "reply_21")
    scene.ask("vendor_sleep", "reply_11")
    damaged = COMMANDS["find_card"][:-1] + bytes([COMMANDS["find_card"][-1] ^ 1])
    scene.ask(damaged, "reply_10")
    scene.ask(b"\x00\xff\xaa\xaa" + COMMANDS["status"], "reply_90")
    # A command that is not ended within 200 ms.
    scene.ask(COMMANDS["status"][:8], "reply_11")
    # Byte by byte.
    for byte in COMMANDS["status"]:
        scene.send(bytes([byte]))
    check(scene.hear(11), REPLIES["reply_90"], "commands: byte by byte")
    scene.end()


def states():
    for sticky in (False, True):
        for unselected in (0x41, 0x34):
            module = f"sticky = {str(sticky).lower()}\nunselected = {unselected}"
            scene = Scene(f"states, {module!r}", module, [present("card_resident_basic")])
            refused = f"reply_{unselected:02x}"
            scene.ask("read_base", refused)
            scene.ask("select_card", "reply_81")
            scene.ask("read_chip_number", "reply_41")
            scene.select_card()
            scene.ask("read_base", card_bytes("card_resident_basic"))
            scene.ask("read_base", refused)
            scene.ask("read_chip_number", frame(b"\x00\x00\x90" + bytes(8)))
            scene.ask("read_additional_latest", "reply_91")
            scene.ask("find_card", "reply_80" if sticky else "reply_find_ok_iin_zero")
            scene.end()
    scene = Scene("no card", steps=[])
    scene.ask("find_card", "reply_80")
    scene.ask("select_card", "reply_81")
    scene.ask("read_base", "reply_41")
    scene.ask("read_additional_latest", "reply_41")
    scene.end()


def numbers():
    scene = Scene("filled numbers", "filled_numbers = true", [present("card_resident_basic")])
    scene.ask("find_card", "reply_find_ok_iin")
    scene.ask("select_card", "reply_select_ok_sn")
    scene.ask("read_chip_number", frame(b"\x00\x00\x90" + REPLIES["reply_select_ok_sn"][10:18]))
    scene.end()
    scene = Scene("no chip number", "chip_number = false\nnumber = 258", [present("card_resident_basic")])
    scene.select_card()
    scene.ask("read_chip_number", "reply_21")
    scene.ask("read_sam_id", frame(b"\x00\x00\x90" + bytes([99, 0, 99] + [0] * 9 + [2, 1, 0, 0])))
    scene.end()


def latest_address():
    address = VECTORS["replies"]["reply_additional_latest"]["decoded"]
    scene = Scene("latest address", steps=[present("card_resident_basic", address)])
    scene.select_card()
    scene.ask("read_additional_latest", "reply_additional_latest")
    scene.ask("read_base", card_bytes("card_resident_basic"))
    scene.ask("read_additional_latest", "reply_additional_latest")
    scene.end()


def faults():
    good = card_bytes("card_resident_basic")
    flipped = bytearray(good)
    flipped[700] ^= 1 << 4
    wrong_length = good[:5] + b"\xff\xff" + good[7:]
    cases = [
        ("fault = 'drop_byte', at = 600", good[:600] + good[601:]),
        ("fault = 'insert_byte', at = 1, byte = 0", good[:1] + b"\x00" + good[1:]),
        ("fault = 'flip_bit', at = 700, bit = 4", bytes(flipped)),
        ("fault = 'wrong_length', length = 0xFFFF", wrong_length),
        ("fault = 'cut', after = 900", good[:900]),
        ("fault = 'duplicate'", good + good),
        ("fault = 'noise_before', bytes = [0xAA, 0x00, 0xFF]", b"\xaa\x00\xff" + good),
        ("fault = 'silence'", b""),
        ("fault = 'late', ms = 300", good),
    ]
    for sw3 in (0x31, 0x32, 0x33, 0x41):
        cases.append((f"fault = 'status', sw3 = {sw3}", REPLIES[f"reply_{sw3:02x}"]))
    for plan, expected in cases:
        scene = Scene(plan, steps=[fault(plan + ", on = 'read'"), present("card_resident_basic")])
        scene.select_card()
        begun = time.monotonic()
        scene.send(COMMANDS["read_base"])
        check(scene.hear(len(expected)), expected, plan)
        if "late" in plan and time.monotonic() - begun < 0.3:
            raise SystemExit("late: expected the answer after 300 ms")
        scene.silent(0.05)
        # Once is once.
        scene.select_card()
        scene.ask("read_base", good)
        scene.end()

    scene = Scene("wrong speed", steps=[fault("fault = 'wrong_speed', on = 'read'"), present("card_resident_basic")])
    scene.select_card()
    scene.send(COMMANDS["read_base"])
    garbage = scene.hear(len(good))
    if len(garbage) != len(good) or PREAMBLE in garbage:
        raise SystemExit("wrong speed: expected garbage of the same length")
    scene.end()

    scene = Scene("lifted", steps=[fault("fault = 'lifted', after = 400, on = 'read'"), present("card_resident_basic")])
    scene.select_card()
    scene.send(COMMANDS["read_base"])
    check(scene.hear(400), good[:400], "lifted")
    scene.silent(0.05)
    scene.ask("find_card", "reply_80")
    scene.end()

    steps = [fault("fault = 'port_closed', after = 4, ms = 50, on = 'status'"), present("card_resident_basic")]
    scene = Scene("port closed", steps=steps)
    scene.send(COMMANDS["status"])
    heard = scene.hear(11)
    if not REPLIES["reply_90"][:4].startswith(heard):
        raise SystemExit(f"port closed: found {heard.hex()}")
    os.close(scene.line)
    end = time.monotonic() + 10
    while True:
        try:
            scene.open()
            break
        except OSError:
            if time.monotonic() > end:
                raise
    scene.ask("status", "reply_90")
    scene.end()


def speeds():
    for at_new in (False, True):
        module = f"heeds_speed = true\nanswers_at_new_speed = {str(at_new).lower()}"
        scene = Scene(f"speeds, answers at new: {at_new}", module, [])
        scene.ask("status", "reply_90")
        scene.send(COMMANDS["set_baud_9600"])
        answer = scene.hear(11)
        if (answer == REPLIES["reply_90"]) == at_new:
            raise SystemExit(f"speeds: found {answer.hex()} at the old speed")
        # Whichever it was, the document asks for 5 ms before the next command.
        scene.silent(0.05)
        scene.send(COMMANDS["status"])
        scene.silent(0.1)
        scene.speed(9600)
        scene.ask("status", "reply_90")
        scene.end()


def pace():
    scene = Scene("pace", steps=[present("card_resident_basic")], keys="immediate = true\npaced = true\nbursts = [16, 62]")
    scene.select_card()
    begun = time.monotonic()
    scene.ask("read_base", card_bytes("card_resident_basic"))
    if time.monotonic() - begun < 0.11:
        raise SystemExit("pace: expected 1295 bytes at 115200 baud to take 112 ms")
    scene.end()


for play in (commands, states, numbers, latest_address, faults, speeds, pace, every_card):
    play()
