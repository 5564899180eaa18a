# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts outpostctl and emulators in folders of their own."""
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time
import unittest

CTL = os.environ["OUTPOSTCTL"]
LINK_FAILED = 3  # an exit status
DEADLINE = float(os.environ.get("TEST_DEADLINE", "120"))


class Case(unittest.TestCase):
    link_is_bad = False

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="outpost-test-"))
        self.addCleanup(shutil.rmtree, self.dir, True)
        self.environment = dict(os.environ, GSETTINGS_BACKEND="memory")
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            self.environment[f"XDG_{name}_HOME"] = str(self.dir / name.lower())
        # Nothing of the person who runs the tests is touched: no keyring either.
        self.environment.pop("DBUS_SESSION_BUS_ADDRESS", None)

    def start(self, *args):
        process = subprocess.Popen([CTL, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=self.environment)
        self.addCleanup(self.stop, process)
        return process

    @staticmethod
    def stop(process):
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=DEADLINE)

    def run_ctl(self, *args, status=0):
        """Over a bad link a command may say that it did not get through: it is then run again."""
        for _ in range(10 if self.link_is_bad else 1):
            done = subprocess.run([CTL, *map(str, args)], capture_output=True, text=True, env=self.environment,
                                  timeout=DEADLINE)
            if done.returncode == status or done.returncode != LINK_FAILED:
                break
        self.assertEqual(done.returncode, status, f"{' '.join(map(str, args))}\n{done.stdout}{done.stderr}")
        return done

    def run_json(self, *args):
        return [json.loads(line) for line in self.run_ctl(*args, "--json").stdout.splitlines()]

    def emulate(self, *args, link=None):
        """Starts an emulator; returns the address that it serves and its process."""
        self.link_is_bad = "--fault" in args
        where = ["--pty", link] if link else ["--listen", "127.0.0.1:0"]
        process = self.start("emulate", "cr1000", *where, *args)
        line = self.read_line(process)
        self.assertTrue(line.startswith("listening on "), line)
        return (f"serial:{link}" if link else line.split()[2]), process

    def read_line(self, process):
        ready, _, _ = select.select([process.stdout], [], [], DEADLINE)
        self.assertTrue(ready, "the emulator said nothing")
        return process.stdout.readline().decode()

    def wait_until(self, condition, what):
        deadline = time.monotonic() + DEADLINE
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.02)

    def assert_same_file(self, got, held, at_least=1):
        """Every byte that was got is what the logger held, from the first on."""
        got, held = got.read_bytes(), held.read_bytes()
        self.assertEqual(got, held[:len(got)], "the files differ")
        self.assertGreaterEqual(got.count(b"\n") - 4, at_least)
