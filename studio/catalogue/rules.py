"""Who may use which model for what."""

from collections.abc import Collection
from datetime import date

from studio.catalogue.data import CATALOGUE
from studio.catalogue.model import Model, ModelState
from studio.errors import ErrorType, StudioError
from studio.images.model import ImageSize, JobKind
from studio.people.model import Caller, Role


def listed(caller: Caller | None, today: date, workers: Collection[str]) -> list[Model]:
    """Return the models this caller may know of: everybody's, retired ones too, and an administrator's.

    `workers` are those that the stage has; a model of another is listed only to say that it has been retired.
    """
    admin = caller is not None and caller.is_admin
    states = {ModelState.AVAILABLE, *([ModelState.ADMIN_ONLY] if admin else [])}
    return [
        model
        for model in CATALOGUE
        if (state := model.state(today)) == ModelState.RETIRED or (state in states and model.worker in workers)
    ]


def named(id_: str, today: date, workers: Collection[str]) -> Model:
    """Find a model that the stage has, or had.

    Raises
    ------
    StudioError
        MODEL_UNKNOWN.
    """
    for model in CATALOGUE:
        if model.id == id_ and (model.worker in workers or model.state(today) == ModelState.RETIRED):
            return model
    raise StudioError(ErrorType.MODEL_UNKNOWN, "There is no model of this name.")


def usable(model: Model, caller: Caller, kind: JobKind, size: ImageSize | None, today: date) -> None:
    """Refuse a model that this caller cannot use for this; without a size it is the image's own.

    Raises
    ------
    StudioError
        MODEL_RETIRED, MODEL_ADMIN_ONLY, KIND_NOT_SUPPORTED or SIZE_NOT_SUPPORTED.
    """
    if model.state(today) == ModelState.RETIRED:
        raise StudioError(ErrorType.MODEL_RETIRED, f"{model.title} has been retired. Please choose another model.")
    open_to(model, caller.role)
    if kind not in model.kinds:
        raise StudioError(ErrorType.KIND_NOT_SUPPORTED, f"{model.title} cannot do this kind of work.")
    if size and size not in model.sizes:
        sizes = ", ".join(model.sizes)
        raise StudioError(ErrorType.SIZE_NOT_SUPPORTED, f"{model.title} makes images of {sizes} only.")


def open_to(model: Model, role: Role) -> None:
    """Refuse an administrators' model to anybody else.

    Raises
    ------
    StudioError
        MODEL_ADMIN_ONLY.
    """
    if model.admin_only and role != Role.ADMIN:
        raise StudioError(ErrorType.MODEL_ADMIN_ONLY, f"{model.title} is open to administrators only.")


def enough_room(model: Model, references: int) -> None:
    """Refuse more references than the model looks at.

    Raises
    ------
    StudioError
        TOO_MANY_REFERENCES.
    """
    if references > model.references:
        most = f"{model.references} references at most" if model.references else "no references"
        raise StudioError(ErrorType.TOO_MANY_REFERENCES, f"{model.title} takes {most}.")
