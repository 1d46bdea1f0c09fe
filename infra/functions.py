"""The functions, as data: what each runs, its size and its times. Their rights are in `access`."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spec:
    """One function: its name, handler, zip group, and how long a call may take in seconds."""

    name: str
    handler: str
    group: str
    timeout: int

    @property
    def id(self) -> str:
        """The name as an identifier in templates: `jobs-api` is JobsApi."""
        return "".join(word.capitalize() for word in self.name.split("-"))


# AppSync waits 30 s for a resolver; a little less lets the function answer for itself.
JOBS_API = Spec("jobs-api", "resolvers.jobs.handler", "api", 29)
PEOPLE_API = Spec("people-api", "resolvers.people.handler", "api", 10)
# Cognito gives a trigger five seconds.
SIGN_UP = Spec("sign-up", "resolvers.sign_up.handler", "api", 5)
JOBS_STREAM = Spec("jobs-stream", "resolvers.jobs_stream.handler", "api", 60)
PUBLISH = Spec("publish", "resolvers.publish.handler", "api", 30)
# Shorter than its schedule's minute, so that two sweeps do not overlap.
SWEEPER = Spec("sweeper", "resolvers.sweeper.handler", "api", 55)
VERTEX = Spec("vertex", "workers.vertex.handler", "vertex", 900)

ALL: Sequence[Spec] = (JOBS_API, PEOPLE_API, SIGN_UP, JOBS_STREAM, PUBLISH, SWEEPER, VERTEX)
# The workers by the name that the catalogue gives them.
WORKERS = {"vertex": VERTEX}


def function_name(stage: str, spec: Spec) -> str:
    """Return the deployed name; known before the deploy, so that functions can name each other without a cycle."""
    return f"namo-{stage}-{spec.name}"
