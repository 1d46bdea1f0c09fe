"""Build the explorer's page into ``dist/``, unless it is there already: ``python -m local.appsync.explorer.build``."""

from pathlib import Path

from local.appsync.explorer.node import digest, install, is_stamped, npm, one_at_a_time

HERE = Path(__file__).parent
DIST = HERE / "dist"


def build() -> Path:
    """Make sure that ``dist/`` is the page of today's sources; a second run takes milliseconds.

    Returns
    -------
    Path
        The folder to serve: `index.html` at `/`, everything under `/explorer/`.
    """
    with one_at_a_time(HERE / "src"):
        if not is_built():
            install(HERE)
            npm(HERE, "run", "build")
            _stamp().write_text(digest(_sources()))
    return DIST


def is_built() -> bool:
    return is_stamped(_stamp(), digest(_sources()))


def _stamp() -> Path:
    return DIST / ".built"


def _sources() -> list[Path]:
    own = [HERE / name for name in ("package.json", "package-lock.json", "tsconfig.json", "build.mjs")]
    return own + sorted(file for file in (HERE / "src").rglob("*") if file.is_file())


if __name__ == "__main__":
    build()
