"""How a stack makes its functions, each from its declaration."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from constructs import Construct

from infra.access import Right
from infra.constructs import permissions
from infra.constructs.function import Function
from infra.constructs.resources import Resources
from infra.constructs.triggers import connect
from infra.declaration import EVERY_WORKER, FunctionSpec, Variables
from infra.functions import ALL, function_name, worker_names
from infra.monitoring.functions import watch_function


@dataclass(frozen=True)
class FunctionFactory:
    """Makes functions in one stack, with their rights, their triggers and their alarms."""

    scope: Construct
    resources: Resources

    def make_all(self, stack: str) -> list[Function]:
        """Make the functions that belong to a stack."""
        return [self._make(spec) for spec in ALL if spec.stack == stack and spec.deployed(self.resources.stage)]

    def _make(self, spec: FunctionSpec) -> Function:
        resources = self.resources
        variables = resources.variables(spec)
        function = Function(self.scope, resources.stage, spec, self._rights(spec, variables), variables)
        watch_function(function, resources.data.alarms)
        connect(function, resources)
        return function

    def _rights(self, spec: FunctionSpec, variables: Variables) -> Sequence[Right]:
        scope, resources = self.scope, self.resources
        return [
            *permissions.to_data(resources.data, spec.access),
            *permissions.to_read_secrets(scope, variables),
            *permissions.to_send(queue for name, queue in resources.queues.items() if name in variables),
            *(permissions.to_archive(resources.data) if "ARCHIVE_BUCKET" in variables else ()),
            *permissions.to_users(resources.pool, spec.users),
            *permissions.to_ask(resources.api, spec.publishes),
            *permissions.to_invoke(scope, *self._invoked(spec)),
            *spec.rights(resources.stage, Stack.of(scope)),
        ]

    def _invoked(self, spec: FunctionSpec) -> Iterator[str]:
        for name in spec.invokes:
            if name == EVERY_WORKER:
                yield from worker_names(self.resources.stage).values()
            else:
                yield function_name(self.resources.stage.name, name)
