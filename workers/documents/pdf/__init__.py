"""A PDF written as it comes, object by object, so that no more than one picture is ever held."""
