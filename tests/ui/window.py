# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window as a person would: find by role and name, press, type, read."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import pyatspi

OUTPOST = os.environ["OUTPOST"]
DEADLINE = float(os.environ.get("TEST_DEADLINE", "60"))
TABLES = ("table", "tree table")
PICTURES = pathlib.Path(os.environ.get("OUTPOST_PICTURES", tempfile.gettempdir()))


def wait_for(get, what, deadline=DEADLINE):
    """Polls until get() gives something true, and returns that."""
    end = time.monotonic() + deadline
    while True:
        got = get()
        if got:
            return got
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {deadline:.0f} s")
        time.sleep(0.05)


def walk(node, cells):
    """All accessibles below a node; of tables only if @cells, as there are thousands of those."""
    try:
        children = [node.getChildAtIndex(i) for i in range(node.childCount)]
        if not cells and node.getRoleName() in TABLES:
            return
    except Exception:  # it went away while it was read
        return
    for child in children:
        if child is None:
            continue
        yield child
        yield from walk(child, cells)


def is_like(node, role, name):
    try:
        state = node.getState()
        return (node.getRoleName() == role and matches(node.name, name)
                and (state.contains(pyatspi.STATE_SHOWING) or state.contains(pyatspi.STATE_VISIBLE)))
    except Exception:  # it went away while it was read
        return False


def matches(text, wanted):
    return wanted.search(text or "") if isinstance(wanted, re.Pattern) else text == wanted


class Window:
    def __init__(self, case, *arguments, stations=None, **environment):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="outpost-ui-"))
        case.addCleanup(shutil.rmtree, self.dir, True)
        self.environment = dict(os.environ, **environment)
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            self.environment[f"XDG_{name}_HOME"] = str(self.dir / name.lower())
        # A keyring of the test's own, that asks nobody.
        self.environment |= {"SECRET_BACKEND": "file", "SECRET_FILE_TEST_PATH": str(self.dir / "keyring"),
                             "SECRET_FILE_TEST_PASSWORD": "test"}
        self.case = case
        self.inside = None  # the title of the dialog to look in; None: everywhere
        for name, address in (stations or {}).items():
            subprocess.run([os.environ["OUTPOSTCTL"], "stations", "add", name, address], env=self.environment, check=True,
                           stdout=subprocess.DEVNULL)
        self.start(*arguments)

    def start(self, *arguments):
        self.process = subprocess.Popen([OUTPOST, *map(str, arguments)], env=self.environment)
        self.case.addCleanup(self.stop)
        self.application = wait_for(self.find_application, "the window in the accessibility tree")

    def check_running(self):
        assert self.process.poll() is None, f"the program ended with status {self.process.returncode}"

    def find_application(self):
        self.check_running()
        desktop = pyatspi.Registry.getDesktop(0)
        for i in range(desktop.childCount):
            application = desktop.getChildAtIndex(i)
            if application is not None and application.get_process_id() == self.process.pid and application.childCount:
                return application
        return None

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(DEADLINE)

    def quit(self):
        """As a person does; the program must end by itself and in order."""
        self.key("ctrl+q")
        self.case.assertEqual(self.process.wait(DEADLINE), 0)

    def all(self, role, name=re.compile("")):
        self.check_running()
        roots = [self.application]
        if self.inside is not None:
            frames = [self.application.getChildAtIndex(i) for i in range(self.application.childCount)]
            roots = [frame for frame in frames if frame is not None and frame.name == self.inside]
        return [node for root in roots for node in walk(root, False) if is_like(node, role, name)]

    def find_cell(self, text):
        """Waits for a cell of a table."""
        def look():
            self.check_running()
            return next((node for node in walk(self.application, True) if is_like(node, "label", text)), None)
        return wait_for(look, f"a cell “{text}”")

    def cell(self, text):
        return self.find_cell(text).name

    def find(self, role, name, deadline=DEADLINE):
        found = wait_for(lambda: self.all(role, name), f"{role} “{name}”", deadline)
        return found[0]

    def gone(self, role, name):
        wait_for(lambda: not self.all(role, name), f"{role} “{name}” gone")

    def press(self, role, name):
        node = self.find(role, name)
        wait_for(lambda: self.is_sensitive(node), f"{role} “{name}” can be pressed")
        node.queryAction().doAction(0)

    def label(self, text, deadline=DEADLINE):
        """The text of a label that matches."""
        return self.find("label", text, deadline).name

    def text(self, node):
        text = node.queryText()
        return text.getText(0, text.characterCount)

    def set_text(self, node, text):
        node.queryEditableText().setTextContents(text)

    def toggle(self, node):
        """GTK 4.8 gives check buttons no action: as with the mouse. The window lies at the screen's corner."""
        box = self.area(node)
        self.click(box.x + box.height // 2, box.y + box.height // 2)

    def area(self, node):
        return node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)

    def click_on(self, node):
        """As with the mouse. A window lies at the screen's corner."""
        box = self.area(node)
        self.click(box.x + box.width // 2, box.y + box.height // 2)

    def choose(self, menu, item):
        """An item of a menu behind a button. A menu that is still closing takes a click for itself."""
        button = self.find("push button", menu)
        for _ in range(6):
            self.click_on(button)
            try:
                self.find("menu item", item, 5)
                break
            except AssertionError:
                continue
        self.press("menu item", item)

    def click(self, x, y):
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True)

    def is_sensitive(self, node):
        return node.getState().contains(pyatspi.STATE_SENSITIVE)

    def is_focused(self, node):
        return node.getState().contains(pyatspi.STATE_FOCUSED)

    def is_focused_at(self, role, label):
        """A node of that role, which itself has no name, has the focus and holds that label."""
        return any(is_like(node, "label", label)
                   for holder in self.all(role) if self.is_focused(holder) for node in walk(holder, False))

    def is_pressed(self, node):
        return node.getState().contains(pyatspi.STATE_PRESSED)

    def is_checked(self, node):
        return node.getState().contains(pyatspi.STATE_CHECKED)

    def key(self, *keys):
        subprocess.run(["xdotool", "key", *keys], check=True)

    def respond(self, response):
        """Presses a dialog's button. GTK joins a button's text with its mnemonic and its label's to one name."""
        self.press("push button", re.compile(f"^(_?{response} )?{response}$"))

    def save_as(self, path):
        """In the file dialog that is open."""
        self.set_text(self.find("text", "Name:"), str(path))
        self.respond("Save")

    def save_toa5(self, path):
        """Saves the table that is shown through the file dialog; returns the verdict."""
        self.key("ctrl+s")
        self.save_as(path)
        return self.label(re.compile("records? saved as TOA5$"), 240)

    def picture(self, name):
        """Kept for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", "root", str(PICTURES / f"{name}.png")], check=True)

