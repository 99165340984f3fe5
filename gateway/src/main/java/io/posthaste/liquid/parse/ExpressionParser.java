package io.posthaste.liquid.parse;

import io.posthaste.liquid.filter.Filters;
import io.posthaste.liquid.template.Conditions;
import io.posthaste.liquid.template.Expression;
import io.posthaste.liquid.template.Path;
import io.posthaste.liquid.template.RangeExpression;
import io.posthaste.liquid.value.Decimal;
import io.posthaste.liquid.value.Literal;
import io.posthaste.liquid.value.Nil;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads expressions: values, paths, ranges, filters, conditions. Recursive descent with a bound on the depth. */
final class ExpressionParser {
    private final Lexer lexer;
    private final Names names;
    private final FilterParser calls;
    private final Limits limits;
    private int depth;
    /** Where the value that was read last starts, to name it in a message. */
    private int valueStart;

    ExpressionParser(Lexer lexer, Names names, Filters filters, Limits limits) {
        this.lexer = lexer;
        this.names = names;
        this.calls = new FilterParser(this, lexer, names, filters, limits);
        this.limits = limits;
    }

    Lexer lexer() {
        return lexer;
    }

    /** Nothing may follow. */
    void end(String tag) {
        if (!lexer.isEnd()) {
            throw unexpected(tag);
        }
    }

    private SyntaxException unexpected(String tag) {
        String before = lexer.source.quote(valueStart, lexer.previousEnd());
        String what = lexer.value().isEmpty() ? lexer.describe() : "'" + first(lexer.describe()) + "'";
        String fix = tag.isEmpty() ? "write {{" + before + "}}" : "remove it";
        return new SyntaxException(lexer.start(), "unexpected " + what + " after " + before, fix);
    }

    /** Of a stray quote only the quote itself. */
    private static String first(String described) {
        String inside = described.substring(1, described.length() - 1);
        return inside.startsWith("\"") || inside.startsWith("'") ? inside.substring(0, 1) : inside;
    }

    /** A value and its filters. In an output, variables must have values unless {@code default} provides one (M42, M43). */
    Expression filtered(boolean output) {
        int start = lexer.start();
        boolean required = output && !lexer.filtersBy("default");
        Expression value = required(value(), start, required, nextPrintsJson());
        int count = 0;
        while (lexer.isSign("|")) {
            if (++count > limits.source().filters()) {
                throw new SyntaxException(
                        lexer.start(),
                        "more than " + limits.source().filters() + " filters in one expression",
                        "use fewer");
            }
            lexer.advance();
            value = calls.filter(value, required);
        }
        valueStart = start;
        return value;
    }

    private boolean nextPrintsJson() {
        return lexer.isSign("|") && (lexer.follows("to_json") || lexer.follows("json"));
    }

    Expression required(Expression value, int start, boolean required, boolean nullAllowed) {
        if (!required || value.isConstant() || value instanceof RangeExpression) {
            return value;
        }
        return new Path.Required(
                value, lexer.source.text(start, lexer.previousEnd()).strip(), nullAllowed);
    }

    /** A condition: comparisons joined by {@code and} and {@code or}. */
    Expression condition() {
        int start = lexer.start();
        List<Expression> operands = new ArrayList<>(List.of(comparison()));
        List<Boolean> ors = new ArrayList<>();
        while (lexer.isName("and") || lexer.isName("or")) {
            ors.add(lexer.isName("or"));
            lexer.advance();
            operands.add(comparison());
        }
        valueStart = start;
        return ors.isEmpty() ? operands.get(0) : Conditions.Chain.of(operands, ors);
    }

    private Expression comparison() {
        Expression left = value();
        Conditions.Operator operator = operator();
        if (operator == null) {
            return left;
        }
        lexer.advance();
        return new Conditions.Comparison(left, operator, value());
    }

    private Conditions.@Nullable Operator operator() {
        if (lexer.kind() != Lexer.Kind.SIGN && !lexer.isName("contains")) {
            return null;
        }
        return switch (lexer.value()) {
            case "==" -> Conditions.Operator.EQUAL;
            case "!=", "<>" -> Conditions.Operator.NOT_EQUAL;
            case "<" -> Conditions.Operator.LESS;
            case "<=" -> Conditions.Operator.LESS_OR_EQUAL;
            case ">" -> Conditions.Operator.GREATER;
            case ">=" -> Conditions.Operator.GREATER_OR_EQUAL;
            case "contains" -> Conditions.Operator.CONTAINS;
            default -> null;
        };
    }

    /** A literal, a range or a path. */
    Expression value() {
        valueStart = lexer.start();
        int start = valueStart;
        enter();
        Expression value = switch (lexer.kind()) {
            case TEXT -> literalValue(lexer.value());
            case NUMBER -> literalValue(number(lexer.value()));
            case NAME -> named();
            case SIGN -> bracketed();
            case END -> throw new SyntaxException(lexer.start(), "a value is missing", "write one, or remove the tag");
        };
        leave();
        valueStart = start;
        return value;
    }

    private Expression literalValue(Object value) {
        lexer.advance();
        return new Expression.Constant(value);
    }

    private static Object number(String text) {
        if (text.indexOf('.') < 0 && text.length() <= 18) {
            return Long.parseLong(text);
        }
        return text.length() > 100 ? Decimal.written(text) : Decimal.computed(new BigDecimal(text));
    }

    private Expression named() {
        String name = lexer.value();
        Object literal = switch (name) {
            case "true" -> true;
            case "false" -> false;
            case "nil", "null" -> Nil.NULL;
            case "empty" -> Literal.EMPTY;
            case "blank" -> Literal.BLANK;
            default -> null;
        };
        lexer.advance();
        List<Path.Step> steps = steps();
        return literal != null && steps.isEmpty() ? new Expression.Constant(literal) : names.resolve(name, steps);
    }

    private Expression bracketed() {
        if (lexer.take("(")) {
            return range();
        }
        if (!lexer.take("[")) {
            String fix =
                    "'\"".contains(lexer.value()) ? "close the quote" : "write a name, a number or a text in quotes";
            throw new SyntaxException(lexer.start(), "unexpected " + lexer.describe(), fix);
        }
        Expression name = value();
        expect("]");
        List<Path.Step> steps = steps();
        Path.Step first = Path.step(name);
        return first.name() != null ? names.resolve(first.name(), steps) : names.resolve(name, steps);
    }

    private Expression range() {
        Expression from = value();
        expect("..");
        Expression to = value();
        expect(")");
        return new RangeExpression(from, to);
    }

    private List<Path.Step> steps() {
        List<Path.Step> steps = new ArrayList<>();
        while (true) {
            if (lexer.take(".")) {
                if (lexer.kind() != Lexer.Kind.NAME) {
                    throw new SyntaxException(lexer.start(), "a name is needed after '.'", "write one");
                }
                steps.add(new Path.Step(lexer.value(), null));
                lexer.advance();
            } else if (lexer.take("[")) {
                steps.add(Path.step(value()));
                expect("]");
            } else {
                return steps;
            }
        }
    }

    void expect(String sign) {
        if (!lexer.take(sign)) {
            throw new SyntaxException(lexer.start(), "'" + sign + "' is needed, not " + lexer.describe(), "add it");
        }
    }

    private void enter() {
        if (++depth > limits.source().nesting()) {
            throw new SyntaxException(
                    lexer.start(),
                    "an expression nested more than " + limits.source().nesting() + " levels deep",
                    "split it");
        }
    }

    private void leave() {
        depth--;
    }
}
