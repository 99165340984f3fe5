package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Block;
import io.posthaste.liquid.template.Effects;
import io.posthaste.liquid.template.Expression;
import io.posthaste.liquid.template.Node;
import java.util.Map;

/** Reads the tags that neither branch nor keep anything. */
final class EffectTags {
    private EffectTags() {}

    static void register(Map<String, Tags.TagParser> to) {
        to.put("echo", EffectTags::echo);
        to.put("raw", EffectTags::raw);
        to.put("comment", EffectTags::comment);
        to.put("liquid", (parser, head, at) -> parser.lines(head, at));
        to.put("abort_message", EffectTags::abort);
        to.put("random", EffectTags::random);
        to.put("generate_uuid", EffectTags::uuid);
    }

    private static Node echo(Parser parser, ExpressionParser head, int at) {
        if (head.lexer().isEnd()) {
            return new Effects.Comment();
        }
        Expression value = head.filtered(true);
        head.end("echo");
        return parser.print(value, at);
    }

    private static Node raw(Parser parser, ExpressionParser head, int at) {
        head.end("raw");
        Token inside = parser.verbatim("raw", false, at);
        return Block.Text.raw(parser.source.text(inside.from(), inside.to()));
    }

    private static Node comment(Parser parser, ExpressionParser head, int at) {
        parser.verbatim("comment", true, at);
        return new Effects.Comment();
    }

    /** {@code abort_message "reason"} or {@code abort_message("reason")}. */
    private static Node abort(Parser parser, ExpressionParser head, int at) {
        if (head.lexer().isEnd()) {
            return new Effects.Abort(new Expression.Constant("aborted by the template"), at);
        }
        boolean brackets = head.lexer().take("(");
        Expression reason = head.filtered(false);
        if (brackets) {
            head.expect(")");
        }
        head.end("abort_message");
        return new Effects.Abort(reason, at);
    }

    private static Node random(Parser parser, ExpressionParser head, int at) {
        Expression bound = head.value();
        head.end("random");
        return new Effects.Random(bound, at);
    }

    private static Node uuid(Parser parser, ExpressionParser head, int at) {
        head.end("generate_uuid");
        return new Effects.Uuid();
    }
}
