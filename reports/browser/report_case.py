"""The base of the tests: one browser for all of them."""
import atexit
import os
import tempfile
import unittest
from pathlib import Path

import page

_shared = {}


def shared_page() -> page.Page:
    if "page" not in _shared:
        _shared["downloads"] = tempfile.TemporaryDirectory(prefix="packproof-downloads-")
        driver = page.start(Path(_shared["downloads"].name))
        atexit.register(driver.quit)
        _shared["page"] = page.Page(driver, Path(os.environ["PACKPROOF_TEST_OUT"]))
    return _shared["page"]


class ReportCase(unittest.TestCase):
    def setUp(self):
        self.page = shared_page()
        self.downloads = Path(_shared["downloads"].name)
        self.page.errors()  # forget those of others

    def tearDown(self):
        self.assertEqual(self.page.errors(), [], "the console must stay empty")
