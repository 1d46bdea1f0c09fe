"""What functions may do with the user pool's users, as `cognito-idp` names it."""

# Whoever comes first is looked up.
LOOK_UP = ("AdminGetUser",)
# What makes a user follow their row: group, sign-in, sessions, name.
SYNC_USER = (
    "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup",
    "AdminEnableUser",
    "AdminDisableUser",
    "AdminUserGlobalSignOut",
    "AdminUpdateUserAttributes",
)
