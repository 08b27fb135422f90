"""Makes a picture small, grey and blurred, or a sheet of a film's stills. Runs in the decoder, on hostile bytes."""

import io
import warnings
from collections.abc import Sequence

from PIL import Image, ImageFilter, ImageOps

from lykta.connectors.web.kinds import HEAD, PICTURES, sniff
from lykta.connectors.web.pictures import MOST_PIXELS, samples
from lykta.connectors.web.reading import HostileError, inflate
from lykta.connectors.web.reduced import GAP, LARGEST, SHEET, Form, Reduced


def reduce_body(
    body: bytes, form: Form, *, encoding: str = "", limit: int = 0, stills: Sequence[tuple[int, int]] = ()
) -> Reduced:
    """A small picture of a body, or of stills whose brightness the body is, one after the other. Never raises for it.

    `limit` bounds the bytes after decompression.
    """
    try:
        if stills:
            return _written(_sheet(body, stills, form))
        return _written(_picture(inflate(body, encoding, limit=limit)[0], form))
    except HostileError as error:
        return Reduced(problem=str(error))
    except Exception as error:  # noqa: BLE001 — a hostile file can raise nearly anything; see `pictures.read_picture`
        return Reduced(problem=f"cannot be decoded: {type(error).__name__}")


def rehearse() -> None:
    """Make a picture of every format small: what Pillow loads at first use could not be opened later."""
    for body in samples():
        reduce_body(body, Form(side=LARGEST, gray=False, blur=1), limit=len(body))


def _picture(body: bytes, form: Form) -> Image.Image:
    name = PICTURES.get(sniff(body[:HEAD]))
    if name is None:
        raise HostileError("is no picture that is decoded here")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(body), formats=[name]) as image:
            image.draft("RGB", (2 * LARGEST, 2 * LARGEST))  # a JPEG need not be decoded whole; others do not listen
            return _small(ImageOps.exif_transpose(image), form)


def _small(image: Image.Image, form: Form) -> Image.Image:
    side = min(form.side, LARGEST)
    plain = image.convert("L" if form.gray else "RGB")
    plain.thumbnail((side, side))
    return plain.filter(ImageFilter.GaussianBlur(form.blur)) if form.blur else plain


def _sheet(body: bytes, stills: Sequence[tuple[int, int]], form: Form) -> Image.Image:
    """The stills of a film in rows of three, always grey. Raises ValueError where they do not fit the body."""
    pictures = []
    for width, height in stills[: SHEET * SHEET]:
        pictures.append(_small(Image.frombytes("L", (width, height), body[: width * height]), form))
        body = body[width * height :]
    across, down = max(one.width for one in pictures), max(one.height for one in pictures)
    columns, rows = min(len(pictures), SHEET), -(-len(pictures) // SHEET)
    sheet = Image.new(pictures[0].mode, (columns * (across + GAP) - GAP, rows * (down + GAP) - GAP))
    for number, one in enumerate(pictures):
        row, column = divmod(number, SHEET)
        sheet.paste(one, (column * (across + GAP), row * (down + GAP)))
    return sheet


def _written(image: Image.Image) -> Reduced:
    return Reduced(width=image.width, height=image.height, gray=image.mode == "L", pixels=image.tobytes())
