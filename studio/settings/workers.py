"""The settings of workers."""


class Worker:
    """Settings that every worker has."""

    jobs_table: str
    media_bucket: str
    retry_base_seconds: float
    attempt_seconds: float
    lease_seconds: int


class ImageWorker(Worker):
    """Settings of a worker that asks providers; `provider_models` are their names of the catalogue's models."""

    provider_models: dict[str, str]


class InferenceDone:
    """Settings of the function that receives the ends of asynchronous inferences; the models' names are endpoints'."""

    jobs_table: str
    media_bucket: str
    provider_models: dict[str, str]


class DocumentsWorker(Worker):
    """Settings of the worker that renders documents."""


class Browser(ImageWorker):
    """Settings of the browser worker, whose models are pages; an empty `chromium` means Playwright's own."""

    chromium: str
    chromium_flags: str


class Vertex(ImageWorker):
    """Settings of the Vertex worker; an empty endpoint means Google's own.

    `vertex_locations` says for each of its models where it is asked.
    """

    vertex_project: str
    vertex_locations: dict[str, str]
    vertex_endpoint: str
    vertex_secret: str


class ModelProbe:
    """Settings of the daily look at the providers' models; an empty `vertex_endpoint` means Google's own.

    `vertex_models` says for each of Google's models where it is, `bedrock_models` in which region each of Bedrock's is.
    """

    vertex_models: dict[str, str]
    vertex_endpoint: str
    vertex_secret: str
    bedrock_models: dict[str, str]


class Bedrock(ImageWorker):
    """Settings of the Bedrock worker; `bedrock_regions` says for each of its models where it is asked."""

    bedrock_regions: dict[str, str]
