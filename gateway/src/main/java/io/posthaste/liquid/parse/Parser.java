package io.posthaste.liquid.parse;

import io.posthaste.liquid.filter.Filters;
import io.posthaste.liquid.template.Block;
import io.posthaste.liquid.template.Effects;
import io.posthaste.liquid.template.Expression;
import io.posthaste.liquid.template.JsonOutput;
import io.posthaste.liquid.template.Node;
import io.posthaste.liquid.template.Output;
import io.posthaste.liquid.template.Source;
import io.posthaste.liquid.template.TemplateProblem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a template's pieces from its tokens; notes every problem on the way and goes on behind it (M40). */
public final class Parser {
    /**
     * A stretch of a block, up to its end tag or to a tag that divides it.
     *
     * @param end the name of that tag, empty if the text ended first
     * @param head what follows the name
     */
    record Section(Block body, String end, ExpressionParser head) {}

    private static final int MAX_PROBLEMS = 50;
    private static final Set<String> DIVIDERS = Set.of("else", "elsif", "when");

    final Source source;
    final Names names;
    private Escape escape;
    private final Filters filters;
    private final Limits limits;
    private final Tags tags;
    private final List<TemplateProblem> problems;
    private final Deque<String> open = new ArrayDeque<>();
    private final Set<String> unknown = new HashSet<>();
    private Tokens tokens;
    private @Nullable Token pushedBack;
    private int tagCount;

    public Parser(
            Source source,
            Escape escape,
            Names names,
            Filters filters,
            Limits limits,
            Tags tags,
            List<TemplateProblem> problems) {
        this.source = source;
        this.escape = escape;
        this.names = names;
        this.filters = filters;
        this.limits = limits;
        this.tags = tags;
        this.problems = problems;
        this.tokens = new Scanner(source, this::note);
    }

    /** The whole template; worth something only if no problem was noted. */
    public Block template() {
        try {
            return section("", 0, Set.of()).body();
        } catch (SyntaxException fatal) {
            note(fatal.in(source));
            return new Block(List.of());
        }
    }

    private void note(TemplateProblem problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        }
    }

    void note(int at, String message, String fix) {
        note(source.problem(at, message, fix));
    }

    private void noteUnlessFatal(SyntaxException e) {
        if (e.isFatal()) {
            throw e;
        }
        note(e.in(source));
    }

    /** What comes up to the end of a block or the next of its dividing tags. */
    Section section(String tag, int opener, Set<String> dividers) {
        if (open.size() > limits.source().nesting()) {
            throw SyntaxException.fatal(
                    opener, "blocks nested more than " + limits.source().nesting() + " levels deep", "nest less");
        }
        open.push(tag);
        List<Node> nodes = new ArrayList<>();
        Section section = null;
        while (section == null) {
            section = piece(next(), tag, opener, dividers, nodes);
        }
        open.pop();
        return section;
    }

    private Token next() {
        Token token = pushedBack;
        pushedBack = null;
        return token != null ? token : tokens.next();
    }

    private @Nullable Section piece(Token token, String tag, int opener, Set<String> dividers, List<Node> nodes) {
        switch (token.kind()) {
            case TEXT -> {
                if (token.from() < token.to()) {
                    nodes.add(new Block.Text(source.text(token.from(), token.to())));
                }
            }
            case OUTPUT -> {
                countTag(token);
                add(nodes, token, head -> output(head, token));
            }
            case TAG -> {
                countTag(token);
                return tag(token, tag, opener, dividers, nodes);
            }
            case END -> {
                if (!tag.isEmpty() && !tag.equals("liquid")) {
                    note(opener, tag + " tag was never closed", "add {% end" + tag + " %}");
                }
                return new Section(new Block(nodes), "", expressions(token));
            }
        }
        return null;
    }

    private void countTag(Token token) {
        if (++tagCount > limits.source().tags()) {
            throw SyntaxException.fatal(
                    token.start(), "more than " + limits.source().tags() + " tags in one template", "use fewer");
        }
    }

    private ExpressionParser expressions(Token token) {
        return new ExpressionParser(new Lexer(source, token.from(), token.to()), names, filters, limits);
    }

    private Node output(ExpressionParser head, Token token) {
        if (head.lexer().isEnd()) {
            throw new SyntaxException(token.start(), "an output without a variable", "write one, or remove {{}}");
        }
        Expression expression = head.filtered(true);
        head.end("");
        return print(expression, token.start());
    }

    /** What prints an expression's value here. */
    Node print(Expression expression, int at) {
        return escape == Escape.JSON ? JsonOutput.of(expression, at) : Output.of(expression, at);
    }

    /** The inside of a block whose text becomes a value: nothing in it is escaped, the value will be. */
    Block captured(String tag, int opener) {
        Escape outside = escape;
        escape = Escape.NONE;
        try {
            return section(tag, opener, Set.of()).body();
        } finally {
            escape = outside;
        }
    }

    private void add(List<Node> nodes, Token token, Function<ExpressionParser, @Nullable Node> parse) {
        try {
            Node node = parse.apply(expressions(token));
            if (node != null) {
                nodes.add(node);
            }
        } catch (SyntaxException e) {
            noteUnlessFatal(e);
        }
    }

    private @Nullable Section tag(Token token, String tag, int opener, Set<String> dividers, List<Node> nodes) {
        ExpressionParser head = expressions(token);
        String name = head.lexer().value();
        boolean ends = !tag.isEmpty() && name.equals("end" + tag);
        if (ends || dividers.contains(name)) {
            head.lexer().advance();
            return new Section(new Block(nodes), name, head);
        }
        if (name.startsWith("end") && closesOuter(name)) {
            note(opener, tag + " tag was never closed", "add {% end" + tag + " %} before {% " + name + " %}");
            pushedBack = token;
            return new Section(new Block(nodes), "", head);
        }
        if (name.startsWith("end") || DIVIDERS.contains(name)) {
            stray(token, name, tag);
            // A bare "end" can only mean the innermost block.
            return name.equals("end") && !tag.isEmpty() ? new Section(new Block(nodes), "", head) : null;
        } else {
            add(nodes, token, fresh -> node(token, fresh));
        }
        return null;
    }

    /** Whether the tag ends a block around the innermost one, in the same {@code liquid} tag if it is in one. */
    private boolean closesOuter(String name) {
        boolean innermost = true;
        for (String tag : open) {
            if (tag.equals("liquid")) {
                return false;
            }
            if (!innermost && !tag.isEmpty() && name.equals("end" + tag)) {
                return true;
            }
            innermost = false;
        }
        return false;
    }

    private void stray(Token token, String name, String tag) {
        if (name.startsWith("end") && unknown.contains(name.substring(3))) {
            return;
        }
        if (tag.isEmpty() || tag.equals("liquid")) {
            note(token.start(), "Unknown tag '" + name + "': no block is open here", "remove it");
        } else if (name.startsWith("end")) {
            note(token.start(), "'" + name + "' is not a valid delimiter for " + tag + " tags. use end" + tag, "");
        } else {
            note(token.start(), tag + " tag does not expect " + name + " tag", "remove it");
        }
    }

    private @Nullable Node node(Token token, ExpressionParser head) {
        Lexer lexer = head.lexer();
        if (lexer.isSign("#")) {
            Tags.checkComment(source, token);
            return new Effects.Comment();
        }
        if (lexer.isEnd() && lexer.start() == token.to()) {
            throw new SyntaxException(token.start(), "a tag without a name", "name it, or remove it");
        }
        String name = lexer.value();
        Tags.TagParser parser = tags.find(name);
        if (parser == null || lexer.kind() != Lexer.Kind.NAME) {
            unknown.add(name);
            String refusal = tags.refusal(name);
            String message = refusal == null ? "Unknown tag '" + name + "'" : "Unknown tag '" + name + "': " + refusal;
            throw new SyntaxException(token.start(), message, refusal == null ? tags.suggestion(name) : "remove it");
        }
        lexer.advance();
        return parser.parse(this, head, token.start());
    }

    /** Reads the head of a block; a problem in it is noted, and the block goes on so that its end is found. */
    <T> T head(T fallback, Supplier<T> read) {
        try {
            return read.get();
        } catch (SyntaxException e) {
            noteUnlessFatal(e);
            return fallback;
        }
    }

    /** The inside of a block that is not parsed. */
    Token verbatim(String name, boolean nests, int opener) {
        Token inside = tokens.verbatim(name, nests);
        if (inside.kind() == Token.Kind.END) {
            throw new SyntaxException(opener, name + " tag was never closed", "add {% end" + name + " %}");
        }
        return inside;
    }

    /** The lines of a {@code liquid} tag, of which the rest of the head is the first. */
    Block lines(ExpressionParser head, int opener) {
        Tokens outer = tokens;
        int from = head.lexer().previousEnd();
        tokens = new LineTokens(source, from, head.lexer().limit());
        try {
            return section("liquid", opener, Set.of()).body();
        } finally {
            tokens = outer;
        }
    }
}
