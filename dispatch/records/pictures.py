"""Pictures from outside become clean pictures of our own: decoded within limits, drawn anew."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from checklists.words import Words
from dispatch.errors import Invalid

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
LONGEST_EDGE = 2000
JPEG_QUALITY = 85


class UnfitPicture(Invalid):
    """Not a picture that we take."""

    name = "unfit-picture"
    title = Words("图片无法使用", "Unfit picture")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "这不是可用的图片。请上传 JPEG、PNG 或 WebP 照片。",
                "This is not a picture that we can take. Send a JPEG, PNG or WebP photo.",
            )
        )


@dataclass(frozen=True)
class CleanPicture:
    """A JPEG drawn by us: upright, without metadata, at most 2,000 pixels an edge."""

    content: bytes
    width: int
    height: int
    media_type: str = "image/jpeg"


def clean_picture(content: bytes, *, pixel_limit: int) -> CleanPicture:
    """Decode and draw anew. Refuses with UnfitPicture what is no picture, is animated, broken or too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as picture:
                width, height = picture.size
                if width * height > pixel_limit or min(width, height) < 1 or getattr(picture, "n_frames", 1) > 1:
                    raise UnfitPicture
                picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
                picture.load()
                upright = ImageOps.exif_transpose(picture)
                flat = Image.new("RGB", upright.size, "white")
                seen = upright.convert("RGBA") if upright.mode in ("RGBA", "LA", "P", "PA") else None
                if seen is None:
                    flat.paste(upright.convert("RGB"))
                else:
                    flat.paste(seen, mask=seen.getchannel("A"))
                flat.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    except UnfitPicture:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        OverflowError,
        MemoryError,
        ZeroDivisionError,
        AttributeError,
    ) as error:
        raise UnfitPicture from error  # decoders fail in many ways on hostile files; none of them is our bug
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return CleanPicture(out.getvalue(), flat.width, flat.height)
