from tests.infra.templates import Json, Templates, logical


def boards_queue(templates: Templates) -> Json:
    (queue,) = (found for found in templates.of("AWS::SQS::Queue") if logical(found.id) == "BoardsQueue")
    return queue.properties


def test_what_firestore_could_not_take_comes_again_and_is_then_kept(templates: Templates) -> None:
    redrive = boards_queue(templates)["RedrivePolicy"]
    assert templates.text(redrive["deadLetterTargetArn"]) == "<BoardsLost.Arn>"
    assert redrive["maxReceiveCount"] >= 100


def test_on_aws_firestore_may_be_away_for_a_day(aws: Templates) -> None:
    queue = boards_queue(aws)
    assert queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"] >= 86_400
    # As AWS advises: six times as long as the function may run.
    assert queue["VisibilityTimeout"] >= 6 * aws.functions["boards"]["Timeout"]
    assert queue["MessageRetentionPeriod"] == 4 * 86_400


def test_one_that_fails_does_not_hold_up_its_batch(templates: Templates) -> None:
    (reader,) = (
        mapping.properties
        for mapping in templates.of("AWS::Lambda::EventSourceMapping")
        if templates.text(mapping.properties["EventSourceArn"]) == "<BoardsQueue.Arn>"
    )
    assert templates.text(reader["FunctionName"]) == "<BoardsFunction>"
    assert reader["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (reader["BatchSize"], reader["ScalingConfig"]) == (10, {"MaximumConcurrency": 5})
