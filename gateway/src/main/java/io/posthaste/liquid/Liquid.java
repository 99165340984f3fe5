package io.posthaste.liquid;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.liquid.filter.FilterContext;
import io.posthaste.liquid.filter.Filters;
import io.posthaste.liquid.parse.Escape;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.liquid.parse.Names;
import io.posthaste.liquid.parse.Parser;
import io.posthaste.liquid.parse.Tags;
import io.posthaste.liquid.parse.TemplateException;
import io.posthaste.liquid.template.Block;
import io.posthaste.liquid.template.Source;
import io.posthaste.liquid.template.Template;
import io.posthaste.liquid.template.TemplateProblem;
import io.posthaste.liquid.value.Budget;
import io.posthaste.liquid.value.Projection;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The engine: checks and compiles templates. Immutable and thread-safe, if its sources of time and chance are. */
public final class Liquid {
    private final Dialect dialect;
    private final Limits limits;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Filters filters;
    private final Tags tags;

    /**
     * @param clock what {@code now} is
     * @param nanoTime what deadlines are measured with
     * @param random for {@code random} and {@code generate_uuid}
     */
    public Liquid(Dialect dialect, Limits limits, InstantSource clock, LongSupplier nanoTime, RandomGenerator random) {
        this.dialect = dialect;
        this.limits = limits;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
        this.filters = Filters.with(dialect.filters());
        this.tags = new Tags(dialect.refusedTags());
    }

    /** Names of all filters. */
    public Set<String> filterNames() {
        return filters.names();
    }

    /** Names of all tags; those that go on with a block or end one are not among them. */
    public Set<String> tagNames() {
        return tags.names();
    }

    /** Every problem of a template, in the order of its text; empty if it compiles (M40). */
    public List<TemplateProblem> check(String source) {
        List<TemplateProblem> problems = new ArrayList<>();
        parse(source, Escape.NONE, new Projection.Builder(dialect.namespaces(), dialect.refusedData()), problems);
        return sorted(problems);
    }

    /**
     * Compiles one template.
     *
     * @throws TemplateException if it has problems
     */
    public Compiled compile(String source) {
        return compile(List.of(source), Escape.NONE);
    }

    /**
     * Compiles templates that will render against the same data.
     *
     * @param last what the outputs of the last of them do; those of the others do nothing
     * @throws TemplateException for the first of them that has problems
     */
    public Compiled compile(List<String> sources, Escape last) {
        Projection.Builder projection = new Projection.Builder(dialect.namespaces(), dialect.refusedData());
        List<Template> templates = new ArrayList<>(sources.size());
        for (String source : sources) {
            List<TemplateProblem> problems = new ArrayList<>();
            Escape escape = templates.size() == sources.size() - 1 ? last : Escape.NONE;
            Template template = parse(source, escape, projection, problems);
            if (!problems.isEmpty()) {
                throw new TemplateException(templates.size(), sorted(problems));
            }
            templates.add(template);
        }
        return new Compiled(projection.build(), List.copyOf(templates));
    }

    private Template parse(String text, Escape escape, Projection.Builder projection, List<TemplateProblem> problems) {
        Source source = new Source(text);
        if (text.length() > limits.source().bytes()
                || text.getBytes(UTF_8).length > limits.source().bytes()) {
            problems.add(source.problem(
                    0, "the template is longer than " + limits.source().bytes() + " bytes", "shorten it"));
            return new Template(this::filterContext, source, new Block(List.of()), 0);
        }
        Names names = new Names(source, projection, dialect.provided());
        Block root = new Parser(source, escape, names, filters, limits, tags, problems).template();
        return new Template(this::filterContext, source, root, names.slotCount());
    }

    private static List<TemplateProblem> sorted(List<TemplateProblem> problems) {
        problems.sort((a, b) ->
                a.line() != b.line() ? Integer.compare(a.line(), b.line()) : Integer.compare(a.column(), b.column()));
        return List.copyOf(problems);
    }

    /** What a render that starts now may use. */
    private FilterContext filterContext() {
        Budget budget = new Budget(
                nanoTime,
                limits.render().steps(),
                limits.render().iterations(),
                limits.render().valueBytes(),
                limits.render().deadline());
        return new FilterContext(budget, clock.instant(), random);
    }
}
