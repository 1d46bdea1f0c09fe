"""Conditions that moto takes apart once for each text, not three times for each call."""

from functools import cache
from typing import Any

from moto.dynamodb.comparisons import AttributeValue, ConditionExpressionParser


class Condition(ConditionExpressionParser):
    """What a condition's text and names make is known; its values are this call's."""

    def parse(self) -> Any:
        if not self.condition_expression:
            return super().parse()
        tree = _tree(self.condition_expression, frozenset((self.expression_attribute_names or {}).items()))
        self.expr_attr_names_found += tree.expr_attr_names_found
        self.expr_attr_values_found += tree.expr_attr_values_found
        return self._make_op_condition(tree.root)

    def _make_operand(self, node: Any) -> Any:
        if node.kind == self.Kind.EXPRESSION_ATTRIBUTE_VALUE:
            return AttributeValue((self.expression_attribute_values or {})[node.text])
        return super()._make_operand(node)


class _Tree(ConditionExpressionParser):
    root: Any

    def _make_op_condition(self, node: Any) -> Any:
        self.root = node


class _ByName(dict[str, Any]):
    """Any value, before there is one."""

    def __missing__(self, name: str) -> Any:
        return {"S": name}


@cache
def _tree(text: str, names: frozenset[tuple[str, str]]) -> _Tree:
    tree = _Tree(text, dict(names), _ByName())
    tree.parse()
    return tree
