"""The upload fields: a form to send a picture with, and how the picture stands; and the links to orders' files."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from resolvers.fields.graphql import Answer, Fields, batched, caller, files_at, follow_own, handler_of
from resolvers.shapes import images as image_shapes
from resolvers.shapes import media as upload_shapes
from resolvers.shapes.base import connection
from studio.albums.table import Documents
from studio.albums.uploads import DocumentPlace
from studio.clock import now
from studio.media.create_upload import UploadCreator, upload_request
from studio.media.delete import UploadDeletions
from studio.media.links import Link, Links
from studio.media.lists import UploadLists
from studio.media.model import LinkedFile, StoredObject, UploadPurpose
from studio.media.store import Media
from studio.media.table import Uploads
from studio.people.guard import Guard
from studio.people.table import People
from studio.secrets import Secret
from studio.settings import media as settings
from studio.settings.environment import read_settings

if TYPE_CHECKING:
    from studio.inputs import CreateUploadInput
    from studio.provenance.verify import Verifier

app = Fields()
config = read_settings(settings.MediaApi)

_media = Media(config.media_bucket)
_links = Links(config.downloads_url, Secret(config.downloads_secret).text)
_uploads = Uploads(config.uploads_table)
_upload_creator = UploadCreator(_uploads, _media)
_deletions = UploadDeletions(_uploads, _media)
_lists = UploadLists(_uploads)
_place = DocumentPlace(Documents(config.documents_table))


@app.resolver(type_name="Mutation", field_name="createUpload")
def create_upload(input: "CreateUploadInput") -> Answer:  # noqa: A002 - the schema's name
    asked = upload_request(input)
    return upload_shapes.ticket(_upload_creator.create(caller(app), asked, now(), _place if asked.document else None))


@app.resolver(type_name="Mutation", field_name="deleteUpload")
def delete_upload(id: str) -> str | None:  # noqa: A002
    return _deletions.delete(caller(app), id)


@app.resolver(type_name="Query", field_name="upload")
def upload(id: str) -> Answer | None:  # noqa: A002
    found = _upload_creator.own(caller(app), id, now())
    return upload_shapes.upload(found, _sign, files_at(app, "image")) if found else None


@app.resolver(type_name="Query", field_name="uploads")
def uploads(purpose: str | None = None, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    wanted = None if purpose is None else UploadPurpose(purpose)
    page, files = _lists.own(caller(app), wanted, limit, nextToken, now()), files_at(app, "items/image")
    return connection(page, lambda each: upload_shapes.upload(each, _sign, files))


@app.resolver(type_name="Query", field_name="verifyImage")
def verify_image(uploadId: str) -> Answer:  # noqa: N803 - the schema's name
    return upload_shapes.verdict(_verifier().origin(uploadId, now()))


@cache
def _verifier() -> "Verifier":
    # Jobs, and all that they are made of, would take a tenth of every start; uploads do without.
    from studio.jobs.table import Jobs  # noqa: PLC0415
    from studio.provenance.table import Fingerprints  # noqa: PLC0415
    from studio.provenance.verify import Verifier  # noqa: PLC0415

    return Verifier(_uploads, Fingerprints(config.fingerprints_table), Jobs(config.jobs_table))


@app.resolver(type_name="Subscription", field_name="onUpload")
def on_upload(owner: str) -> None:
    follow_own(app, owner, "your own uploads")


@app.resolver(type_name="Order", field_name="downloads")
def order_downloads(files: list[Answer]) -> list[Answer]:
    """Sign what the function that answered the order found for its caller."""
    return [image_shapes.download(_sign(StoredObject(each["key"], each["contentType"]))) for each in files]


def _sign(image: LinkedFile) -> Link:
    return _links.link(image, config.link_seconds, now())


handler: Callable[[Any, Any], Any] = batched(handler_of(app, Guard(People(config.people_table))))
