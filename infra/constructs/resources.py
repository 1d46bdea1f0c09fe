"""What a stage's stacks have made that functions may use, and the variables that name it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, get_type_hints

from infra.functions import function_name, worker_names
from infra.secrets import secret_variables
from infra.stages import Stage, StageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_appsync as appsync
    from aws_cdk import aws_cognito as cognito
    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_sqs as sqs

    from infra.declaration import FunctionSpec
    from infra.stacks.data import Data


class Resources:
    """The stage's data, and what each stack adds to it for the functions that are made after.

    `pool` is the user pool, `api` the GraphQL API; `queues` are by the variables that name them, `topics` those of
    asynchronous inference.
    """

    def __init__(self, stage: Stage, data: Data) -> None:
        self.stage = stage
        self.data = data
        self.queues: dict[str, sqs.Queue] = {}
        self.topics: tuple[sns.Topic, ...] = ()
        self.pool: cognito.UserPool | None = None
        self.api: appsync.CfnGraphQLApi | None = None
        self._known = {**_of_stage(stage), **secret_variables(stage.name), **_of_data(data)}

    def add_variable(self, variable: str, value: str) -> None:
        """Add what settings read from this variable."""
        self._known[variable] = value

    def add_pool(self, pool: cognito.UserPool) -> None:
        self.pool = pool
        self.add_variable("USER_POOL_ID", pool.user_pool_id)

    def add_api(self, api: appsync.CfnGraphQLApi) -> None:
        self.api = api
        # On one machine the API is not where the emulator says.
        self.add_variable("GRAPHQL_URL", self.stage.graphql_url or api.attr_graph_ql_url)

    def add_queue(self, variable: str, queue: sqs.Queue) -> None:
        self.queues[variable] = queue
        self.add_variable(variable, queue.queue_url)

    def queue(self, variable: str, spec: FunctionSpec) -> sqs.Queue:
        """Return the queue that a function reads.

        Raises
        ------
        StageError
            No stack before its own has made it.
        """
        if variable not in self.queues:
            raise StageError(f"{spec.name} reads {variable}, a queue that no stack up to {spec.stack} makes")
        return self.queues[variable]

    def variables(self, spec: FunctionSpec) -> dict[str, str]:
        """Return a function's environment variables: what its settings read, and what it has of its own.

        Its trigger adds those that it makes.

        Raises
        ------
        StageError
            Its settings read what no stack before its own has made.
        """
        own = spec.variables(self.stage)
        read = [name for name in read_by(spec) if name not in own and name not in spec.trigger_variables]
        return {**{name: self._value(name, spec) for name in read}, **own}

    def _value(self, variable: str, spec: FunctionSpec) -> str:
        if variable not in self._known:
            raise StageError(f"{spec.name} reads {variable}, which nothing sets at stage {self.stage.name}")
        return self._known[variable]


def read_by(spec: FunctionSpec) -> list[str]:
    """Return the variables that a function's settings read."""
    return [name.upper() for name in get_type_hints(spec.settings)]


def _of_stage(stage: Stage) -> Mapping[str, str]:
    return {
        **_fields(stage.limits),
        **_fields(stage.money),
        "FIREBASE_PROJECT": stage.firebase_project,
        "WEB_ORIGINS": ",".join(stage.web_origins),
        "STUDIO_URL": stage.studio_url,
        "SECOND_FACTOR": json.dumps(stage.hardening.second_factor),
        "WORKERS": json.dumps(worker_names(stage)),
        "RETIREMENTS": json.dumps({model: day.isoformat() for model, day in stage.providers.retirements.items()}),
        **({"MAIL_FROM": stage.mail.sender, "MAIL_SET": f"namo-{stage.name}"} if stage.mail else {}),
        "CREDENTIALS_FUNCTION": function_name(stage.name, "credentials"),
        "CREDENTIALS_CHECK_FUNCTION": function_name(stage.name, "credentials-check"),
        "LABEL_DOWNLOADS": json.dumps(stage.label_downloads),
        "ACCOUNTS_RECONCILER": function_name(stage.name, "accounts-reconciler"),
        "PAYMENTS_RECONCILER": function_name(stage.name, "payments-reconciler"),
    }


def _of_data(data: Data) -> Mapping[str, str]:
    return {
        **{f"{_words(name)}_TABLE": table.table_name for name, table in data.tables.items()},
        "MEDIA_BUCKET": data.media.bucket_name,
        "ARCHIVE_BUCKET": data.archive.bucket_name,
        "DOWNLOADS_URL": data.downloads_url,
    }


def _fields(record: object) -> dict[str, str]:
    """Return a record's fields as variables: `lease_seconds` is LEASE_SECONDS."""
    values = vars(record).items()
    return {name.upper(): value if isinstance(value, str) else json.dumps(value) for name, value in values}


def _words(name: str) -> str:
    return re.sub(r"\B(?=[A-Z])", "_", name).upper()
