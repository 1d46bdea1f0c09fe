"""Albums and collages."""

from collections.abc import Collection
from dataclasses import dataclass

from resolvers.shapes.base import Shape
from resolvers.shapes.images import FILES, Sign, download, image, image_set
from studio.albums.find import DocumentView
from studio.albums.model import Photo, Placed
from studio.albums.photos import CENTRE
from studio.documents.spec import DocumentKind, Product
from studio.documents.templates import CollageTemplate, Template
from studio.jobs.model import Job, JobStatus


@dataclass(frozen=True)
class Files:
    """The files of a document's pictures and output that are wanted: each link costs time to sign."""

    photos: Collection[str] = FILES
    output: Collection[str] = FILES
    preview: bool = True
    pdf: bool = True


def document(view: DocumentView, sign: Sign, files: Files) -> Shape:
    """Return an Album or a Collage."""
    return album(view, sign, files) if view.document.kind == DocumentKind.ALBUM else collage(view, sign, files)


def album(view: DocumentView, sign: Sign, files: Files) -> Shape:
    """Return an Album."""
    latest = view.latest
    pdf = latest.pdf if latest and files.pdf else None
    return {
        **_document(view, sign, files, latest),
        "description": view.document.description,
        "layout": view.document.design,
        "status": view.album_status,
        "imageCount": view.image_count,
        "pdf": download(sign(pdf)) if pdf else None,
    }


def collage(view: DocumentView, sign: Sign, files: Files) -> Shape:
    """Return a Collage."""
    output, preview = view.jobs.get(Product.PICTURE), view.jobs.get(Product.PREVIEW)
    shown = preview.image if preview and files.preview else None
    return {
        **_document(view, sign, files, output),
        "template": view.document.design,
        "status": view.collage_status,
        "sources": [each.id for each in view.placed],
        "caption": view.document.caption,
        "background": view.document.background,
        "preview": image(shown, sign) if shown else None,
        "output": _output(output, sign, files.output),
    }


def collage_template(name: CollageTemplate, template: Template) -> Shape:
    """Return a CollageTemplateInfo."""
    return {
        "template": name,
        "minPictures": template.least,
        "maxPictures": template.most,
        "widthMm": float(template.width),
        "heightMm": float(template.height),
        "background": template.background,
    }


def _document(view: DocumentView, sign: Sign, files: Files, rendering: Job | None) -> Shape:
    about = view.document
    return {
        "id": about.id,
        "customer": about.owner,
        "name": about.name,
        "photos": [_photo(each, view.photos.get(each.id), sign, files.photos) for each in view.placed],
        "errorMessage": rendering.failure.message if rendering and rendering.failure else None,
        "createdAt": about.created_at,
        "updatedAt": about.updated_at,
    }


def _photo(placed: Placed, photo: Photo | None, sign: Sign, files: Collection[str]) -> Shape:
    guess = (photo.focal_x, photo.focal_y) if photo else (CENTRE, CENTRE)
    return {
        "id": placed.id,
        "image": image_set(photo.image, photo.variants, sign, files) if photo and files else None,
        "caption": placed.caption,
        "focalX": float(guess[0] if placed.focal_x is None else placed.focal_x),
        "focalY": float(guess[1] if placed.focal_y is None else placed.focal_y),
    }


def _output(job: Job | None, sign: Sign, files: Collection[str]) -> Shape | None:
    if job is None or job.status != JobStatus.COMPLETED or job.image is None:
        return None
    return image_set(job.image, job.variants, sign, files)
