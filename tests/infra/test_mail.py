"""Mail: whom it comes from, who may send it, and what becomes of what comes back."""

from infra.functions import ALL
from tests.infra.templates import Json, Templates, listed, logical
from tests.stages import stage_named

SES = "arn:<AWS::Partition>:ses:ap-southeast-1:<AWS::AccountId>"
OF_MAIL = {"payments-stream", "mail", "mail-feedback", "unsubscribe"}


def domain(templates: Templates) -> str:
    return "mail.namo.test" if templates.stage == "local" else "mail.example.com"


def test_the_domain_is_signed_and_its_records_are_told(templates: Templates, aws: Templates) -> None:
    assert templates.one("AWS::SES::EmailIdentity").properties["EmailIdentity"] == domain(templates)
    outputs = [name for name in aws.by_stack["data"]["Outputs"] if name.startswith("MailDkim")]
    assert len(outputs) == 3


def test_only_one_function_sends_and_as_the_stages_sender_alone(templates: Templates) -> None:
    for spec in ALL:
        statements = [s for s in templates.statements(templates.role_of(spec.name)) if "ses:" in str(s["Action"])]
        assert len(statements) == (spec.name == "mail"), spec.name
        for each in statements:
            assert each["Condition"] == {"StringEquals": {"ses:FromAddress": f"studio@{domain(templates)}"}}
            assert listed(each["Action"]) == ["ses:SendEmail"]
            resources = {templates.text(resource) for resource in listed(each["Resource"])}
            set_ = f"{SES}:configuration-set/namo-{templates.stage}"
            assert resources == {f"{SES}:identity/{domain(templates)}", set_}


def test_it_sends_as_whom_it_may_and_with_the_set_that_there_is(templates: Templates) -> None:
    variables = templates.functions["mail"]["Environment"]["Variables"]
    assert variables["MAIL_FROM"] == f"NamO Studio <studio@{domain(templates)}>"
    set_ = templates.one("AWS::SES::ConfigurationSet").properties
    assert variables["MAIL_SET"] == set_["Name"] == f"namo-{templates.stage}"
    assert set_["SuppressionOptions"] == {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}
    assert templates.text(variables["UNSUBSCRIBE_URL"]).endswith("/unsubscribe")


def test_what_comes_back_is_told_to_the_function_that_marks_it(templates: Templates) -> None:
    destination = templates.one("AWS::SES::ConfigurationSetEventDestination").properties["EventDestination"]
    assert sorted(destination["MatchingEventTypes"]) == ["bounce", "complaint"]
    assert destination["Enabled"] is True
    assert templates.text(destination["SnsDestination"]["TopicARN"]) == "<MailEvents>"
    subscriptions = [
        each.properties
        for each in templates.of("AWS::SNS::Subscription")
        if templates.text(each.properties["TopicArn"]) == "<MailEvents>"
    ]
    assert [(each["Protocol"], templates.text(each["Endpoint"])) for each in subscriptions] == [
        ("lambda", "<MailFeedbackFunction.Arn>")
    ]


def test_only_ses_and_only_of_our_set_may_tell_the_topic(templates: Templates) -> None:
    (policy,) = (
        found.properties["PolicyDocument"]
        for found in templates.of("AWS::SNS::TopicPolicy")
        if logical(found.id) == "MailEventsPolicy"
    )
    (allowed,) = (statement for statement in policy["Statement"] if statement["Effect"] == "Allow")
    assert (allowed["Action"], allowed["Principal"]) == ("sns:Publish", {"Service": "ses.amazonaws.com"})
    assert len(policy["Statement"]) == (1 if templates.stage == "local" else 2)
    conditions = {name: templates.text(value) for name, value in allowed["Condition"]["StringEquals"].items()}
    set_ = f"{SES}:configuration-set/<MailSet>"
    assert conditions == {"AWS:SourceAccount": "<AWS::AccountId>", "AWS:SourceArn": set_}


def queue(templates: Templates) -> Json:
    (found,) = (each for each in templates.of("AWS::SQS::Queue") if logical(each.id) == "MailQueue")
    return found.properties


def test_a_mail_that_fails_comes_again_after_a_pause_and_is_kept_in_the_end(templates: Templates) -> None:
    redrive = queue(templates)["RedrivePolicy"]
    assert templates.text(redrive["deadLetterTargetArn"]) == "<MailLost.Arn>"
    pause, limits = queue(templates)["VisibilityTimeout"], stage_named(templates.stage).limits
    assert (pause, redrive["maxReceiveCount"]) == (limits.mail_pause_seconds, limits.mail_tries)
    assert templates.functions["mail"]["Timeout"] <= pause
    assert pause * redrive["maxReceiveCount"] < 4 * 86_400, "a message is gone after four days"
    (reader,) = (
        each.properties
        for each in templates.of("AWS::Lambda::EventSourceMapping")
        if templates.text(each.properties["EventSourceArn"]) == "<MailQueue.Arn>"
    )
    assert reader["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_cognito_writes_from_the_same_domain_in_both_languages(templates: Templates) -> None:
    pool = templates.one("AWS::Cognito::UserPool").properties
    sender = pool["EmailConfiguration"]
    assert sender["EmailSendingAccount"] == "DEVELOPER"
    assert sender["From"] == f"NamO Studio <studio@{domain(templates)}>"
    assert sender["ConfigurationSet"] == f"namo-{templates.stage}"
    assert templates.text(sender["SourceArn"]) == f"{SES}:identity/{domain(templates)}"
    message = pool["VerificationMessageTemplate"]["EmailMessage"]
    assert message.count("{####}") == 1
    assert "Mã NamO Studio" in message


def test_a_stage_without_a_domain_sends_nothing_and_leaves_cognito_its_own_sender(other: Templates) -> None:
    without_models = {"browser", "sagemaker", "sagemaker-done"}
    assert {spec.name for spec in ALL} - other.functions.keys() == OF_MAIL | without_models
    assert not other.of("AWS::SES::EmailIdentity", "AWS::SES::ConfigurationSet")
    pool = other.one("AWS::Cognito::UserPool").properties
    assert pool.get("EmailConfiguration", {}).get("EmailSendingAccount", "COGNITO_DEFAULT") == "COGNITO_DEFAULT"
    assert "GET /unsubscribe" not in {each.properties["RouteKey"] for each in other.of("AWS::ApiGatewayV2::Route")}
