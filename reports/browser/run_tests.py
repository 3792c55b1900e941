#!/usr/bin/env python3
"""Opens sample reports in headless Chromium: run_tests.py REPORTS_TEST [UNITTEST ARGUMENT...]

REPORTS_TEST is the program that writes the samples. Needs what scripts/setup --dev installs.
"""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="packproof-") as folder:
        os.environ["PACKPROOF_TEST_OUT"] = folder
        subprocess.run([sys.argv[1], "--gtest_filter=HtmlSamples.*", "--gtest_brief=1"], check=True)
        sys.path.insert(0, str(HERE))
        arguments = sys.argv[2:] or ["discover", "-s", str(HERE), "-p", "*_test.py"]
        return 0 if unittest.main(None, argv=["run_tests", *arguments], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
