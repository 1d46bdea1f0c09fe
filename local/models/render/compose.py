"""Puts a picture together: palette, scene, subjects, weather, style."""

from collections.abc import Sequence

from PIL import Image

from local.models.render.brief import Brief
from local.models.render.canvas import Canvas
from local.models.render.finish import finish
from local.models.render.noise import Dice
from local.models.render.palette import choose_palette
from local.models.render.references import main_colours, quote
from local.models.render.scenes import choose_scene
from local.models.render.stage import Stage
from local.models.render.subjects import paint_subjects


def compose(brief: Brief, seed: int, size: tuple[int, int], references: Sequence[Image.Image]) -> Image.Image:
    """Paint the picture that a brief asks for, in pixels of ``size``."""
    dice = Dice(brief.text, seed)
    tints = main_colours(references) if references else brief.tints
    scene = choose_scene(brief)
    canvas = Canvas(*size)
    times = (brief.time,) if brief.time else scene.times
    stage = Stage(canvas, choose_palette(times, tints, dice), dice, brief)
    scene.back(stage)
    paint_subjects(stage)
    scene.front(stage)
    if references:
        quote(canvas, references)
    return finish(canvas.image, dice)
