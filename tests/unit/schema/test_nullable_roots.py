"""Which root fields can be null: of the others a failure erases their neighbours' answers; see decision 0054."""

from graphql import GraphQLNonNull, GraphQLObjectType

from tests.sdl import committed

# They were so before it was decided, and clients' code is generated from it: no field is added to these or leaves them.
NON_NULL = {
    "Query": {
        *("models", "quote", "jobs", "moreLike", "download", "jobsByStatus", "verifyImage", "uploads", "albums"),
        *("collages", "collageTemplates", "me", "usage", "pointsHistory", "pointsHistoryOf", "users", "auditTrail"),
        *("pointPackages", "exchangeRate", "payments", "paymentsByStatus", "paymentEvents", "priceList", "quoteOrder"),
        *("orders", "ordersByStatus"),
    },
    "Mutation": {
        *("generateImages", "editImage", "syncCamera", "transferTexture", "upscaleImage", "removeBackground"),
        *("varyImage", "cancelRequest", "deleteJobs", "createUpload", "createAlbum", "createCollage", "grantPoints"),
        *("updateMe", "deleteMe", "setRole", "setDisabled", "createPayment", "setExchangeRate", "createOrder"),
    },
    "Subscription": set[str](),
}


def root(name: str) -> GraphQLObjectType:
    type_ = committed().get_type(name)
    assert isinstance(type_, GraphQLObjectType)
    return type_


def test_root_fields_keep_their_nullability_and_new_ones_may_be_null() -> None:
    found = {
        name: {field for field, each in root(name).fields.items() if isinstance(each.type, GraphQLNonNull)}
        for name in NON_NULL
    }
    assert found == NON_NULL
