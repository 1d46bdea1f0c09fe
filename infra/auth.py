"""Who people are: the Cognito user pool, its groups, the web client, guests, and what happens at sign-up."""

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra import environment
from infra.audit import explain
from infra.data import Data
from infra.factory import FunctionFactory
from infra.functions import SIGN_UP
from infra.interfaces import as_interface
from infra.permissions import Right, to_read_secret
from infra.stack import StageStack, removal
from infra.stages import Stage

_PASSWORD = cognito.PasswordPolicy(
    min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
)


def to_know_addresses(scope: Construct, stage: Stage) -> Right:
    """Return the right to read the keys that addresses are remembered under."""
    return to_read_secret(scope, environment.addresses_secret(stage))


class Auth(StageStack):
    """The stage's user pool; its triggers run functions of ours."""

    def __init__(self, scope: Construct, stage: Stage, data: Data) -> None:
        super().__init__(scope, stage, "auth")
        self.pool = self._pool()
        self.client = self._client()
        cognito.CfnUserPoolGroup(
            self, "Admins", user_pool_id=self.pool.user_pool_id, group_name="admin", description="Run the studio"
        )
        self.guests = self._guests()
        self._sign_up(data)
        CfnOutput(self, "UserPoolId", value=self.pool.user_pool_id)
        CfnOutput(self, "UserPoolClientId", value=self.client.user_pool_client_id)
        CfnOutput(self, "IdentityPoolId", value=self.guests.ref)

    def _pool(self) -> cognito.UserPool:
        guard = self.stage.hardening
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
            deletion_protection=guard.keep_data,
            removal_policy=removal(self.stage),
        )
        explain(
            pool,
            "AwsSolutions-COG2",
            "People choose a second factor themselves; administrators are refused without, where the stage says so.",
        )
        explain(pool, "AwsSolutions-COG8", "The Plus plan is billed by the user, and adds threat protection alone.")
        return pool

    def _client(self) -> cognito.UserPoolClient:
        return self.pool.add_client(
            "Web",
            user_pool_client_name="web",
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=self.stage.hardening.password_sign_in),
            disable_o_auth=True,
            generate_secret=False,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
            auth_session_validity=Duration.minutes(3),
        )

    def _guests(self) -> cognito.CfnIdentityPool:
        """Make the pool that lets guests sign what they ask; what they may ask is the API's to say."""
        people = cognito.CfnIdentityPool.CognitoIdentityProviderProperty(
            client_id=self.client.user_pool_client_id,
            provider_name=self.pool.user_pool_provider_name,
            server_side_token_check=True,
        )
        pool = cognito.CfnIdentityPool(
            self,
            "Guests",
            identity_pool_name=f"namo-{self.stage.name}",
            allow_unauthenticated_identities=True,
            allow_classic_flow=False,
            cognito_identity_providers=[people],
        )
        explain(pool, "AwsSolutions-COG7", "Guests are meant: their role may ask the public fields and nothing else.")
        return pool

    def _sign_up(self, data: Data) -> None:
        """Give a new person their row and first points, and everyone's row the address that they sign in with.

        The pool is in the event; naming it here would be a cycle.
        """
        variables = environment.sign_up(self.stage, data)
        trigger = FunctionFactory(self, self.stage, data).make(SIGN_UP, variables, to_know_addresses(self, self.stage))
        for moment in (cognito.UserPoolOperation.POST_CONFIRMATION, cognito.UserPoolOperation.POST_AUTHENTICATION):
            self.pool.add_trigger(moment, as_interface(trigger.function))
