"""A procedural illustrator: a prompt and a seed become a picture, the same one each time."""

from local.models.render.picture import Picture, PictureOrder, draw

__all__ = ["Picture", "PictureOrder", "draw"]
