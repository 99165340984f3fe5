package io.posthaste.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.liquid.template.TemplateProblem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {
    private final Liquid liquid = Engines.plain();

    private List<String> check(String source) {
        return liquid.check(source).stream().map(TemplateProblem::toString).toList();
    }

    @Test
    void strayQuotesAreNamedWhereTheyStand() {
        String source = "{\n  \"ticket\": {\n    \"subject\": \"x\",\n    \"comment\": { \"body\": \"y\" },\n"
                + "        \"requester\": { \"name\":\"{{customer.firstName\"}} {{customer.lastName\"}},"
                + "\"email\":\"{{customer.email}}\" }\n  }\n}";
        assertThat(check(source))
                .containsExactly(
                        "line 5, column 52: unexpected '\"' after customer.firstName; write {{customer.firstName}}",
                        "line 5, column 75: unexpected '\"' after customer.lastName; write {{customer.lastName}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            quoteCharacter = '`',
            value = {
                "{% if a %}x =>> line 1, column 1: if tag was never closed; add {% endif %}",
                "a {% coyotes %} =>> line 1, column 3: Unknown tag 'coyotes'; see the list of tags, or remove it",
                "{% if a %}x{% end %} =>> line 1, column 12: 'end' is not a valid delimiter for if tags. use endif",
                "{% if a %}x{% endfor %}{% endif %} =>> line 1, column 12: 'endfor' is not a valid delimiter for if tags. use endif",
                "{{ x } =>> line 1, column 1: Variable '{{ x }' was not properly terminated; close it with }}",
                "{% if a =>> line 1, column 1: Tag '{% if a' was not properly terminated; close it with %}",
                "{% for x on y %}{% endfor %} =>> line 1, column 10: Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]; write in before the collection",
                "{% assign x 3 %} =>> line 1, column 13: Syntax Error in 'assign' - Valid syntax: assign [var] = [source]; write = after the variable",
                "{% case x %}{% when %}{% endcase %} =>> line 1, column 21: a value is missing; write one, or remove the tag",
                "{{ 'a' | upcas }} =>> line 1, column 10: undefined filter: upcas; did you mean upcase?",
                "{{ 'a' | append }} =>> line 1, column 10: append takes 1 argument, not 0; give it 1",
                "{{ a | default 'x' }} =>> line 1, column 16: default needs a colon before its arguments; write default:",
                "{{ 'a' append: 'b' }} =>> line 1, column 8: unexpected 'append' after 'a'; write {{'a'}}",
                "{{ 'a }} =>> line 1, column 4: unexpected '''; close the quote",
                "{{}} =>> line 1, column 1: an output without a variable; write one, or remove {{}}",
                "{{ a.b[ }} =>> line 1, column 9: a value is missing; write one, or remove the tag",
                "{% endif %} =>> line 1, column 1: Unknown tag 'endif': no block is open here; remove it",
                "{% comment %}x =>> line 1, column 1: comment tag was never closed; add {% endcomment %}",
                "{% raw %}x =>> line 1, column 1: raw tag was never closed; add {% endraw %}",
                "{{ a | where_exp: 'i', 'i.x <' }} =>> line 1, column 25: in the expression of where_exp: a value is missing; correct it",
            })
    void eachMistakeIsNamedWithItsPlaceAndAFix(String source, String problem) {
        assertThat(check(source)).containsExactly(problem);
    }

    @Test
    void allProblemsAreFoundInOnePassInEveryBranch() {
        assertThat(check("{{ a | nope }}\n{% if false %}{{ b | nada }}{% else %}{% what %}{% endif %}\n{{ c"))
                .containsExactly(
                        "line 1, column 8: undefined filter: nope; see the list of filters, or remove it",
                        "line 2, column 22: undefined filter: nada; see the list of filters, or remove it",
                        "line 2, column 39: Unknown tag 'what'; see the list of tags, or remove it",
                        "line 3, column 1: Variable '{{ c' was not properly terminated; close it with }}");
    }

    @Test
    void aForgottenEndIsNamedAtTheBlockThatLacksIt() {
        assertThat(check("{% for x in y %}{% if x %}{% endfor %}ok"))
                .containsExactly("line 1, column 17: if tag was never closed; add {% endif %} before {% endfor %}");
    }

    @Test
    void columnsCountCharactersNotBytes() {
        assertThat(check("東京🎉 {{ x | nope }}")).singleElement().asString().startsWith("line 1, column 12: ");
    }

    @Test
    void bracketsInsideTextsDoNotEndAnOutput() {
        assertThat(check("{{ '{\"a\":{\"b\":1}}' | from_json }}")).isEmpty();
    }

    @Test
    void aLongConditionIsNoDeepOne() {
        assertThat(check("{% if a" + " or a == 'b' and a".repeat(1_600) + " %}{% endif %}"))
                .isEmpty();
    }

    @Test
    void everythingThatIsTooMuchIsRefusedBeforeItIsCompiled() {
        assertThat(check("x".repeat(70_000))).singleElement().asString().contains("longer than 65536 bytes");
        assertThat(check("{% if a %}".repeat(3_000))).singleElement().asString().contains("nested more than 64 levels");
        assertThat(check("{{ a }}".repeat(2_001))).singleElement().asString().contains("more than 2000 tags");
        assertThat(check("{{ a" + " | upcase".repeat(101) + " }}"))
                .singleElement()
                .asString()
                .contains("100 filters");
        assertThat(check("{{ a" + "[a".repeat(3_000) + "]".repeat(3_000) + " }}"))
                .singleElement()
                .asString()
                .contains("nested more than 64 levels");
        assertThat(check("{% if " + "(".repeat(3_000) + " %}{% endif %}")).hasSize(1);
        assertThat(check("{{ a | nope }}".repeat(500))).hasSize(50);
    }
}
