"""The job fields answer in the schema's shapes, and errors pass one funnel."""

import json
from typing import Any

import pytest

from studio.alarms import Alarm
from studio.catalogue.data import CATALOGUE
from studio.dynamo import update
from studio.errors import ContendedError
from studio.images.model import EditMode
from studio.jobs import states
from studio.jobs.model import Job
from studio.media.keys import signed_key
from studio.media.model import StoredImage
from studio.people.model import Caller
from tests.unit.raised import Raised
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import appsync
from tests.unit.workers.arriving import completed
from tests.unit.workers.fakes import png
from tests.unit.world import ADMIN, OTHER, USER, World, picture_of, thumbnail_of

INPUT = {"clientRequestId": "r", "model": "nanobanana-pro", "prompt": "a very private dragon"}


@pytest.fixture(autouse=True)
def _joined(world: World) -> None:
    world.joined()


def ask(load: Load, *event: Any, **options: Any) -> dict[str, Any]:
    return load("resolvers.fields.jobs").handler(appsync(*event, **options), None)


def job_of(world: World, id_: str) -> Job:
    return world.jobs.find_many([id_])[0]


def everything(caplog: pytest.LogCaptureFixture) -> str:
    return caplog.text + "".join(str(vars(record)) for record in caplog.records)


def test_a_refusal_has_its_type_and_a_sentence(load: Load) -> None:
    answer = ask(load, "Mutation.generateImages", {"input": {**INPUT, "count": 9}})
    info = {"min": 1, "max": 8}
    assert answer == {"error": {"type": "COUNT_OUT_OF_RANGE", "message": "count must be 1 to 8.", "info": info}}


def test_rows_that_stay_contended_are_busy_and_nobodys_fault(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch, raised: Raised
) -> None:
    def contended(*_: Any, **__: Any) -> None:
        raise ContendedError

    world.joined()
    monkeypatch.setattr("studio.jobs.create.transact", contended)
    answer = ask(load, "Mutation.generateImages", {"input": INPUT})
    assert answer["error"]["type"] == "BUSY"
    assert raised.names() == []
    assert world.person().points == 20


def test_our_own_fault_tells_the_client_nothing(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, raised: Raised
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("table Jobs on shard 7")

    monkeypatch.setattr(world.client, "transact_write_items", broken)
    answer = ask(load, "Mutation.generateImages", {"input": INPUT})
    assert answer["error"]["type"] == "INTERNAL"
    assert "shard" not in json.dumps(answer)
    assert raised.names() == [Alarm.INTERNAL_ERROR]
    logged = everything(caplog)
    assert "shard 7" in logged
    assert "dragon" not in logged


def test_prompts_and_links_are_never_logged(load: Load, world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    id_ = ask(load, "Mutation.generateImages", {"input": INPUT})["data"][0]["id"]
    job = world.jobs.step(states.claim(job_of(world, id_), "w", world.time, 9))
    world.jobs.step(states.complete(job, picture_of(job), world.time))
    shown = ask(load, "Query.job", {"id": id_}, select=("image", "image/original"))
    assert "signature=" in shown["data"]["image"]["original"]["url"]
    ask(load, "Mutation.generateImages", {"input": {**INPUT, "prompt": "another dragon"}})
    logged = everything(caplog)
    assert "REQUEST_ID_REUSED" in logged
    assert "dragon" not in logged
    assert "signature=" not in logged


def test_links_are_signed_only_where_they_are_asked_for(load: Load, world: World) -> None:
    id_ = ask(load, "Mutation.generateImages", {"input": INPUT})["data"][0]["id"]
    job = world.jobs.step(states.claim(job_of(world, id_), "w", world.time, 9))
    world.jobs.step(states.complete(job, picture_of(job), world.time))
    world.jobs.step(states.resized(job_of(world, id_), {"thumbnail": thumbnail_of(job)}, "tag", world.time))
    assert ask(load, "Query.job", {"id": id_}, select=("status",))["data"]["image"] == {}
    shown = ask(load, "Query.job", {"id": id_}, select=("image", "image/thumbnail", "image/large"))["data"]["image"]
    assert f"{thumbnail_of(job).key}?" in shown["thumbnail"]["url"]
    assert shown["large"] is None
    assert set(shown) == {"thumbnail", "large"}


def test_whoever_holds_the_id_sees_no_prompt_owner_or_charge(load: Load) -> None:
    id_ = ask(load, "Mutation.generateImages", {"input": INPUT})["data"][0]["id"]
    view = ask(load, "Query.jobStatus", {"id": id_}, None)["data"]
    assert view["status"] == "PENDING"
    assert not {"prompt", "owner", "charge", "model", "history"} & set(view)


def test_somebody_elses_job_is_null(load: Load, world: World) -> None:
    world.joined(ADMIN)
    id_ = ask(load, "Mutation.generateImages", {"input": INPUT})["data"][0]["id"]
    assert ask(load, "Query.job", {"id": id_}, OTHER) == {"data": None}
    assert ask(load, "Query.job", {"id": id_}, ADMIN)["data"]["prompt"] == INPUT["prompt"]
    for name, more in {"cancelJob": {}, "deleteJob": {}, "setJobSharing": {"shared": False}}.items():
        assert ask(load, f"Mutation.{name}", {"id": id_, **more}, OTHER) == {"data": None}
        assert ask(load, f"Mutation.{name}", {"id": id_, **more}, ADMIN) == {"data": None}


def test_what_is_no_longer_shared_is_seen_by_its_owner_and_administrators(load: Load, world: World) -> None:
    world.joined(ADMIN)
    id_ = ask(load, "Mutation.generateImages", {"input": INPUT})["data"][0]["id"]
    assert ask(load, "Mutation.setJobSharing", {"id": id_, "shared": False})["data"]["shared"] is False
    for who in (None, OTHER):
        assert ask(load, "Query.jobStatus", {"id": id_}, who) == {"data": None}
        assert ask(load, "Query.download", {"jobId": id_}, who)["error"]["type"] == "JOB_UNKNOWN"
    for who in (USER, ADMIN):
        assert ask(load, "Query.jobStatus", {"id": id_}, who)["data"]["id"] == id_
        assert ask(load, "Query.download", {"jobId": id_}, who)["error"]["type"] == "JOB_NOT_COMPLETED"


def test_a_subscription_is_the_owners_only(load: Load) -> None:
    assert ask(load, "Subscription.onJob", {"owner": "user-1"}) == {"data": None}
    assert ask(load, "Subscription.onJob", {"owner": "user-2"})["error"]["type"] == "UNAUTHORIZED"
    assert ask(load, "Subscription.onJob", {"owner": "user-1"}, ADMIN)["error"]["type"] == "UNAUTHORIZED"


def test_who_may_not_generate_for_an_hour_may_still_look_on(load: Load, world: World) -> None:
    world.people.apply(update({"id": "user-1"}, set={"closedUntil": 2**42}))
    assert ask(load, "Subscription.onJob", {"owner": "user-1"}) == {"data": None}
    world.people.apply(update({"id": "user-1"}, set={"disabled": True}))
    assert ask(load, "Subscription.onJob", {"owner": "user-1"})["error"]["type"] == "USER_DISABLED"


def test_models_by_caller(load: Load, world: World) -> None:
    world.joined(ADMIN)

    def listed(*caller: Any) -> dict[str, str]:
        return {model["id"]: model["state"] for model in ask(load, "Query.models", {}, *caller)["data"]}

    # The stage has the Vertex worker alone.
    everybody = {model.id: "UNAVAILABLE" for model in CATALOGUE if not model.admin_only} | {
        "nanobanana-pro": "AVAILABLE",
        "nanobanana-lite": "AVAILABLE",
        "titan": "RETIRED",
    }
    assert listed(None) == listed() == everybody
    assert listed(ADMIN) == {**everybody, "nanobanana-2": "ADMIN_ONLY"}


def test_a_model_tells_what_it_can_and_how_long_it_takes(load: Load, world: World) -> None:
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    world.jobs.step(states.complete(job, picture_of(job), world.later(7)))
    answer = ask(load, "Query.models", {}, select=("typicalSeconds",))["data"]
    pro = next(each for each in answer if each["id"] == "nanobanana-pro")
    assert (pro["typicalSeconds"], pro["maxReferences"], pro["supportsSeed"]) == (7, 6, True)
    assert "LANDSCAPE_21_9" in pro["aspectRatios"]
    assert pro["editModes"] == list(EditMode)


def test_more_of_the_same_is_for_the_owner_alone(load: Load, world: World) -> None:
    job = world.generate(seed=7)[0]
    own, *others = ask(load, "Query.moreLike", {"jobId": job.id})["data"]
    assert (own["seed"], own["size"], own["aspectRatio"]) == (7, "ONE_K", "SQUARE")
    assert len(others) == 6
    for who in (OTHER, ADMIN):
        world.joined(who)
        assert ask(load, "Query.moreLike", {"jobId": job.id}, who)["error"]["type"] == "JOB_UNKNOWN"
    gone = load("resolvers.fields.jobs", RETIREMENTS='{"nanobanana-pro": "2026-11-20"}')
    assert gone.handler(appsync("Query.moreLike", {"jobId": job.id}), None) == {"data": [own]}
    lacking = load("resolvers.fields.jobs", WORKERS="{}")
    assert lacking.handler(appsync("Query.moreLike", {"jobId": job.id}), None) == {"data": [own]}


def test_more_of_the_same_names_no_picture_that_is_gone(load: Load, world: World) -> None:
    kept, gone = world.uploaded(), world.uploaded()
    claimed = [world.jobs.step(states.claim(job, "w", world.time, 9)) for job in world.generate(count=2)]
    earlier, deleted = (world.jobs.step(states.complete(job, picture_of(job), world.time)) for job in claimed)
    job = world.generate(clientRequestId="next", references=[gone, kept, deleted.id, earlier.id])[0]
    world.uploads.discard({"id": gone})
    world.deletions.mark(deleted, world.time)
    proposed = ask(load, "Query.moreLike", {"jobId": job.id})["data"]
    assert len(proposed) > 1
    assert [each["references"] for each in proposed] == [[kept, earlier.id]] * len(proposed)
    edited = world.edit(clientRequestId="edit", image=kept, mask=world.uploaded(purpose="MASK"))
    world.uploads.discard({"id": kept})
    own, *others = ask(load, "Query.moreLike", {"jobId": edited.id})["data"]
    assert (own["image"], own["mask"], own["seed"]) == (
        None,
        edited.image_spec.inputs["mask"].id,
        edited.image_spec.seed,
    )
    assert all({**each, "seed": own["seed"]} == own for each in others)


def test_a_day_of_the_stage_s_own_retires_a_model_there(load: Load) -> None:
    module = load("resolvers.fields.jobs", RETIREMENTS='{"nanobanana-pro": "2026-11-20"}')
    answer = module.handler(appsync("Mutation.generateImages", {"input": INPUT}), None)
    assert answer["error"]["type"] == "MODEL_RETIRED"


def test_a_model_whose_worker_the_stage_lacks_is_unavailable_and_costs_nothing(load: Load, world: World) -> None:
    world.joined()
    answer = ask(load, "Mutation.generateImages", {"input": {**INPUT, "model": "sdxl"}})
    assert answer["error"]["type"] == "MODEL_UNAVAILABLE"
    quoted = ask(load, "Query.quote", {"input": {"model": "sdxl", "kind": "GENERATE"}})
    assert quoted["error"]["type"] == "MODEL_UNAVAILABLE"
    assert world.person().points == 20
    answer = ask(load, "Mutation.generateImages", {"input": {**INPUT, "model": "titan"}})
    assert answer["error"]["type"] == "MODEL_RETIRED"


def test_free_images_left_are_the_callers(load: Load) -> None:
    both = {"WORKERS": '{"vertex": "a", "browser": "b"}'}

    def basic(caller: Any) -> Any:
        event = appsync("Query.models", {}, caller, ("freeLeft",))
        return load("resolvers.fields.jobs", **both).handler(event, None)["data"][0]

    asked = {"input": {**INPUT, "model": "nanobanana-basic"}}
    load("resolvers.fields.jobs", **both).handler(appsync("Mutation.generateImages", asked), None)
    assert (basic(USER)["id"], basic(USER)["freePerDay"], basic(USER)["freeLeft"]) == ("nanobanana-basic", 3, 2)
    assert basic(OTHER)["freeLeft"] == 3
    assert basic(None)["freeLeft"] is None


def test_every_kind_of_change_has_its_field(load: Load, world: World) -> None:
    image = {"image": world.uploaded(), "model": "nanobanana-pro"}

    def kind(field: str, **given: Any) -> str:
        answer = ask(load, f"Mutation.{field}", {"input": {"clientRequestId": field, **image, **given}})
        return answer["data"]["kind"]

    mask = world.uploaded(purpose="MASK")
    assert kind("editImage", mode="INPAINT_REMOVE", mask=mask) == "EDIT"
    assert kind("syncCamera", yaw=-30.5, pitch=10) == "CAMERA_SYNC"
    assert kind("transferTexture", texture=world.uploaded(purpose="TEXTURE")) == "TEXTURE_TRANSFER"
    assert kind("upscaleImage") == "UPSCALE"
    assert kind("varyImage", prompt="in winter") == "VARIATION"
    refused = ask(load, "Mutation.removeBackground", {"input": {"clientRequestId": "cut", **image}})
    assert refused["error"]["type"] == "KIND_NOT_SUPPORTED"
    answer = ask(load, "Mutation.editImage", {"input": {"clientRequestId": "x", **image, "mode": "INPAINT_REMOVE"}})
    assert answer["error"]["type"] == "MASK_MISSING"


def test_a_quote_is_what_it_will_cost(load: Load) -> None:
    answer = ask(load, "Query.quote", {"input": {"model": "nanobanana-pro", "kind": "GENERATE", "count": 8}})
    assert answer["data"] == {"points": 8, "freeImages": 0, "affordable": True, "balanceAfter": 12}


def test_waiting_answers_as_soon_as_the_image_is_there(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load("resolvers.fields.jobs")

    def work(_: float) -> None:
        for row in world.jobs.of_owner("user-1", 1, None).rows:
            job = world.jobs.find_many([row["id"]])[0]
            step = states.cancel(job, world.time)
            world.jobs.step(step)

    monkeypatch.setattr(module.time, "sleep", work)
    answer = module.handler(appsync("Mutation.generateImages", {"input": {**INPUT, "waitSeconds": 25}}), None)
    assert answer["data"][0]["status"] == "CANCELED"


@pytest.mark.parametrize("seconds", [-1, 26])
def test_a_wait_has_bounds(load: Load, world: World, seconds: int) -> None:
    answer = ask(load, "Mutation.generateImages", {"input": {**INPUT, "waitSeconds": seconds}})
    assert answer["error"]["type"] == "WAIT_OUT_OF_RANGE"
    assert world.requests.get({"owner": "user-1", "request": "r"}) is None


def test_a_missing_setting_stops_the_function_with_its_name(load: Load) -> None:
    with pytest.raises(RuntimeError, match="JOB_TTL_DAYS"):
        load("resolvers.fields.jobs", JOB_TTL_DAYS="many")


def retry(load: Load, id_: str, name: str, caller: Caller = USER) -> dict[str, Any]:
    return ask(load, "Mutation.retryJob", {"id": id_, "clientRequestId": name}, caller)


def deleted_after_a_retry(load: Load, world: World) -> tuple[str, str]:
    """Retry a canceled job, delete it, and return its id and that of what the retry made."""
    job = world.generate()[0]
    assert world.job_actions.cancel(USER, job.id, world.time)
    made = retry(load, job.id, "again")["data"]["id"]
    assert world.job_actions.delete(USER, job.id, world.time)
    return job.id, made


def test_a_retry_answers_the_same_when_the_job_that_it_names_is_gone(load: Load, world: World) -> None:
    gone, made = deleted_after_a_retry(load, world)
    points = world.person().points
    assert retry(load, gone, "again")["data"]["id"] == made
    assert world.person().points == points
    assert retry(load, gone, "new") == {"data": None}
    assert retry(load, gone, "again", OTHER) == {"data": None}


def test_a_retry_of_another_job_with_the_same_id_is_refused_all_the_same(load: Load, world: World) -> None:
    gone, made = deleted_after_a_retry(load, world)
    for id_ in (made, "7b0f8a3e-6d0b-4a53-9d57-0d6b2f4f6a11"):
        assert retry(load, id_, "again")["error"]["type"] == "REQUEST_ID_REUSED"
    assert ask(load, "Mutation.generateImages", {"input": {**INPUT, "clientRequestId": "again"}})["error"]["type"] == (
        "REQUEST_ID_REUSED"
    )
    assert world.job_actions.cancel(USER, made, world.time)
    assert world.job_actions.delete(USER, made, world.time)
    assert retry(load, gone, "again")["error"]["type"] == "REQUEST_DELETED"


def test_who_is_shut_out_hears_nothing_of_an_old_retry(load: Load, world: World) -> None:
    gone, _ = deleted_after_a_retry(load, world)
    world.people.apply(update({"id": USER.sub}, set={"disabled": True}))
    assert retry(load, gone, "again")["error"]["type"] == "USER_DISABLED"


def test_an_edit_answers_the_same_when_the_job_whose_image_it_took_is_gone(load: Load, world: World) -> None:
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 9))
    world.jobs.step(states.complete(job, picture_of(job), world.time))
    given = {"clientRequestId": "edit", "model": "nanobanana-pro", "image": job.id, "yaw": 1.0, "pitch": 1.0}
    made = ask(load, "Mutation.syncCamera", {"input": given})["data"]["id"]
    assert world.job_actions.delete(USER, job.id, world.time)
    assert ask(load, "Mutation.syncCamera", {"input": given})["data"]["id"] == made
    other = ask(load, "Mutation.syncCamera", {"input": {**given, "yaw": 2.0}})
    assert other["error"]["type"] == "REQUEST_ID_REUSED"


def test_an_owner_marks_a_job_and_finds_it_by_that(load: Load) -> None:
    id_, other = (ask(load, "Mutation.generateImages", {"input": INPUT | {"clientRequestId": each}}) for each in "ab")
    id_, other = id_["data"][0]["id"], other["data"][0]["id"]
    marked = ask(load, "Mutation.updateJob", {"id": id_, "favorite": True, "tags": ["cover"]})["data"]
    assert (marked["favorite"], marked["tags"]) == (True, ["cover"])
    for wanted in ({"favorite": True}, {"tag": "cover"}, {"favorite": True, "ids": [id_, other]}):
        found = ask(load, "Query.jobs", {"filter": wanted})["data"]
        assert [item["id"] for item in found["items"]] == [id_]
    assert ask(load, "Mutation.updateJob", {"id": id_, "favorite": True}, OTHER) == {"data": None}
    assert ask(load, "Mutation.updateJob", {"id": id_, "tags": [" "]})["error"]["type"] == "TAG_MALFORMED"


def test_a_list_says_what_its_filter_gets_wrong(load: Load) -> None:
    for wanted, type_ in (({"ids": ["x"] * 101}, "TOO_MANY_IDS"), ({"updatedSince": "soon"}, "TIME_MALFORMED")):
        assert ask(load, "Query.jobs", {"filter": wanted})["error"]["type"] == type_


@pytest.mark.parametrize(
    ("stage", "asked", "labelled"),
    [("false", None, False), ("true", None, True), ("true", False, False), ("false", True, True)],
)
def test_a_download_is_labelled_as_it_was_asked_for_and_else_as_the_stage_does(
    load: Load, world: World, stage: str, asked: bool | None, labelled: bool
) -> None:
    job = completed(world, png())
    assert job.image
    key = signed_key(job.image.key, labelled=labelled)
    world.store(StoredImage(key, "image/png", 1, 1, 1), b"x")
    handler = load("resolvers.fields.jobs", LABEL_DOWNLOADS=stage).handler
    answer = handler(appsync("Query.download", {"jobId": job.id, "label": asked}, None), None)
    assert key in answer["data"]["url"]
    assert "attachment" not in answer["data"]["url"]


def test_a_download_can_be_saved_and_be_of_another_format(load: Load, world: World) -> None:
    job = completed(world, png())
    assert job.image
    key = signed_key(job.image.key, labelled=False, content_type="image/jpeg")
    world.store(StoredImage(key, "image/jpeg", 1, 1, 1), b"x")
    given = {"jobId": job.id, "format": "JPEG", "attachment": True}
    url = ask(load, "Query.download", given, None)["data"]["url"]
    assert key in url
    assert "attachment=namo-20261120T120000.jpg" in url
    assert job.id not in url


def test_an_owner_cancels_a_request_and_deletes_its_jobs(load: Load) -> None:
    made = [job["id"] for job in ask(load, "Mutation.generateImages", {"input": INPUT | {"count": 2}})["data"]]
    assert ask(load, "Mutation.deleteJobs", {"ids": made})["data"] == []
    assert ask(load, "Mutation.cancelRequest", {"requestId": "r"}, OTHER)["data"] == []
    canceled = ask(load, "Mutation.cancelRequest", {"requestId": "r"})["data"]
    assert [(job["id"], job["status"], job["requestId"]) for job in canceled] == [
        (id_, "CANCELED", "r") for id_ in made
    ]
    assert ask(load, "Mutation.deleteJobs", {"ids": made}, OTHER)["data"] == []
    assert ask(load, "Mutation.deleteJobs", {"ids": made * 13})["error"]["type"] == "TOO_MANY_IDS"
    assert ask(load, "Mutation.deleteJobs", {"ids": ["x"]})["error"]["type"] == "ID_MALFORMED"
    assert ask(load, "Mutation.deleteJobs", {"ids": made})["data"] == made
    assert ask(load, "Mutation.cancelRequest", {"requestId": "r"})["data"] == []


def test_a_refusal_holds_the_facts_of_its_sentence(load: Load, world: World) -> None:
    world.people.apply(update({"id": USER.sub}, set={"points": 3}))
    short = ask(load, "Mutation.generateImages", {"input": {**INPUT, "count": 4}})["error"]
    assert (short["type"], short["info"]) == ("POINTS_NOT_ENOUGH", {"needed": 4, "have": 3})
    large = ask(load, "Mutation.generateImages", {"input": {**INPUT, "model": "nanobanana-lite", "size": "FOUR_K"}})[
        "error"
    ]
    assert (large["type"], large["info"]) == ("SIZE_NOT_SUPPORTED", {"allowed": ["ONE_K"]})
    unknown = ask(load, "Mutation.cancelJob", {"id": "x"})["error"]
    assert (unknown["type"], "info" in unknown) == ("ID_MALFORMED", False)
