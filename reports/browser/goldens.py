"""Screenshots that were looked at and kept: goldens/NAME.png.

PACKPROOF_UPDATE_GOLDENS=1 writes them anew; look at each before it is committed.
"""
import os
from pathlib import Path

from PIL import Image, ImageChops

GOLDENS = Path(__file__).resolve().parent / "goldens"

# Another build of Chromium or of the fonts moves edges of glyphs by a shade, and what stands at half
# a pixel is drawn a row higher or lower: a pixel counts as changed when a channel differs by more
# than this from the golden there and from its rows above and below; so many may.
CHANNEL_TOLERANCE = 48
ROW_TOLERANCE = 1
SHARE_TOLERANCE = 0.02


def largest_difference(one: Image.Image, other: Image.Image) -> Image.Image:
    red, green, blue = ImageChops.difference(one, other).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def changed_share(golden: Image.Image, picture: Image.Image) -> float:
    nearest = largest_difference(golden, picture)
    for rows in range(-ROW_TOLERANCE, ROW_TOLERANCE + 1):
        nearest = ImageChops.darker(nearest, largest_difference(ImageChops.offset(golden, 0, rows), picture))
    return sum(nearest.histogram()[CHANNEL_TOLERANCE + 1:]) / (golden.width * golden.height)


def difference(name: str, picture: Image.Image, failures: Path) -> str:
    """What is wrong with the picture, or an empty string. Keeps a picture that differs in `failures`."""
    path = GOLDENS / f"{name}.png"
    if os.environ.get("PACKPROOF_UPDATE_GOLDENS"):
        # 64 colours are enough for flat charts, and a quarter of the size.
        picture.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
        return ""
    if not path.exists():
        return f"{path} is missing; PACKPROOF_UPDATE_GOLDENS=1 makes it"
    golden = Image.open(path).convert("RGB")
    if golden.size != picture.size:
        return f"{name} is {picture.size}, its golden {golden.size}"
    share = changed_share(golden, picture)
    if share <= SHARE_TOLERANCE:
        return ""
    failures.mkdir(parents=True, exist_ok=True)
    picture.save(failures / f"{name}.png")
    return f"{name}: {share:.1%} of its pixels differ, {SHARE_TOLERANCE:.0%} may; see {failures / name}.png"
