"""Documents are found by their owner alone: newest first, in pages, each kind by itself."""

import json

import pytest

from studio import ids
from studio.albums.content import MAX_DESCRIPTION, MAX_NAME, MAX_PLACED
from studio.albums.item import placed_to_item
from studio.albums.model import Document, Placed
from studio.documents.album import MAX_PHOTOS
from studio.documents.collage import MAX_CAPTION
from studio.documents.spec import DocumentKind, Product
from studio.dynamo import update
from studio.errors import ErrorType, StudioError, UnreadableError
from studio.media.keys import photo_key
from studio.media.links import Links
from studio.media.model import StoredImage
from tests.unit.albums.parts import Parts
from tests.unit.world import ADMIN, OTHER, USER


def some(parts: Parts, count: int) -> list[Document]:
    made = []
    for n in range(count):
        parts.world.later(1)
        made.append(parts.album(name=f"{n}"))
    return made


def names(parts: Parts, limit: int | None = None, token: str | None = None) -> tuple[list[str], str | None]:
    page = parts.finder.page(USER, DocumentKind.ALBUM, limit, token, parts.world.time, links=None)
    return [each.document.name for each in page.items], page.next_token


def test_newest_first_and_each_once(parts: Parts) -> None:
    some(parts, 5)
    parts.album(caller=OTHER)
    parts.collage(parts.picture())
    assert names(parts) == (["4", "3", "2", "1", "0"], None)
    seen, token = names(parts, 2)
    while token:
        more, token = names(parts, 2, token)
        seen += more
    assert seen == ["4", "3", "2", "1", "0"]


def test_kinds_and_owners_have_lists_of_their_own(parts: Parts) -> None:
    album, collage = some(parts, 1)[0], parts.collage(parts.picture())
    for kind, made in ((DocumentKind.ALBUM, album), (DocumentKind.COLLAGE, collage)):
        found = parts.finder.page(USER, kind, None, None, parts.world.time, links=0).items
        assert [each.document.id for each in found] == [made.id]
        assert parts.finder.own(USER, made.id, kind) == made
        other = next(each for each in DocumentKind if each != kind)
        assert parts.finder.own(USER, made.id, other) is None
        for stranger in (OTHER, ADMIN):
            assert parts.finder.own(stranger, made.id, kind) is None
            assert parts.finder.page(stranger, kind, None, None, parts.world.time, links=0).items == []


def test_a_token_is_of_one_list(parts: Parts) -> None:
    some(parts, 3)
    _, token = names(parts, 1)
    for caller, kind in ((OTHER, DocumentKind.ALBUM), (USER, DocumentKind.COLLAGE)):
        with pytest.raises(StudioError) as error:
            parts.finder.page(caller, kind, 1, token, parts.world.time, links=None)
        assert error.value.type == ErrorType.PAGE_TOKEN_INVALID
    for limit in (0, 101):
        with pytest.raises(StudioError) as error:
            names(parts, limit)
        assert error.value.type == ErrorType.LIMIT_OUT_OF_RANGE


def test_what_cannot_be_read_keeps_no_other_and_is_nobody_elses_business(parts: Parts) -> None:
    made = some(parts, 3)
    parts.world_documents.apply(update({"id": made[1].id}, set={"placed": "x"}))
    assert names(parts) == (["2", "0"], None)
    with pytest.raises(UnreadableError):
        parts.finder.own(USER, made[1].id, DocumentKind.ALBUM)
    assert parts.finder.own(OTHER, made[1].id, DocumentKind.ALBUM) is None
    assert parts.finder.own(USER, made[1].id, DocumentKind.COLLAGE) is None


def test_pictures_and_renderings_that_cannot_be_read_are_left_out(parts: Parts) -> None:
    a, b = parts.picture(), parts.picture()
    made = parts.album(a, b)
    parts.render(made, Product.SCREEN)
    parts.photos.apply(update({"document": made.id, "id": a}, set={"image": {"key": 5}}))
    parts.world.jobs.apply(update({"id": parts.rendering(made, Product.SCREEN).id}, set={"version": "x"}))
    (view,) = parts.finder.page(USER, made.kind, None, None, parts.world.time, links=0).items
    assert (set(view.photos), dict(view.jobs), view.image_count) == ({b}, {}, 2)


@pytest.mark.parametrize(
    "spoiled",
    [{"design": "GRID_2X2"}, {"renderings": {"MOVIE": {"job": "j", "version": 1}}}, {"jobs": {1}}, {"version": 0}],
)
def test_what_could_not_be_answered_is_refused(parts: Parts, spoiled: dict[str, object]) -> None:
    made = parts.album()
    parts.world_documents.apply(update({"id": made.id}, set=spoiled))
    with pytest.raises(UnreadableError):
        parts.finder.own(USER, made.id, DocumentKind.ALBUM)


def test_pictures_are_read_only_where_they_are_asked_for(parts: Parts) -> None:
    parts.album(parts.picture())
    (view,) = parts.finder.page(USER, DocumentKind.ALBUM, None, None, parts.world.time, links=None).items
    assert (view.photos, view.image_count, len(view.placed)) == ({}, 1, 1)


def full(parts: Parts, kind: DocumentKind, count: int) -> None:
    """Make documents of as many photos as one may hold."""
    placed = [placed_to_item(Placed(ids.new())) for _ in range(MAX_PLACED[kind])]
    for _ in range(count):
        parts.world.later(1)
        made = parts.album() if kind == DocumentKind.ALBUM else parts.collage()
        parts.world_documents.apply(update({"id": made.id}, set={"placed": placed}))


def test_a_page_of_full_albums_fits_into_an_answer(parts: Parts) -> None:
    full(parts, DocumentKind.ALBUM, 34)
    words = len(json.dumps("\U0001f600" * MAX_CAPTION, ensure_ascii=False).encode())
    photo = words + len(json.dumps({"id": ids.new(), "caption": "", "focalX": 0.1234, "focalY": 0.1234}))
    numbers = {"width": 99999, "height": 99999, "byteSize": 99_999_999}
    said = len(json.dumps({"contentType": "image/jpeg", "expiresAt": "2026-11-20T12:00:00.000Z", **numbers}))
    file = StoredImage(photo_key(USER.sub, ids.new(), ids.new(), "thumbnail"), "image/webp", 1, 1, 1)
    signed = Links("https://d111111abcdef8.cloudfront.net", lambda: "k" * 64)
    link = len(signed.link(file, 3600, parts.world.time).url) + said
    rest = 4 * (MAX_NAME + MAX_DESCRIPTION) + link + 1000
    for links in range(5):
        page = parts.finder.page(USER, DocumentKind.ALBUM, 100, None, parts.world.time, links=links)
        assert 1 <= len(page.items) < 34
        assert page.next_token
        assert len(page.items) * (MAX_PHOTOS * (photo + links * link) + rest) < 5_000_000


def test_albums_of_few_photos_come_a_hundred_to_a_page_with_all_links(parts: Parts) -> None:
    some(parts, 100)
    page = parts.finder.page(USER, DocumentKind.ALBUM, 100, None, parts.world.time, links=4)
    assert (len(page.items), page.next_token) == (100, None)


def test_collages_come_a_hundred_to_a_page_with_two_links_of_each_photo(parts: Parts) -> None:
    full(parts, DocumentKind.COLLAGE, 100)
    page = parts.finder.page(USER, DocumentKind.COLLAGE, 100, None, parts.world.time, links=2)
    assert len(page.items) == 100
