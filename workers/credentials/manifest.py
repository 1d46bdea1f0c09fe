"""What a result's manifest says: what was done by which model, from which pictures. No person, no prompt, no id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.images.model import IMAGE, MASK, JobKind
from studio.jobs.model import Job
from workers.imaging.mark import STUDIO, Mark

PARENT, INPUT = "parentOf", "inputTo"


@dataclass(frozen=True)
class Ingredient:
    """A picture that something was made from: what it is to that, and its file, unless that is no longer kept."""

    relationship: str
    content_type: str
    content: bytes | None

    def described(self, label: str) -> dict[str, Any]:
        """Return what the manifest says of it, to be named by a label."""
        title = "original" if self.relationship == PARENT else "reference"
        kept = "" if self.content is not None else ", no longer kept"
        return {"title": f"{title}{kept}", "relationship": self.relationship, "label": label}


def relationships(job: Job) -> Mapping[str, str]:
    """Return what each image that a job works on is to the result, by role; a mask is no picture."""
    kept = JobKind(job.kind).keeps_image
    return {role: PARENT if kept and role == IMAGE else INPUT for role in job.image_spec.inputs if role != MASK}


def manifest(mark: Mark, ingredients: Sequence[Ingredient], actions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a manifest: made by the mark's model from the ingredients, and whatever was done to it afterwards."""
    parents = [str(i) for i, each in enumerate(ingredients) if each.relationship == PARENT]
    opened: list[dict[str, Any]] = [{"action": "c2pa.opened", "parameters": {"ingredientIds": parents}}]
    return {
        "claim_generator_info": [{"name": STUDIO}],
        "title": "picture",
        "ingredients": [each.described(str(i)) for i, each in enumerate(ingredients) if each.content is None],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [*(opened if parents else [made(mark)]), *actions]}}
        ],
    }


def made(mark: Mark, action: str = "c2pa.created") -> dict[str, Any]:
    """Return the action by which a model made a picture, or changed it."""
    agent = {"softwareAgent": {"name": mark.system}} if mark.system else {}
    return {"action": action, "digitalSourceType": mark.source, "when": mark.made_at, **agent}
