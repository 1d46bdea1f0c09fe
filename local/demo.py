"""``make demo``."""

import argparse


def run(arguments: argparse.Namespace) -> int:
    raise NotImplementedError(arguments)
