"""What a document may cost before it is executed: a short one can stand for billions of fields."""

from collections.abc import Mapping

from graphql import DocumentNode, FragmentDefinitionNode, FragmentSpreadNode, OperationDefinitionNode, SelectionSetNode

# graphql-java's, which AppSync is built on: ParserOptions.MAX_QUERY_TOKENS.
MOST_TOKENS = 15_000
# What AppSync stops at is as many resolvers; a field needs no resolver to cost time.
MOST_FIELDS = 10_000


def expanded_fields(document: DocumentNode) -> int:
    """Return how many fields the largest operation selects once its fragments are opened; each is counted once.

    The document is valid, so no fragment spreads itself.
    """
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    counted: dict[str, int] = {}
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    return max((_fields(each.selection_set, fragments, counted) for each in operations), default=0)


def _fields(
    selection: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode], counted: dict[str, int]
) -> int:
    total = 0
    for each in selection.selections if selection else ():
        if isinstance(each, FragmentSpreadNode):
            name = each.name.value
            if name not in counted:
                counted[name] = _fields(fragments[name].selection_set, fragments, counted)
            total += counted[name]
        else:
            total += (each.kind == "field") + _fields(getattr(each, "selection_set", None), fragments, counted)
    return total
