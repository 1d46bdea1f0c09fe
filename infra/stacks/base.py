"""What the five stacks have in common."""

from aws_cdk import Environment, Stack
from constructs import Construct

from infra.stages import REGION, Stage


class StageStack(Stack):
    """One area of one stage, `namo-<stage>-<area>`; where the stage keeps its data, not deletable by mistake."""

    def __init__(self, scope: Construct, stage: Stage, area: str) -> None:
        name = f"namo-{stage.name}-{area}"
        super().__init__(
            scope,
            name,
            stack_name=name,
            env=Environment(region=REGION),
            termination_protection=stage.deletion_protection,
        )
        self.stage = stage
