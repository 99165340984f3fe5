package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Branches;
import io.posthaste.liquid.template.Expression;
import io.posthaste.liquid.template.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code if}, {@code unless} and {@code case}. */
final class BranchTags {
    private static final Expression NEVER = new Expression.Constant(false);
    private static final Expression ALWAYS = new Expression.Constant(true);
    private static final Set<String> IF = Set.of("elsif", "else");
    private static final Set<String> CASE = Set.of("when", "else");

    private BranchTags() {}

    static void register(Map<String, Tags.TagParser> to) {
        to.put("if", (parser, head, at) -> branches("if", parser, head, at));
        to.put("unless", (parser, head, at) -> branches("unless", parser, head, at));
        to.put("case", BranchTags::cases);
    }

    private static Node branches(String tag, Parser parser, ExpressionParser head, int at) {
        List<Branches.Branch> branches = new ArrayList<>();
        Expression asked = condition(tag, parser, head);
        Expression condition = tag.equals("unless") ? new Branches.Not(asked) : asked;
        boolean last = false;
        boolean dropped = false;
        while (true) {
            Parser.Section section = parser.section(tag, at, IF);
            if (!dropped) {
                branches.add(new Branches.Branch(condition, section.body()));
            }
            // What follows an else is read, so that its mistakes are found, and never rendered.
            dropped = last;
            if (section.end().equals("elsif")) {
                condition = condition(tag, parser, section.head());
            } else if (section.end().equals("else")) {
                checkElse(parser, section.head());
                condition = ALWAYS;
                last = true;
            } else {
                return new Branches.If(branches, at);
            }
        }
    }

    private static Expression condition(String tag, Parser parser, ExpressionParser head) {
        return parser.head(NEVER, () -> {
            Expression condition = head.condition();
            head.end(tag);
            return condition;
        });
    }

    private static void checkElse(Parser parser, ExpressionParser head) {
        if (head.lexer().isName("if")) {
            parser.note(head.lexer().start(), "'else if' does not exist", "write elsif");
        }
    }

    private static Node cases(Parser parser, ExpressionParser head, int at) {
        Expression subject = parser.head(NEVER, () -> {
            Expression value = head.value();
            head.end("case");
            return value;
        });
        List<Branches.When> branches = new ArrayList<>();
        Parser.Section section = parser.section("case", at, CASE);
        while (CASE.contains(section.end())) {
            List<Expression> values = section.end().equals("when") ? values(parser, section.head()) : List.of();
            if (values.isEmpty()) {
                checkElse(parser, section.head());
            }
            section = parser.section("case", at, CASE);
            branches.add(new Branches.When(values, section.body()));
        }
        return new Branches.Case(subject, branches, at);
    }

    private static List<Expression> values(Parser parser, ExpressionParser head) {
        return parser.head(List.of(NEVER), () -> {
            List<Expression> values = new ArrayList<>();
            Lexer lexer = head.lexer();
            do {
                if (!values.isEmpty()) {
                    lexer.advance();
                }
                values.add(head.value());
            } while (lexer.isSign(",") || lexer.isName("or"));
            head.end("when");
            return values;
        });
    }
}
