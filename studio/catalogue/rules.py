"""Who may use which model for what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from studio.catalogue.data import CATALOGUE
from studio.catalogue.model import Model, ModelState
from studio.errors import ErrorType, StudioError
from studio.images.model import IMAGE, EditMode, ImageSize, JobKind, Spec
from studio.people.model import Caller, Role

_USABLE = frozenset({ModelState.AVAILABLE, ModelState.ADMIN_ONLY})


def _nothing() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class StageModels:
    """The catalogue as a stage has it: `workers` are those that it has; `retirements` its own days, by model."""

    workers: Collection[str]
    retirements: Mapping[str, str] = field(default_factory=_nothing)

    def listed(self, caller: Caller | None, today: date) -> list[Model]:
        """Return the models this caller may know of: all but administrators' to others, until those are retired."""
        admin = caller is not None and caller.is_admin
        return [
            model for model in self.all() if admin or not model.admin_only or model.state(today) == ModelState.RETIRED
        ]

    def named(self, id_: str) -> Model:
        """Find a model of the catalogue; whether it can be used is for `usable` to say.

        Raises
        ------
        StudioError
            MODEL_UNKNOWN.
        """
        for model in self.all():
            if model.id == id_:
                return model
        raise StudioError(ErrorType.MODEL_UNKNOWN, "There is no model of this name.")

    def usable_by(self, caller: Caller, id_: str, today: date) -> Model | None:
        """Return a model that this caller can use today, if it is one."""
        usable = [model for model in self.listed(caller, today) if model.state(today) in _USABLE]
        return next((model for model in usable if model.id == id_), None)

    def all(self) -> list[Model]:
        """Return the catalogue with the stage's own days, and with what its workers cannot make."""
        days = self.retirements
        return [
            replace(
                each,
                retires_on=date.fromisoformat(days[each.id]) if each.id in days else each.retires_on,
                unavailable=each.worker not in self.workers,
            )
            for each in CATALOGUE
        ]


def usable(model: Model, caller: Caller, kind: JobKind, today: date) -> None:
    """Refuse a model that this caller cannot use for this kind of work.

    Raises
    ------
    StudioError
        MODEL_RETIRED, MODEL_ADMIN_ONLY, MODEL_UNAVAILABLE or KIND_NOT_SUPPORTED.
    """
    if model.state(today) == ModelState.RETIRED:
        raise StudioError(ErrorType.MODEL_RETIRED, f"{model.title} has been retired. Please choose another model.")
    open_to(model, caller.role)
    if model.unavailable:
        message = f"{model.title} is not available here. Please choose another model."
        raise StudioError(ErrorType.MODEL_UNAVAILABLE, message)
    if kind not in model.kinds:
        message = f"{model.title} cannot do this kind of work."
        raise StudioError(ErrorType.KIND_NOT_SUPPORTED, message, allowed=sorted(model.kinds))


def open_to(model: Model, role: Role) -> None:
    """Refuse an administrators' model to anybody else.

    Raises
    ------
    StudioError
        MODEL_ADMIN_ONLY.
    """
    if model.admin_only and role != Role.ADMIN:
        raise StudioError(ErrorType.MODEL_ADMIN_ONLY, f"{model.title} is open to administrators only.")


def able(model: Model, kind: JobKind, spec: Spec, references: int) -> None:
    """Refuse what the model cannot do; what a spec leaves out is its image's own.

    Raises
    ------
    StudioError
        SIZE_NOT_SUPPORTED, ASPECT_RATIO_NOT_SUPPORTED, EDIT_MODE_NOT_SUPPORTED, SEED_NOT_SUPPORTED,
        NEGATIVE_PROMPT_NOT_SUPPORTED or TOO_MANY_REFERENCES.
    """
    makes_size(model, spec.size)
    if spec.aspect_ratio and spec.aspect_ratio not in model.ratios:
        message = f"{model.title} makes no images of this shape."
        raise StudioError(ErrorType.ASPECT_RATIO_NOT_SUPPORTED, message, allowed=sorted(model.ratios))
    _edits_so(model, spec.mode)
    if spec.seed is not None and not model.takes_seed(kind):
        raise StudioError(ErrorType.SEED_NOT_SUPPORTED, f"{model.title} takes no seed.")
    if spec.negative_prompt and not model.negative_prompt:
        raise StudioError(ErrorType.NEGATIVE_PROMPT_NOT_SUPPORTED, f"{model.title} takes no negative prompt.")
    _enough_room(model, references)


def makes_size(model: Model, size: ImageSize | None) -> None:
    """Refuse a size that the model does not make.

    Raises
    ------
    StudioError
        SIZE_NOT_SUPPORTED.
    """
    if size and size not in model.sizes:
        sizes = ", ".join(each.words for each in model.sizes)
        message = f"{model.title} makes images of {sizes} only."
        raise StudioError(ErrorType.SIZE_NOT_SUPPORTED, message, allowed=sorted(model.sizes))


def check_upscaled(model: Model, kind: JobKind, spec: Spec) -> None:
    """Refuse to make an image larger that is too large for the model already.

    Raises
    ------
    StudioError
        IMAGE_TOO_LARGE.
    """
    if kind != JobKind.UPSCALE or model.upscaling is None:
        return
    image, most = spec.inputs[IMAGE], model.upscaling
    if max(image.width, image.height) > most.max_side or image.width * image.height > most.max_pixels:
        message = (
            f"{model.title} makes images larger whose longer side has up to {most.max_side:,} pixels, and which have up"
            f" to {most.max_pixels:,} in all; this one has {image.width:,} by {image.height:,}."
        )
        size = {"width": image.width, "height": image.height}
        raise StudioError(
            ErrorType.IMAGE_TOO_LARGE, message, image=size, maxSide=most.max_side, maxPixels=most.max_pixels
        )


def _edits_so(model: Model, mode: EditMode | None) -> None:
    if mode and mode not in model.modes:
        message = f"{model.title} cannot edit in this way."
        raise StudioError(ErrorType.EDIT_MODE_NOT_SUPPORTED, message, allowed=sorted(model.modes))


def _enough_room(model: Model, references: int) -> None:
    if references > model.references:
        most = f"{model.references} references at most" if model.references else "no references"
        raise StudioError(ErrorType.TOO_MANY_REFERENCES, f"{model.title} takes {most}.", max=model.references)
