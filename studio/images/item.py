"""What is asked of a model, as a job's row keeps it, and back."""

from dataclasses import asdict
from typing import Any

from studio import rows
from studio.images.model import AspectRatio, Camera, EditMode, ImageSize, Input, Outpaint, Spec
from studio.media.keys import UPLOADS


def spec_to_item(spec: Spec) -> dict[str, Any]:
    """Leave out what a spec does not say; an empty prompt is said."""
    return {name: value for name, value in asdict(spec).items() if value not in (None, {}) and value is not False}


def spec_from_item(item: Any) -> Spec:
    row = rows.row(item)
    return Spec(
        prompt=row.get("prompt", rows.text),
        negative_prompt=row.find("negative_prompt", rows.text),
        size=row.find("size", ImageSize),
        aspect_ratio=row.find("aspect_ratio", AspectRatio),
        seed=row.find("seed", rows.integer),
        mode=row.find("mode", EditMode),
        outpaint=row.find("outpaint", _outpaint),
        camera=row.find("camera", _camera),
        inputs=row.find("inputs", rows.map_of(_input)) or {},
        seed_drawn=row.find("seed_drawn", rows.flag) or False,
    )


def _outpaint(item: Any) -> Outpaint:
    row = rows.row(item)
    return Outpaint(**{side: row.find(side, rows.count) or 0 for side in ("left", "top", "right", "bottom")})


def _camera(item: Any) -> Camera:
    row = rows.row(item)
    return Camera(*(row.get(name, rows.decimal) for name in ("yaw", "pitch", "zoom")))


def _input(item: Any) -> Input:
    row = rows.row(item)
    key, photo = row.get("key", rows.text), row.find("photo", rows.flag)
    return Input(
        id=row.get("id", rows.text),
        key=key,
        content_type=row.get("content_type", rows.text),
        width=row.get("width", rows.count),
        height=row.get("height", rows.count),
        photo=key.startswith(UPLOADS) if photo is None else photo,  # a row from before says nothing
        from_upload=row.find("from_upload", rows.flag) is not False,  # nor of this: then it may be
    )
