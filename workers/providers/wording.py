"""What a model that follows instructions is prompted with, for each kind of job."""

from studio.images.model import MASK, TEXTURE, Camera, EditMode, JobKind, Spec
from studio.jobs.model import Job

_EDITS = {
    EditMode.INPAINT_INSERT: "Edit the first image: {prompt}",
    EditMode.INPAINT_REMOVE: "Remove from the first image what the mask shows, and fill the place in with what would be"
    " behind it. {prompt}",
    EditMode.BACKGROUND_SWAP: "Replace the background of the first image: {prompt}",
    EditMode.OUTPAINT: "Continue the first image beyond its edges as if it had always been larger: {prompt}",
}
_MASK = "The last image is a mask of the first: change only what is white in it, and keep all that is black as it is."
_WHOLE = "Answer with the whole image in the size and shape of the first."


def instructions(job: Job) -> str:
    """Return the text that goes with a job's images: image, texture, references, mask, in this order."""
    spec = job.image_spec
    text = {
        JobKind.GENERATE: _generate,
        JobKind.EDIT: _edit,
        JobKind.CAMERA_SYNC: _camera,
        JobKind.TEXTURE_TRANSFER: _texture,
        JobKind.UPSCALE: _upscale,
        JobKind.VARIATION: _vary,
    }[JobKind(job.kind)](spec)
    return f"{text}\n\nAvoid: {spec.negative_prompt}" if spec.negative_prompt else text


def _generate(spec: Spec) -> str:
    if not spec.references:
        return spec.prompt
    return f"{spec.prompt}\n\nThe images are references: follow them where the text speaks of what they show."


def _edit(spec: Spec) -> str:
    assert spec.mode
    return _lines(_EDITS[spec.mode].format(prompt=spec.prompt).strip(), _MASK, _WHOLE)


def _camera(spec: Spec) -> str:
    assert spec.camera
    same = "Nothing in the scene changes: the same things, the same light, the same style."
    moves = _moves(spec.camera) or "the camera stays where it is"
    return _lines(f"Show the very scene of this image from another camera: {moves}.", same, spec.prompt)


def _moves(camera: Camera) -> str:
    yaw, pitch, zoom = camera.yaw, camera.pitch, camera.zoom
    parts = [
        f"moved {abs(yaw)}° around the scene to the {'right' if yaw > 0 else 'left'}" if yaw else "",
        f"moved {abs(pitch)}° {'up' if pitch > 0 else 'down'}, looking at the same point" if pitch else "",
        f"zoomed {'in' if zoom > 1 else 'out'} to {zoom} times" if zoom != 1 else "",
    ]
    return ", ".join(filter(None, parts))


def _texture(spec: Spec) -> str:
    where = _MASK if MASK in spec.inputs else "Keep its shapes, its light and its shadows."
    first = f"Lay the material of the second image ({TEXTURE}) onto the first image."
    return _lines(first, spec.prompt, where, _WHOLE)


def _upscale(spec: Spec) -> str:
    same = (
        "Nothing in it changes: every thing stays where it is, in its colours and its light; only finer detail comes."
    )
    return _lines("Show this very image in a higher resolution.", same, spec.prompt)


def _vary(spec: Spec) -> str:
    alike = "The same subject, mood and style; composed anew, and different in its details."
    return _lines("Make a variation of this image.", alike, spec.prompt)


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))
