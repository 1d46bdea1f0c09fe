"""Puts a picture together: palette, scene, subjects, weather, style."""

from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from local.models.render.brief import Brief
from local.models.render.canvas import Canvas
from local.models.render.colour import Colour
from local.models.render.finish import add_grain, vignette
from local.models.render.noise import Dice
from local.models.render.palette import choose_palette
from local.models.render.references import main_colours, quote
from local.models.render.scenes import choose_scene
from local.models.render.stage import Stage
from local.models.render.styles import Style, choose_style
from local.models.render.subjects import paint_subjects
from local.models.render.weather import paint_fog, paint_weather

USUAL_LONG_SIDE = 1024


def compose(brief: Brief, seed: int, size: tuple[int, int], references: Sequence[Image.Image]) -> Image.Image:
    """Paint the picture that a brief asks for, in pixels of ``size``."""
    dice, style = Dice(brief.text, seed), choose_style(brief.style)
    block = max(round(style.pixels * max(size) / USUAL_LONG_SIDE), 1) if style.pixels > 1 else 1
    canvas = Canvas(-(-size[0] // block), -(-size[1] // block), style.lift)
    stage = _paint(canvas, brief, dice, (style, main_colours(references) if references else brief.tints))
    image = style.treat(vignette(canvas.image), stage)
    if block > 1:
        image = image.resize((canvas.size[0] * block, canvas.size[1] * block), Image.Resampling.NEAREST)
        image = image.crop((0, 0, *size))
    if references:
        quote(image, references)
    return add_grain(image, dice, style.grain) if style.grain else image


def _paint(canvas: Canvas, brief: Brief, dice: Dice, look: tuple[Style, tuple[Colour, ...]]) -> Stage:
    style, tints = look
    name, scene = choose_scene(brief)
    times = style.times or ((brief.time,) if brief.time else scene.times)
    stage = Stage(canvas, choose_palette(times, tints, dice), dice, replace(brief, scene=name))
    scene.back(stage)
    if "fog" in brief.weather:
        paint_fog(stage)
    paint_subjects(stage)
    scene.front(stage)
    paint_weather(stage)
    return stage
