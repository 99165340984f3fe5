package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Block;
import io.posthaste.liquid.template.Expression;
import io.posthaste.liquid.template.Node;
import io.posthaste.liquid.template.Variables;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code assign}, {@code capture}, {@code increment}, {@code decrement} and {@code ifchanged}. */
final class VariableTags {
    private static final String ASSIGN = "Syntax Error in 'assign' - Valid syntax: assign [var] = [source]";
    private static final String CAPTURE = "Syntax Error in 'capture' - Valid syntax: capture [var]";

    private VariableTags() {}

    static void register(Map<String, Tags.TagParser> to) {
        to.put("assign", VariableTags::assign);
        to.put("capture", VariableTags::capture);
        to.put("increment", (parser, head, at) -> count(parser, head, at, true));
        to.put("decrement", (parser, head, at) -> count(parser, head, at, false));
        to.put("ifchanged", VariableTags::ifChanged);
    }

    private static String target(ExpressionParser head, boolean quoted, String syntax) {
        Lexer lexer = head.lexer();
        boolean name = lexer.kind() == Lexer.Kind.NAME
                || lexer.kind() == Lexer.Kind.NUMBER
                || (quoted && lexer.kind() == Lexer.Kind.TEXT);
        String target = lexer.value();
        if (!name || !target.chars().allMatch(c -> Lexer.isNamePart((char) c)) || target.startsWith("-")) {
            throw new SyntaxException(lexer.start(), syntax, "name the variable with letters, digits, _ and -");
        }
        lexer.advance();
        return target;
    }

    private static Node assign(Parser parser, ExpressionParser head, int at) {
        String target = target(head, false, ASSIGN);
        if (!head.lexer().take("=")) {
            throw new SyntaxException(head.lexer().start(), ASSIGN, "write = after the variable");
        }
        Expression value = head.filtered(false);
        head.end("assign");
        return new Variables.Assign(parser.names.assigned(target), value, at);
    }

    private static Node capture(Parser parser, ExpressionParser head, int at) {
        String target = parser.head("", () -> {
            String name = target(head, true, CAPTURE);
            head.end("capture");
            return name;
        });
        Block body = parser.captured("capture", at);
        return new Variables.Capture(parser.names.assigned(target), body, at);
    }

    private static Node count(Parser parser, ExpressionParser head, int at, boolean up) {
        String tag = up ? "increment" : "decrement";
        String target = target(head, false, "Syntax Error in '" + tag + "' - Valid syntax: " + tag + " [var]");
        head.end(tag);
        Expression initial = parser.names.data(target, List.of());
        return new Variables.Count(parser.names.counter(target), initial, up, at);
    }

    private static Node ifChanged(Parser parser, ExpressionParser head, int at) {
        Block body = parser.section("ifchanged", at, Set.of()).body();
        return new Variables.IfChanged(parser.names.slot("ifchanged"), body, at);
    }
}
