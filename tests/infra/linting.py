"""cfn-lint, apart: to import it takes longer than most templates do, and one worker needs it."""

from pathlib import Path

from cfnlint.config import ConfigMixIn
from cfnlint.decode.decode import decode_str
from cfnlint.helpers import REGION_PRIMARY
from cfnlint.runner import Runner, run_template_by_data

# W3005: the CDK's own function construct waits for the role that it names anyway.
# The others ask what day it is: which runtimes are old by then is AWS's to say, not this test's.
TOLERATED = ["W3005", "W2531", "E2531", "E2533"]


class Linter:
    """All rules, which take as long to read as most templates to look at."""

    def __init__(self) -> None:
        self.rules = Runner(ConfigMixIn(ignore_checks=TOLERATED)).rules

    def faults(self, path: Path) -> list[str]:
        template, errors = decode_str(path.read_text())
        config = ConfigMixIn(regions=[REGION_PRIMARY], ignore_checks=TOLERATED)
        assert template, errors
        return [str(match) for match in run_template_by_data(template, config, self.rules)]
