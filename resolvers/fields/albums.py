"""The fields of albums and collages."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from resolvers.fields.graphql import Answer, Fields, caller, files_at, follow_own, handler_of, selects
from resolvers.shapes import albums as album_shapes
from resolvers.shapes.albums import Files
from resolvers.shapes.base import connection
from studio.albums.content import album_content, collage_content
from studio.albums.create import DocumentEditor
from studio.albums.delete import DocumentDeletions, RenderingRemoval
from studio.albums.find import DocumentFinder
from studio.albums.model import Document
from studio.albums.photos import PhotoCopies
from studio.albums.render import Renderer, RenderLimits, RenderTimes
from studio.albums.table import Documents, Photos
from studio.clock import now
from studio.documents.spec import DocumentKind, Product
from studio.documents.templates import TEMPLATES
from studio.jobs.actions import JobActions
from studio.jobs.delete import Deletions
from studio.jobs.inputs import InputFinder
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs
from studio.media.links import Link, Links
from studio.media.model import StoredFile
from studio.media.store import Media
from studio.media.table import Uploads
from studio.people.find_or_create import PersonFinder
from studio.people.guard import Guard
from studio.people.join import UserDirectory, person_creator
from studio.requests.table import Requests
from studio.secrets import Secret
from studio.settings import albums as settings
from studio.settings.environment import read_settings

if TYPE_CHECKING:
    from studio.inputs import AlbumInput, CollageInput

app = Fields()
config = read_settings(settings.AlbumsApi)

_jobs = Jobs(config.jobs_table)
_person_creator = person_creator(config)
_people = _person_creator.people
_media = Media(config.media_bucket)
_links = Links(config.downloads_url, Secret(config.downloads_secret).text)
_times = RenderTimes(config.job_ttl_days, config.deadline_seconds, config.lease_seconds)
_finder = DocumentFinder(Documents(config.documents_table), Photos(config.photos_table), _jobs)
_refunds = Refunds(_jobs, _people, _person_creator.ledger, _person_creator.usage, Requests(config.requests_table))
_job_actions = JobActions(_jobs, Deletions(_jobs, _refunds, _media), documents=True)
_removal = RenderingRemoval(_finder.documents, _job_actions)
_renderer = Renderer(_finder, _people, _removal, RenderLimits(config.running_jobs, _times))
_deletions = DocumentDeletions(_finder, _job_actions, _media)
_editor = DocumentEditor(
    _finder,
    PhotoCopies(_finder.documents, _finder.photos, _media),
    _renderer,
    _removal,
    InputFinder(Uploads(config.uploads_table), _jobs),
    PersonFinder(_person_creator, UserDirectory(config.user_pool_id)),
)


@app.resolver(type_name="Query", field_name="album")
def album(id: str) -> Answer | None:  # noqa: A002 - the schema's name
    return _shown(_finder.own(caller(app), id, DocumentKind.ALBUM))


@app.resolver(type_name="Query", field_name="collage")
def collage(id: str) -> Answer | None:  # noqa: A002
    return _shown(_finder.own(caller(app), id, DocumentKind.COLLAGE))


@app.resolver(type_name="Query", field_name="albums")
def albums(limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    return _page(DocumentKind.ALBUM, limit, nextToken)


@app.resolver(type_name="Query", field_name="collages")
def collages(limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    return _page(DocumentKind.COLLAGE, limit, nextToken)


@app.resolver(type_name="Query", field_name="collageTemplates")
def collage_templates() -> list[Answer]:
    return [album_shapes.collage_template(*each) for each in TEMPLATES.items()]


@app.resolver(type_name="Mutation", field_name="createAlbum")
def create_album(input: "AlbumInput") -> Answer | None:  # noqa: A002
    return _shown(_editor.create(caller(app), album_content(input), now()))


@app.resolver(type_name="Mutation", field_name="createCollage")
def create_collage(input: "CollageInput") -> Answer | None:  # noqa: A002
    return _shown(_editor.create(caller(app), collage_content(input), now()))


@app.resolver(type_name="Mutation", field_name="updateAlbum")
def update_album(id: str, input: "AlbumInput") -> Answer | None:  # noqa: A002
    return _shown(_editor.update(caller(app), id, album_content(input), now()))


@app.resolver(type_name="Mutation", field_name="updateCollage")
def update_collage(id: str, input: "CollageInput") -> Answer | None:  # noqa: A002
    return _shown(_editor.update(caller(app), id, collage_content(input), now()))


@app.resolver(type_name="Mutation", field_name="deleteAlbum")
def delete_album(id: str) -> str | None:  # noqa: A002
    return _deletions.delete(caller(app), id, DocumentKind.ALBUM, now())


@app.resolver(type_name="Mutation", field_name="deleteCollage")
def delete_collage(id: str) -> str | None:  # noqa: A002
    return _deletions.delete(caller(app), id, DocumentKind.COLLAGE, now())


@app.resolver(type_name="Mutation", field_name="renderAlbum")
def render_album(id: str, product: str) -> Answer | None:  # noqa: A002
    return _shown(_renderer.render(caller(app), id, Product(product), now()))


@app.resolver(type_name="Mutation", field_name="renderCollage")
def render_collage(id: str) -> Answer | None:  # noqa: A002
    return _shown(_renderer.render(caller(app), id, Product.PICTURE, now()))


@app.resolver(type_name="Subscription", field_name="onAlbum")
def on_album(customer: str) -> None:
    follow_own(app, customer, "your own albums")


@app.resolver(type_name="Subscription", field_name="onCollage")
def on_collage(customer: str) -> None:
    follow_own(app, customer, "your own collages")


def _page(kind: DocumentKind, limit: int | None, token: str | None) -> Answer:
    files = _files("items/")
    links = len(files.photos) if selects(app, "items/photos") else None
    page = _finder.page(caller(app), kind, limit, token, now(), links=links)
    return connection(page, lambda view: album_shapes.document(view, _sign, files))


def _shown(document: Document | None) -> Answer | None:
    return album_shapes.document(_finder.view(document, now()), _sign, _files("")) if document else None


def _files(at: str) -> Files:
    return Files(
        files_at(app, f"{at}photos/image"),
        files_at(app, f"{at}output"),
        preview=selects(app, f"{at}preview"),
        pdf=selects(app, f"{at}pdf"),
    )


def _sign(file: StoredFile) -> Link:
    return _links.link(file, config.link_seconds, now())


handler: Callable[[Answer, Any], Answer] = handler_of(app, Guard(_people))
