"""What counts as another picture."""
import unittest

import goldens
from PIL import Image, ImageDraw


def page(*, top: int) -> Image.Image:
    """Lines of text as they stand on a page: 30 of 300 rows are black."""
    picture = Image.new("RGB", (200, 300), "white")
    draw = ImageDraw.Draw(picture)
    for row in range(top, 280, 28):
        draw.rectangle((20, row, 180, row + 2), fill="black")
    return picture


class ChangedShare(unittest.TestCase):
    def test_a_row_higher_or_lower_is_the_same_picture(self):
        for top in (9, 10, 11):
            self.assertLess(goldens.changed_share(page(top=10), page(top=top)), goldens.SHARE_TOLERANCE)

    def test_what_moved_further_or_is_missing_is_another(self):
        for other in (page(top=13), page(top=16), Image.new("RGB", (200, 300), "white")):
            self.assertGreater(goldens.changed_share(page(top=10), other), goldens.SHARE_TOLERANCE)
