package io.posthaste.liquid.parse;

import io.posthaste.liquid.filter.FilterShape;
import io.posthaste.liquid.filter.Filters;
import io.posthaste.liquid.template.Expression;
import io.posthaste.liquid.template.FilterCall;
import io.posthaste.liquid.template.Source;
import io.posthaste.liquid.value.Nil;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads one filter and its arguments, and holds them to what the filter takes. */
final class FilterParser {
    private final ExpressionParser expressions;
    private final Lexer lexer;
    private final Names names;
    private final Filters filters;
    private final Limits limits;

    FilterParser(ExpressionParser expressions, Lexer lexer, Names names, Filters filters, Limits limits) {
        this.expressions = expressions;
        this.lexer = lexer;
        this.names = names;
        this.filters = filters;
        this.limits = limits;
    }

    /** @param required whether variables among the arguments must have values (M42) */
    Expression filter(Expression input, boolean required) {
        int at = lexer.start();
        if (lexer.kind() != Lexer.Kind.NAME) {
            throw new SyntaxException(at, "a filter's name is needed after '|', not " + lexer.describe(), "name one");
        }
        String name = lexer.value();
        FilterShape shape = filters.find(name);
        if (shape == null) {
            throw new SyntaxException(at, "undefined filter: " + name, filters.suggestion(name));
        }
        lexer.advance();
        List<Expression> arguments = new ArrayList<>();
        List<@Nullable Expression> named = keywordSlots(shape);
        if (lexer.take(":")) {
            arguments(shape, name, required, arguments, named);
        } else if (lexer.kind() == Lexer.Kind.TEXT || lexer.kind() == Lexer.Kind.NUMBER) {
            throw new SyntaxException(
                    lexer.start(), name + " needs a colon before its arguments", "write " + name + ":");
        }
        checkCount(shape, name, arguments.size(), at);
        return new FilterCall(input, shape.filter(), all(shape, arguments, named));
    }

    private static List<@Nullable Expression> keywordSlots(FilterShape shape) {
        List<@Nullable Expression> slots = new ArrayList<>();
        shape.keywords().forEach(keyword -> slots.add(null));
        return slots;
    }

    private void arguments(
            FilterShape shape,
            String name,
            boolean required,
            List<Expression> arguments,
            List<@Nullable Expression> named) {
        if (shape.expression()) {
            arguments.addAll(lambda(name));
            return;
        }
        do {
            int start = lexer.start();
            if (lexer.kind() == Lexer.Kind.NAME && lexer.follows(":")) {
                int keyword = shape.keywords().indexOf(lexer.value());
                if (keyword < 0) {
                    throw new SyntaxException(start, name + " has no argument named " + lexer.value(), "remove it");
                }
                lexer.advance();
                lexer.advance();
                named.set(keyword, expressions.value());
            } else {
                arguments.add(expressions.required(expressions.value(), start, required, false));
            }
        } while (lexer.take(","));
    }

    private static void checkCount(FilterShape shape, String name, int count, int at) {
        if (count >= shape.least() && count <= shape.most()) {
            return;
        }
        String range = shape.least() == shape.most() ? "" + shape.least() : shape.least() + " to " + shape.most();
        String arguments = range.equals("1") ? " argument" : " arguments";
        throw new SyntaxException(at, name + " takes " + range + arguments + ", not " + count, "give it " + range);
    }

    private static List<Expression> all(
            FilterShape shape, List<Expression> arguments, List<@Nullable Expression> named) {
        if (named.stream().allMatch(Objects::isNull)) {
            return arguments;
        }
        List<Expression> all = new ArrayList<>(arguments);
        while (all.size() < shape.most()) {
            all.add(new Expression.Constant(Nil.MISSING));
        }
        named.forEach(value -> all.add(value == null ? new Expression.Constant(Nil.MISSING) : value));
        return all;
    }

    /** {@code "item", "item.price < 6"}: both must be literals, so that the expression is checked and compiled here. */
    private List<Expression> lambda(String filter) {
        String variable = literal(filter);
        if (!lexer.take(",")) {
            throw new SyntaxException(lexer.start(), filter + " takes 2 arguments, not 1", "add the expression");
        }
        int at = lexer.start() + 1;
        String expression = literal(filter);
        int slot = names.open(variable);
        try {
            Lexer inner = new Lexer(new Source(expression), 0, expression.length());
            ExpressionParser parser = new ExpressionParser(inner, names, filters, limits);
            Expression body = parser.condition();
            parser.end(filter);
            return List.of(new Expression.Constant(variable), new FilterCall.Lambda(slot, body));
        } catch (SyntaxException e) {
            throw new SyntaxException(at, "in the expression of " + filter + ": " + e.getMessage(), "correct it");
        } finally {
            names.close();
        }
    }

    private String literal(String filter) {
        if (lexer.kind() != Lexer.Kind.TEXT) {
            throw new SyntaxException(lexer.start(), filter + " needs two texts in quotes", "put it in quotes");
        }
        String text = lexer.value();
        lexer.advance();
        return text;
    }
}
