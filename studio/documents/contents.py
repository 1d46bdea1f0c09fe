"""What a spec asks for, as it is laid out: an album or a collage."""

from datetime import date

from studio.documents.album import Album, AlbumLayout, Photo
from studio.documents.collage import CollagePicture, CollageSpec
from studio.documents.spec import DocumentSpec, SpecPhoto
from studio.documents.templates import CollageTemplate


def album_of(spec: DocumentSpec) -> Album:
    photos = tuple(_photo(photo) for photo in spec.photos)
    return Album(spec.name, date.fromisoformat(spec.day), photos, AlbumLayout(spec.design), spec.language)


def collage_of(spec: DocumentSpec) -> CollageSpec:
    pictures = tuple(_picture(photo) for photo in spec.photos)
    return CollageSpec(CollageTemplate(spec.design), pictures, spec.caption, spec.background)


def _photo(photo: SpecPhoto) -> Photo:
    return Photo(photo.id, photo.width, photo.height, float(photo.focal_x), float(photo.focal_y), photo.caption)


def _picture(photo: SpecPhoto) -> CollagePicture:
    return CollagePicture(photo.width, photo.height, float(photo.focal_x), float(photo.focal_y), photo.caption)
