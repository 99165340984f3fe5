package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Block;
import io.posthaste.liquid.template.Context;
import io.posthaste.liquid.template.Effects;
import io.posthaste.liquid.template.Expression;
import io.posthaste.liquid.template.For;
import io.posthaste.liquid.template.Node;
import io.posthaste.liquid.template.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code for}, {@code break}, {@code continue} and {@code cycle}. */
final class LoopTags {
    private static final String SYNTAX = "Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]";
    private static final Expression NOTHING = new Expression.Constant(List.of());

    private LoopTags() {}

    static void register(Map<String, Tags.TagParser> to) {
        to.put("for", LoopTags::loop);
        to.put("break", (parser, head, at) -> leave(head, Context.Jump.BREAK));
        to.put("continue", (parser, head, at) -> leave(head, Context.Jump.CONTINUE));
        to.put("cycle", LoopTags::cycle);
    }

    private static Node leave(ExpressionParser head, Context.Jump jump) {
        head.end(jump == Context.Jump.BREAK ? "break" : "continue");
        return new Effects.Leave(jump);
    }

    private static Node loop(Parser parser, ExpressionParser head, int at) {
        String variable = head.lexer().value();
        For.Head read = parser.head(new For.Head("", NOTHING, null, false, null, false), () -> head(head));
        Integer parent = parser.names.loopVariable(Names.FORLOOP);
        int item = parser.names.open(variable);
        int loop = parser.names.add(Names.FORLOOP);
        Parser.Section section;
        try {
            section = parser.section("for", at, Set.of("else"));
        } finally {
            parser.names.close();
        }
        Block body = section.body();
        Block otherwise = new Block(List.of());
        while (section.end().equals("else")) {
            section = parser.section("for", at, Set.of("else"));
            otherwise = section.body();
        }
        int progress = parser.names.slot("for " + read.name());
        For.Slots slots = new For.Slots(item, loop, parent == null ? -1 : parent, progress);
        return new For(read, slots, body, otherwise, at);
    }

    private static For.Head head(ExpressionParser head) {
        Lexer lexer = head.lexer();
        String variable = lexer.value();
        if (lexer.kind() != Lexer.Kind.NAME) {
            throw new SyntaxException(lexer.start(), SYNTAX, "name the item");
        }
        lexer.advance();
        if (!lexer.isName("in")) {
            throw new SyntaxException(lexer.start(), SYNTAX, "write in before the collection");
        }
        lexer.advance();
        int start = lexer.start();
        if (lexer.isEnd()) {
            throw new SyntaxException(start, SYNTAX, "name the collection");
        }
        Expression collection = head.value();
        String name =
                variable + "-" + lexer.source.text(start, lexer.previousEnd()).strip();
        return options(head, name, collection);
    }

    private static For.Head options(ExpressionParser head, String name, Expression collection) {
        Lexer lexer = head.lexer();
        @Nullable Expression offset = null;
        @Nullable Expression limit = null;
        boolean fromLast = false;
        boolean reversed = false;
        lexer.take(",");
        while (!lexer.isEnd()) {
            String option = lexer.value();
            if (lexer.isName("reversed")) {
                lexer.advance();
                reversed = true;
            } else if (lexer.isName("limit") || lexer.isName("offset")) {
                lexer.advance();
                head.expect(":");
                fromLast |= option.equals("offset") && lexer.isName("continue");
                Expression value = head.value();
                offset = option.equals("offset") ? value : offset;
                limit = option.equals("limit") ? value : limit;
            } else {
                throw new SyntaxException(
                        lexer.start(),
                        "unexpected " + lexer.describe() + " in a for loop",
                        "a loop takes reversed, limit: and offset:");
            }
            lexer.take(",");
        }
        return new For.Head(name, collection, fromLast ? null : offset, fromLast, limit, reversed);
    }

    private static Node cycle(Parser parser, ExpressionParser head, int at) {
        Lexer lexer = head.lexer();
        Expression first = head.value();
        @Nullable Expression group = null;
        List<Expression> values = new ArrayList<>();
        if (lexer.take(":")) {
            group = first;
        } else {
            values.add(first);
        }
        while (values.isEmpty() || lexer.take(",")) {
            values.add(head.value());
        }
        head.end("cycle");
        List<Node> outputs =
                values.stream().map(value -> parser.print(value, at)).toList();
        return new Variables.Cycle(parser.names.slot("cycle"), group, key(values, at), outputs, at);
    }

    /** Cycles of the same literals go on from each other; one with a variable stands alone, as Shopify has it. */
    private static String key(List<Expression> values, int at) {
        StringBuilder key = new StringBuilder();
        for (Expression value : values) {
            if (!(value instanceof Expression.Constant constant)) {
                return "at " + at;
            }
            key.append(',').append(Variables.Cycle.key(constant.value()));
        }
        return key.toString();
    }
}
