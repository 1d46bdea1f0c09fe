"""A procedural illustrator: a prompt and a seed become a picture, the same one each time."""

from local.models.render.change import ChangeOrder, change
from local.models.render.edit import EditOrder, retouch
from local.models.render.follow import follow
from local.models.render.picture import Picture, PictureOrder, draw

Order = PictureOrder | EditOrder | ChangeOrder

__all__ = ["ChangeOrder", "EditOrder", "Order", "Picture", "PictureOrder", "change", "draw", "follow", "retouch"]
