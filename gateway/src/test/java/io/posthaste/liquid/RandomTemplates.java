package io.posthaste.liquid;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Well-formed templates by chance: the same seed gives the same ones. */
final class RandomTemplates {
    /** What the templates' paths lead to, and where some lead nowhere. */
    static final String DATA = """
            {"a": [3, 1, 2.5, "x", null, {"k": "v"}, [true]], "o": {"k": "東京 🎉", "n": {"deep": [1, 2]}}, "n": 7, "neg": -3, "f": 2.75,
              "t": true, "no": false, "nil": null, "s": "Hello <b>World</b> & \\"you\\"", "csv": "a,b,,c", "e": "", "empties": [],
              "num": "12", "rows": [{"k": "b", "v": 2}, {"k": "a", "v": 1}, {"k": "b"}], "strings": ["b", "A", "a", "c"]}""";

    private static final List<String> PATHS = List.of(
            "a",
            "a[0]",
            "a[-1]",
            "a[9]",
            "a.first",
            "a.last",
            "a.size",
            "o",
            "o.k",
            "o['k']",
            "o.n.deep",
            "o.size",
            "n",
            "neg",
            "f",
            "t",
            "no",
            "nil",
            "s",
            "s.size",
            "csv",
            "e",
            "empties",
            "num",
            "rows",
            "rows[1].k",
            "strings",
            "nosuch",
            "nosuch.x",
            "i",
            "i.k",
            "x",
            "forloop.index",
            "forloop.last",
            "(1..3)",
            "(n..9)");
    private static final List<String> LITERALS = List.of(
            "'x'",
            "''",
            "\"東京 🎉\"",
            "' padded '",
            "0",
            "7",
            "-3",
            "2.5",
            "true",
            "false",
            "nil",
            "empty",
            "blank",
            "'a,b,c'",
            "'<i>&</i>'",
            "'12'",
            "'12.50'",
            "'2016-03-14'",
            "1152098955");
    private static final List<String> FILTERS = List.of(
            "upcase",
            "downcase",
            "capitalize",
            "strip",
            "lstrip",
            "rstrip",
            "escape",
            "escape_once",
            "strip_html",
            "strip_newlines",
            "newline_to_br",
            "url_encode",
            "url_decode",
            "size",
            "first",
            "last",
            "reverse",
            "sort",
            "sort_natural",
            "uniq",
            "compact",
            "join",
            "join: ', '",
            "abs",
            "ceil",
            "floor",
            "round",
            "round: 1",
            "append: 'y'",
            "append: n",
            "prepend: 'y'",
            "remove: 'l'",
            "remove_first: 'l'",
            "replace: 'l', 'L'",
            "replace_first: 'o', '0'",
            "split: ','",
            "split: ''",
            "slice: 1",
            "slice: -2, 2",
            "truncate: 7",
            "truncate: 4, ''",
            "truncatewords: 1",
            "plus: 2",
            "minus: 1.5",
            "times: 3",
            "divided_by: 2",
            "modulo: 2",
            "at_least: 4",
            "at_most: 4",
            "default: 'd'",
            "map: 'k'",
            "where: 'k', 'b'",
            "where: 'v'",
            "concat: strings",
            "date: '%Y-%m-%d'");
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            " b ",
            "\\\"",
            "\\\\",
            "\\n",
            "\\u0000",
            "\\ud83d",
            "🎉",
            "東京",
            "{{ n }}",
            "{% if %}",
            "<b>&amp;",
            "12",
            "3.5x",
            "a=>b",
            "2016-03-14",
            "%41+%",
            "x".repeat(300));
    private static final List<String> OPERATORS = List.of("==", "!=", "<", ">", "<=", ">=", "contains");

    private final Random random;

    RandomTemplates(Random random) {
        this.random = random;
    }

    String next() {
        return template(0);
    }

    /** A body that is JSON, whatever is printed, if it is compiled to escape. */
    String json() {
        return "{\"a\": \"{{ " + expression() + " }} {{ " + expression() + " }}\", \"b\": {{ " + expression()
                + " }}, \"c\": " + "{% if " + condition() + " %}{{ " + expression() + " }}{% else %}\"x{{ "
                + expression() + " }}\"{% endif %}}";
    }

    /** All that one filter, loop or comparison can meet, one template each. */
    static List<String> small() {
        List<String> operands = new ArrayList<>(PATHS);
        operands.addAll(LITERALS);
        List<String> templates = new ArrayList<>();
        for (String operand : operands) {
            templates.add("{{ " + operand + " }}");
            FILTERS.forEach(filter -> templates.add("{{ " + operand + " | " + filter + " }}"));
            for (String option : List.of("", " limit: 2", " offset: 1", " reversed")) {
                templates.add("{% for i in " + operand + option + " %}{{ i }},{% else %}-{% endfor %}");
            }
            templates.add("{% if " + operand + " %}y{% else %}n{% endif %}");
            templates.add("{% case " + operand + " %}{% when 7, 'x' %}1{% when nil %}2{% else %}3{% endcase %}");
            for (String operator : OPERATORS) {
                for (String right : List.of("n", "s", "nil", "a", "'x'", "2.5", "true", "empty", "e", "o")) {
                    templates.add("{% if " + operand + " " + operator + " " + right + " %}y{% else %}n{% endif %}");
                }
            }
        }
        return templates;
    }

    /** Data under the names that templates use, as wild as JSON can be. */
    String data() {
        StringBuilder json = new StringBuilder("{");
        for (String name : List.of("a", "o", "n", "neg", "f", "t", "nil", "s", "csv", "e", "num", "rows", "strings")) {
            json.append(json.length() > 1 ? "," : "").append('"').append(name).append("\":");
            value(json, 0);
        }
        return json.append('}').toString();
    }

    private void value(StringBuilder json, int depth) {
        switch (random.nextInt(depth > 8 ? 5 : 8)) {
            case 0 -> json.append(any(List.of("null", "true", "false")));
            case 1 -> json.append(any(List.of("0", "-7", "3.50", "1e400", "-0", "12345678901234567890", "2e-9")));
            case 2, 3, 4 ->
                json.append('"').append(any(TEXTS)).append(any(TEXTS)).append('"');
            case 5, 6 -> {
                json.append('[');
                for (int i = random.nextInt(5); i > 0; i--) {
                    value(json, depth + 1);
                    json.append(i > 1 ? "," : "");
                }
                json.append(']');
            }
            default -> {
                json.append("{\"k\":");
                value(json, depth + 1);
                json.append(",\"")
                        .append(any(List.of("v", "x", "size", "first", "東")))
                        .append("\":");
                value(json, depth + 1);
                json.append('}');
            }
        }
    }

    private String template(int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(piece(depth));
        }
        return text.toString();
    }

    private String piece(int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 12)) {
            case 0 -> any(List.of("text ", "\n  ", "東", "{ } \" '", "-"));
            case 1, 2, 3 -> any(List.of("{{ ", "{{- ")) + expression() + any(List.of(" }}", " -}}"));
            case 4 ->
                "{% if " + condition() + " %}" + template(depth + 1) + "{% elsif " + condition() + " %}"
                        + template(depth + 1) + "{% else %}" + template(depth + 1) + "{% endif %}";
            case 5 -> "{% unless " + condition() + " -%}" + template(depth + 1) + "{%- endunless %}";
            case 6, 7 ->
                "{% for i in " + any(PATHS)
                        + any(List.of("", " limit: 2", " offset: 1", " reversed", " limit: 2 offset: 1"))
                        + " %}" + template(depth + 1)
                        + any(List.of("", "{% break %}", "{% continue %}", "{% cycle 'p', 'q' %}"))
                        + "{% else %}-{% endfor %}";
            case 8 ->
                "{% case " + operand() + " %}{% when " + any(LITERALS) + " %}" + template(depth + 1)
                        + "{% when 7, 'x' %}" + template(depth + 1) + "{% else %}" + template(depth + 1)
                        + "{% endcase %}";
            case 9 -> "{% assign x = " + expression() + " %}";
            case 10 -> "{% capture x %}" + template(depth + 1) + "{% endcapture %}";
            default ->
                any(List.of(
                        "{% increment c %}", "{% comment %}{{ x }}{% endcomment %}", "{% raw %}{{ x }}{% endraw %}"));
        };
    }

    private String condition() {
        return switch (random.nextInt(4)) {
            case 0 -> operand();
            case 1 -> condition() + any(List.of(" and ", " or ")) + condition();
            default -> operand() + " " + any(OPERATORS) + " " + operand();
        };
    }

    private String expression() {
        StringBuilder text = new StringBuilder(operand());
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(" | ").append(any(FILTERS));
        }
        return text.toString();
    }

    private String operand() {
        return any(random.nextInt(3) == 0 ? LITERALS : PATHS);
    }

    private String any(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
