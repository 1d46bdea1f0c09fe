"""Who people are: the Cognito user pool, its groups, the web client, guests, and what happens at sign-up."""

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_cognito_identitypool as identitypool
from constructs import Construct

from infra.constructs.audit import explain
from infra.constructs.factory import FunctionFactory
from infra.constructs.interfaces import as_interface
from infra.constructs.resources import Resources
from infra.constructs.retention import removal
from infra.declaration import UserPoolTriggers
from infra.stacks.base import StageStack
from infra.stages import REGION, SENDER

_PASSWORD = cognito.PasswordPolicy(
    min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
)

# Cognito knows no language of whom it writes to.
_VERIFICATION = cognito.UserVerificationConfig(
    email_style=cognito.VerificationEmailStyle.CODE,
    email_subject="NamO Studio: your code / mã của bạn",
    email_body="Your NamO Studio code / Mã NamO Studio của bạn: {####}<br><br>"
    "Nobody from the studio will ask you for it. / Nhân viên của studio không bao giờ hỏi bạn mã này.",
)


class Auth(StageStack):
    """The stage's user pool; its triggers run functions of ours."""

    def __init__(self, scope: Construct, resources: Resources) -> None:
        super().__init__(scope, resources.stage, "auth")
        self.pool = self._pool()
        self.client = self._client()
        cognito.CfnUserPoolGroup(
            self, "Admins", user_pool_id=self.pool.user_pool_id, group_name="admin", description="Run the studio"
        )
        self.guests = self._guests()
        self._add_triggers(resources)
        resources.add_pool(self.pool)
        CfnOutput(self, "UserPoolId", value=self.pool.user_pool_id)
        CfnOutput(self, "UserPoolClientId", value=self.client.user_pool_client_id)
        CfnOutput(self, "IdentityPoolId", value=self.guests.identity_pool_id)

    def _pool(self) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "People",
            user_pool_name=f"namo-{self.stage.name}",
            self_sign_up_enabled=True,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True),
                fullname=cognito.StandardAttribute(mutable=True),
            ),
            password_policy=_PASSWORD,
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            user_verification=_VERIFICATION,
            email=self._sender(),
            deletion_protection=self.stage.deletion_protection,
            removal_policy=removal(self.stage),
        )
        explain(
            pool,
            "AwsSolutions-COG2",
            "People choose a second factor themselves; administrators are refused without, where the stage says so.",
        )
        explain(pool, "AwsSolutions-COG8", "The Plus plan is billed by the user, and adds threat protection alone.")
        return pool

    def _sender(self) -> cognito.UserPoolEmail | None:
        """Let Cognito write from the stage's own domain, which SES must know by then; else its own sender does."""
        mail = self.stage.mail
        return mail and cognito.UserPoolEmail.with_ses(
            from_email=mail.address,
            from_name=SENDER,
            ses_region=REGION,
            ses_verified_domain=mail.domain,
            configuration_set_name=f"namo-{self.stage.name}",
        )

    def _client(self) -> cognito.UserPoolClient:
        return self.pool.add_client(
            "Web",
            user_pool_client_name="web",
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=self.stage.hardening.password_sign_in),
            disable_o_auth=True,
            generate_secret=False,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            write_attributes=cognito.ClientAttributes().with_standard_attributes(email=True, fullname=True),
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
            auth_session_validity=Duration.minutes(3),
        )

    def _guests(self) -> identitypool.IdentityPool:
        """Make the pool that lets guests sign what they ask; what they may ask is the API's to say."""
        people = identitypool.UserPoolAuthenticationProvider(
            user_pool=as_interface(self.pool), user_pool_client=as_interface(self.client)
        )
        pool = identitypool.IdentityPool(
            self,
            "Guests",
            identity_pool_name=f"namo-{self.stage.name}",
            allow_unauthenticated_identities=True,
            allow_classic_flow=False,
            authentication_providers=identitypool.IdentityPoolAuthenticationProviders(user_pools=[people]),
        )
        explain(pool, "AwsSolutions-COG7", "Guests are meant: their role may ask the public fields and nothing else.")
        return pool

    def _add_triggers(self, resources: Resources) -> None:
        """Let the pool call its functions. The pool is in the event; a variable that names it would be a cycle."""
        for function in FunctionFactory(self, resources).make_all("auth"):
            if isinstance(function.spec.trigger, UserPoolTriggers):
                for moment in function.spec.trigger.moments:
                    operation = cognito.UserPoolOperation.of(moment)
                    self.pool.add_trigger(operation, as_interface(function.function))
