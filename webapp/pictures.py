"""A picture as an owner uploads it, made into one that is fit for every mail program: small, still, and nothing else.

What comes in is hostile until Pillow has read it as one of four formats and we have written it anew: nothing of the
file itself is kept, neither what it says of where it was taken nor what it may hide behind the picture. SVG is not
taken: it is a document that can run scripts, and mail programs do not show it.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGEST_FILE = 1024 * 1024
"""Bytes of an upload."""
MOST_PIXELS = 20_000_000
"""More than any camera makes of a logo: what unpacks into more is a trap."""
FITS_INTO = (480, 88)
"""Pixels: twice what a message shows, for sharp screens."""


class UnfitPicture(ValueError):
    """What was uploaded cannot be used; the message says why, to whoever uploaded it."""


def logo_from(uploaded: bytes) -> bytes:
    """A PNG of at most `FITS_INTO`, of the first frame, upright. Raises UnfitPicture."""
    if not uploaded:
        raise UnfitPicture("Choose a picture first.")
    if len(uploaded) > LARGEST_FILE:
        raise UnfitPicture("The picture is larger than 1 MB.")
    try:
        with Image.open(BytesIO(uploaded), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise UnfitPicture("The picture has more than 20 million pixels.")
            return _drawn_anew(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, EOFError, MemoryError):
        raise UnfitPicture("This is no PNG, JPEG, WebP or GIF picture that can be read.") from None


def _drawn_anew(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail(FITS_INTO, Image.Resampling.LANCZOS)
    bare = Image.new("RGBA", upright.size)
    bare.paste(upright)
    written = BytesIO()
    bare.save(written, "PNG", optimize=True)
    return written.getvalue()
