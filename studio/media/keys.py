"""Where objects lie in the media bucket."""

from collections.abc import Iterator, Mapping

from studio import ids
from studio.media.model import SIZES

EXTENSIONS: Mapping[str, str] = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
INCOMING, UPLOADS, QUARANTINE = "incoming/", "uploads/", "quarantine/"
RESULTS, RESIZED, SIGNED = "results/", "resized/", "signed/"
DOCUMENTS = "documents/"
AVATARS = "avatars/"
ORIGINAL_SIZE = "original"  # beside the names of the smaller sizes
ORIGINAL = "original."  # before the extension of an image that was made
LABELLED = "labelled."
INFERENCE_INPUT, INFERENCE_OUTPUT = "inference/input/", "inference/output/"


def result_prefix(worker: str) -> str:
    """Make the prefix of what one claim of a job stores.

    It is random, because a link shows it: nothing leads from there to the job, and no other claim writes there.
    """
    return f"{RESULTS}{worker}/{ids.new()}"


def old_result_prefix(job_id: str) -> str:
    """Return where jobs stored their image before each claim had a prefix of its own."""
    return f"{RESULTS}{job_id}"


def original_key(prefix: str, content_type: str) -> str:
    return f"{prefix}/{ORIGINAL}{EXTENSIONS[content_type]}"


def pdf_key(prefix: str) -> str:
    return f"{prefix}/album.pdf"


def sizes_of(prefix: str) -> str:
    """Return what stands for a result's prefix in the keys of its smaller sizes."""
    return prefix.removeprefix(RESULTS)


def resized_key(id_: str, name: str) -> str:
    """Return the key of a smaller size; `id_` is the upload's, or `sizes_of` a result."""
    return f"{RESIZED}{id_}/{name}.webp"


def signed_key(original: str, *, labelled: bool, content_type: str | None = None) -> str:
    """Return where a copy of a result with content credentials lies, for downloads; of another type where one is named.

    `original` is the result's key.
    """
    prefix, _, name = original.removeprefix(RESULTS).rpartition("/")
    extension = EXTENSIONS[content_type] if content_type else name.removeprefix(ORIGINAL)
    return f"{SIGNED}{prefix}/{LABELLED if labelled else ORIGINAL}{extension}"


def signed_keys(prefix: str) -> Iterator[str]:
    """Yield every key that signed copies of what one claim made can have."""
    for type_ in EXTENSIONS:
        yield from (signed_key(original_key(prefix, type_), labelled=labelled) for labelled in (False, True))


def incoming_key(owner: str, upload_id: str) -> str:
    """Return the key that an upload's form writes to, and nothing is served from."""
    return f"{INCOMING}{owner}/{upload_id}"


def upload_key(owner: str, upload_id: str) -> str:
    return f"{UPLOADS}{owner}/{upload_id}/original"


def quarantine_key(owner: str, upload_id: str) -> str:
    return f"{QUARANTINE}{owner}/{upload_id}"


def inference_key(job_id: str) -> str:
    """Return the key of what an asynchronous model is asked: it holds the prompt, so it goes with the job."""
    return f"{INFERENCE_INPUT}{job_id}.json"


def result_keys(prefix: str) -> Iterator[str]:
    """Yield every key that what one claim made can have, with an image's smaller sizes."""
    yield from (original_key(prefix, type_) for type_ in EXTENSIONS)
    yield pdf_key(prefix)
    yield from resized_keys(sizes_of(prefix))


def resized_keys(id_: str) -> Iterator[str]:
    yield from (resized_key(id_, name) for name in SIZES)


def avatar_prefix(owner: str) -> str:
    return f"{AVATARS}{owner}/"


def avatar_key(owner: str, avatar_id: str, size: str) -> str:
    """Return the key of one size of a picture that somebody shows; the id is its own, for a link shows it."""
    return f"{avatar_prefix(owner)}{avatar_id}/{size}"


def avatar_keys(owner: str, avatar_id: str) -> Iterator[str]:
    yield from (avatar_key(owner, avatar_id, size) for size in (ORIGINAL_SIZE, *SIZES))


def document_prefix(owner: str, document_id: str) -> str:
    """Return below what an album or a collage keeps its own copies of pictures."""
    return f"{DOCUMENTS}{owner}/{document_id}/"


def photo_prefix(owner: str, document_id: str, photo_id: str) -> str:
    """Return below what a document's copies of one picture lie.

    The picture may be known by its job's id, which no key holds: whoever is sent a link could ask for that job.
    """
    return f"{document_prefix(owner, document_id)}{ids.derived(document_id, photo_id)}/"


def photo_key(owner: str, document_id: str, photo_id: str, size: str | None = None) -> str:
    """Return the key of a document's copy of a picture, or of one of its smaller sizes."""
    return f"{photo_prefix(owner, document_id, photo_id)}{f'{size}.webp' if size else 'original'}"
