"""Ink, pencil and neon."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from local.models.render.colour import to_bytes
from local.models.render.stage import Stage
from local.models.render.styles.common import bend, grey, rough_paper, scaled, soft_noise

RICE, SOOT, SEAL = (246, 241, 228), (24, 24, 28), (178, 44, 36)


def ink(image: Image.Image, stage: Stage) -> Image.Image:
    """Give the picture in ink on rice paper; only red stays, and a seal."""
    unit = stage.canvas.unit
    washed = bend(image, stage, 0.014, 12)
    red, green, blue = washed.split()
    kept = scaled(ImageChops.subtract(red, ImageChops.lighter(green, blue)), 4.0, -180)
    tone = washed.convert("L")
    wet = Image.blend(tone, tone.filter(ImageFilter.BoxBlur(unit * 0.01)), 0.5)
    wet = ImageChops.subtract(wet, scaled(soft_noise(stage, "ink", image.size, 5, 5), 0.22))
    sheet = ImageOps.colorize(wet, black=SOOT, white=RICE, mid=(142, 138, 128), blackpoint=20, whitepoint=190)
    sheet.paste(SEAL, (0, 0), kept)
    _seal(sheet, stage)
    return rough_paper(sheet, stage, 0.08)


def _seal(sheet: Image.Image, stage: Stage) -> None:
    side = round(stage.canvas.unit * 0.055)
    left, top = sheet.width - round(side * 1.9), sheet.height - round(side * 1.9)
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle((left, top, left + side, top + side), side // 8, fill=SEAL)
    line = max(side // 12, 1)
    for at in (0.28, 0.5, 0.72):
        pen.line((left + side * 0.2, top + side * at, left + side * 0.8, top + side * at), fill=RICE, width=line)
    pen.line((left + side * 0.5, top + side * 0.18, left + side * 0.5, top + side * 0.82), fill=RICE, width=line)


def pencil(image: Image.Image, stage: Stage) -> Image.Image:
    """Give the picture in pencil: outlines, hatching in the shade, a little of its colour."""
    unit = stage.canvas.unit
    tone = ImageOps.autocontrast(image.convert("L"), cutoff=1)
    around = ImageChops.invert(tone.filter(ImageFilter.BoxBlur(unit * 0.008)))
    outline = _dodge(tone, around)
    shade = ImageChops.lighter(scaled(tone, 1.0, 105), _hatch(image.size, unit))
    drawn = ImageChops.multiply(outline, shade)
    tinted = Image.blend(grey(drawn), ImageChops.multiply(grey(drawn), scaled(image, 0.6, 102)), 0.75)
    return rough_paper(tinted, stage, 0.12)


def _dodge(tone: Image.Image, around: Image.Image) -> Image.Image:
    top = np.asarray(tone, dtype=np.uint16) * 256
    under = 256 - np.asarray(around, dtype=np.uint16)
    return Image.fromarray(np.minimum(top // np.maximum(under, 1), 255).astype(np.uint8))


def _hatch(size: tuple[int, int], unit: int) -> Image.Image:
    step = unit * 0.0075
    x, y = np.arange(size[0], dtype=np.float32)[None, :], np.arange(size[1], dtype=np.float32)[:, None]
    wave = np.abs(((x + y * 0.8) / step) % 2 - 1)
    return Image.fromarray((np.clip(wave * 1.6, 0, 1) * 255).astype(np.uint8))


def neon(image: Image.Image, stage: Stage) -> Image.Image:
    """Give the picture at night, its outlines as glowing tubes."""
    unit = stage.canvas.unit
    dark = scaled(image, 0.62)
    lines = image.convert("L").filter(ImageFilter.BoxBlur(unit * 0.001)).filter(ImageFilter.FIND_EDGES)
    lines = scaled(lines.filter(ImageFilter.BoxBlur(unit * 0.0008)), 5.0, -18)
    accents = stage.palette.accents
    colours = Image.new("RGB", (2, 2))
    colours.putdata([to_bytes(accents[at]) for at in (0, 1, 1, 2)])
    tubes = ImageChops.multiply(colours.resize(image.size, Image.Resampling.BICUBIC), grey(lines))
    small = tubes.reduce(4)
    lit = ImageChops.screen(dark, tubes)
    for radius, strength in ((0.004, 1.5), (0.018, 1.6)):
        halo = scaled(small.filter(ImageFilter.GaussianBlur(unit * radius / 4)), strength)
        lit = ImageChops.screen(lit, halo.resize(image.size, Image.Resampling.BILINEAR))
    return lit
