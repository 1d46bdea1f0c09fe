import pytest

from local.models.render.brief import read_brief
from local.models.render.scenes import SCENES
from local.models.render.styles import STYLES as PAINTED_STYLES
from local.models.render.subjects import SUBJECTS as PAINTED_SUBJECTS
from local.models.render.words import COLOURS, STYLES, SUBJECT_SCENES, SUBJECTS
from local.models.render.words import SCENES as SCENE_WORDS


def test_a_full_prompt_is_read() -> None:
    brief = read_brief("Watercolour of two foxes by a lake in the mountains at sunset, teal and gold")
    assert (brief.style, brief.subjects, brief.scene, brief.time) == ("watercolour", ("fox",), "lake", "sunset")
    assert brief.tints == (COLOURS["teal"], COLOURS["gold"])


def test_a_subject_brings_its_scene() -> None:
    assert read_brief("a lighthouse").scene == "sea"
    assert read_brief("a lighthouse in the desert").scene == "desert"


@pytest.mark.parametrize(
    "prompt",
    ["a lake without birds", "a lake. Avoid: birds, boats", "a lake, no boat", "a lake\nNegative prompt: bird, boat"],
)
def test_what_is_to_be_avoided_is_left_out(prompt: str) -> None:
    assert read_brief(prompt).subjects == ()


def test_what_follows_the_avoided_part_counts_again() -> None:
    assert read_brief("Avoid: cats. A fox.").subjects == ("fox",)


def test_a_prompt_of_unknown_words_is_no_error() -> None:
    brief = read_brief("phở bò 🍜 — слова")
    assert (brief.time, brief.scene, brief.style, brief.subjects) == (None, None, None, ())


def test_every_word_leads_to_something_that_can_be_painted() -> None:
    assert set(SCENE_WORDS.values()) | set(SUBJECT_SCENES.values()) == set(SCENES)
    assert set(SUBJECTS.values()) == set(PAINTED_SUBJECTS)
    assert set(STYLES.values()) == set(PAINTED_STYLES)
