"""Who may use which model for what."""

from datetime import date

from studio.catalogue.data import CATALOGUE
from studio.catalogue.model import Model, ModelState
from studio.errors import ErrorType, StudioError
from studio.jobs.model import ImageSize, JobKind
from studio.people.model import Caller


def listed(caller: Caller | None, today: date) -> list[Model]:
    """Return the models this caller may know of: everybody's, retired ones too, and an administrator's."""
    admin = caller is not None and caller.is_admin
    return [model for model in CATALOGUE if admin or model.state(today) != ModelState.ADMIN_ONLY]


def named(id_: str) -> Model:
    for model in CATALOGUE:
        if model.id == id_:
            return model
    raise StudioError(ErrorType.MODEL_UNKNOWN, "There is no model of this name.")


def usable(model: Model, caller: Caller, kind: JobKind, size: ImageSize, today: date) -> None:
    """Refuse a model that this caller cannot use for this.

    Raises
    ------
    StudioError
        MODEL_RETIRED, MODEL_ADMIN_ONLY, KIND_NOT_SUPPORTED or SIZE_NOT_SUPPORTED.
    """
    state = model.state(today)
    if state == ModelState.RETIRED:
        raise StudioError(ErrorType.MODEL_RETIRED, f"{model.title} has been retired. Please choose another model.")
    if state == ModelState.ADMIN_ONLY and not caller.is_admin:
        raise StudioError(ErrorType.MODEL_ADMIN_ONLY, f"{model.title} is open to administrators only.")
    if kind not in model.kinds:
        raise StudioError(ErrorType.KIND_NOT_SUPPORTED, f"{model.title} cannot do this kind of work.")
    if size not in model.sizes:
        sizes = ", ".join(model.sizes)
        raise StudioError(ErrorType.SIZE_NOT_SUPPORTED, f"{model.title} makes images of {sizes} only.")
