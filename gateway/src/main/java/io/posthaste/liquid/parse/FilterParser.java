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
        FilterShape signature = filters.find(name);
        if (signature == null) {
            throw new SyntaxException(at, "undefined filter: " + name, filters.suggestion(name));
        }
        lexer.advance();
        List<Expression> arguments = new ArrayList<>();
        List<@Nullable Expression> named = keywordSlots(signature);
        if (lexer.take(":")) {
            arguments(signature, name, required, arguments, named);
        } else if (lexer.kind() == Lexer.Kind.TEXT || lexer.kind() == Lexer.Kind.NUMBER) {
            throw new SyntaxException(
                    lexer.start(), name + " needs a colon before its arguments", "write " + name + ":");
        }
        checkCount(signature, name, arguments.size(), at);
        return new FilterCall(input, signature.filter(), all(signature, arguments, named));
    }

    private static List<@Nullable Expression> keywordSlots(FilterShape signature) {
        List<@Nullable Expression> slots = new ArrayList<>();
        signature.keywords().forEach(keyword -> slots.add(null));
        return slots;
    }

    private void arguments(
            FilterShape signature,
            String name,
            boolean required,
            List<Expression> arguments,
            List<@Nullable Expression> named) {
        if (signature.expression()) {
            arguments.addAll(lambda(name));
            return;
        }
        do {
            int start = lexer.start();
            if (lexer.kind() == Lexer.Kind.NAME && lexer.follows(":")) {
                int keyword = signature.keywords().indexOf(lexer.value());
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

    private static void checkCount(FilterShape signature, String name, int count, int at) {
        if (count >= signature.least() && count <= signature.most()) {
            return;
        }
        String range = signature.least() == signature.most()
                ? "" + signature.least()
                : signature.least() + " to " + signature.most();
        String arguments = range.equals("1") ? " argument" : " arguments";
        throw new SyntaxException(at, name + " takes " + range + arguments + ", not " + count, "give it " + range);
    }

    private static List<Expression> all(
            FilterShape signature, List<Expression> arguments, List<@Nullable Expression> named) {
        if (named.stream().allMatch(Objects::isNull)) {
            return arguments;
        }
        List<Expression> all = new ArrayList<>(arguments);
        while (all.size() < signature.most()) {
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
