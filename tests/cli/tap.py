# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs unittest's tests and speaks TAP, which meson counts."""
import sys
import traceback
import unittest


class TapResult(unittest.TestResult):
    def startTestRun(self):
        self.number = 0

    def say(self, verdict, test, note="", details=""):
        self.number += 1
        print(f"{verdict} {self.number} - {test.id().split('.', 1)[-1]}{note}", flush=True)
        # meson prints what stands on standard error with a failed test, not what is on standard output.
        print(details, end="", file=sys.stderr, flush=True)

    def addSuccess(self, test):
        self.say("ok", test)

    def addSkip(self, test, reason):
        self.say("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.say("not ok", test, details="".join(traceback.format_exception(*error)))

    addError = addFailure


def main(case_modules="__main__"):
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[case_modules])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult()
    result.startTestRun()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
