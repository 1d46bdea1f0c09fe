"""A document to be rendered, as a job's row keeps it, and back."""

from dataclasses import asdict
from typing import Any

from studio import rows
from studio.documents.spec import DocumentSpec, Product, SpecPhoto
from studio.people.model import Language


def spec_to_item(spec: DocumentSpec) -> dict[str, Any]:
    return {**rows.without_none(asdict(spec)), "photos": [rows.without_none(asdict(photo)) for photo in spec.photos]}


def spec_from_item(item: Any) -> DocumentSpec:
    row = rows.row(item)
    return DocumentSpec(
        document=row.get("document", rows.text),
        product=row.get("product", Product),
        design=row.get("design", rows.text),
        name=row.get("name", rows.text),
        photos=row.get("photos", rows.list_of(_photo)),
        day=row.get("day", rows.day),
        language=row.get("language", Language),
        caption=row.find("caption", rows.text),
        background=row.find("background", rows.text),
        order=row.find("order", rows.text),
    )


def _photo(item: Any) -> SpecPhoto:
    row = rows.row(item)
    return SpecPhoto(
        id=row.get("id", rows.text),
        content_type=row.get("content_type", rows.text),
        width=row.get("width", rows.count),
        height=row.get("height", rows.count),
        focal_x=row.get("focal_x", rows.decimal),
        focal_y=row.get("focal_y", rows.decimal),
        caption=row.find("caption", rows.text),
    )
