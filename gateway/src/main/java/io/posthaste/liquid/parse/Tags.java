package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Node;
import io.posthaste.liquid.template.Source;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All tags by name, and the names that are refused with a reason. Immutable. */
public final class Tags {
    /** Reads one tag, and the block that it opens, if it opens one. */
    @FunctionalInterface
    interface TagParser {
        /**
         * @param head stands behind the tag's name
         * @param at where the tag starts
         */
        Node parse(Parser parser, ExpressionParser head, int at);
    }

    private static final Map<String, String> REFUSED = Map.of(
            "include", "there are no files; use {{snippets.name}}",
            "render", "there are no files; use {{snippets.name}}",
            "include_relative", "there are no files; use {{snippets.name}}",
            "layout", "there are no files; use {{snippets.name}}",
            "tablerow", "it writes HTML; use for",
            "doc", "use comment");

    private final Map<String, TagParser> byName = new HashMap<>();
    private final Map<String, String> refused = new HashMap<>(REFUSED);

    /** @param refused more names that are refused, each with the reason */
    public Tags(Map<String, String> refused) {
        this.refused.putAll(refused);
        BranchTags.register(byName);
        LoopTags.register(byName);
        VariableTags.register(byName);
        EffectTags.register(byName);
    }

    /** Of all that are not refused. */
    public Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    @Nullable
    TagParser find(String name) {
        return byName.get(name);
    }

    @Nullable
    String refusal(String name) {
        return refused.get(name);
    }

    String suggestion(String name) {
        return switch (name) {
            case "elseif", "elif" -> "write elsif";
            case "set", "let", "var" -> "write assign";
            case "foreach", "each", "loop" -> "write for";
            case "switch" -> "write case";
            case "print" -> "write {{ … }}";
            default -> "see the list of tags, or remove it";
        };
    }

    /** An inline comment of several lines has a # on each. */
    static void checkComment(Source source, Token token) {
        int at = token.from();
        for (String line : source.text(token.from(), token.to()).split("\n", -1)) {
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                throw new SyntaxException(at, "each line of an inline comment needs a #", "start the line with #");
            }
            at += line.length() + 1;
        }
    }
}
