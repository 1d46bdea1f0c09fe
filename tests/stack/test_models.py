"""Models as the running stack has them: what they tell, and the daily look for them."""

from tests.stack.asking import generate, get
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.provider import Wish


async def test_the_daily_look_finds_every_model_under_its_own_role(client: StackClient) -> None:
    assert Behind(client).invoke("model-probe", {}) == {"gone": []}


async def test_models_tell_what_they_can(client: StackClient) -> None:
    models = {model["id"]: model for model in await get(client, "admin", "models")}
    assert len(models["nanobanana-2"]["aspectRatios"]) == 14
    assert "REMOVE_BACKGROUND" in models["stable-image"]["kinds"]
    assert all(model["description"] for model in models.values())
    assert all(model["typicalSeconds"] is None or model["typicalSeconds"] > 0 for model in models.values())


async def test_more_of_the_same_can_be_asked_for_as_it_is_answered(client: StackClient) -> None:
    person = await client.new_user(10)
    wish = Wish(client.outputs["modelsUrl"])
    (job,) = await generate(client, person, wish.input(aspectRatio="LANDSCAPE_21_9", seed=5))
    proposed = await get(client, person, "moreLike", jobId=job["id"])
    assert proposed[0] == job["input"]
    for each in proposed:
        taken = {name: each[name] for name in ("size", "aspectRatio", "seed")}
        (made,) = await generate(client, person, wish.input(**taken))
        assert {name: made["input"][name] for name in taken} == taken
