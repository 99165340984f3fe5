package io.posthaste.render;

import io.posthaste.action.Action;
import io.posthaste.action.Action.ResponseAttribute;
import io.posthaste.action.SecretUse;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Job;
import io.posthaste.job.Person;
import io.posthaste.job.Reply;
import io.posthaste.liquid.parse.Escape;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.template.Template;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Utf8Buffer;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From a success to what it sets on the person: all of the action's response attributes or, when one cannot be
 * rendered, none (M68, M74). A plain function of its arguments. Thread-safe.
 */
public final class AttributeRenderer {
    private static final String JOURNEY = "journey.";
    private static final int MAX_JOURNEY_BYTES = 100 << 10;
    private static final int MAX_TEXT_BYTES = Attributes.MAX_BYTES;

    private final TemplateCache templates;
    private final LookUps lookUps;
    private final InstantSource clock;
    private final ThreadLocal<Utf8Buffer> buffers = ThreadLocal.withInitial(() -> new Utf8Buffer(4 << 10, 0));

    /**
     * @param templates compiled with {@link WebhookDialect#ofAnswers}
     * @param snippets the Liquid source of a snippet by its name, or null
     * @param clock for the rest that is given to templates which run into limits
     */
    public AttributeRenderer(
            TemplateCache templates, Function<String, @Nullable String> snippets, InstantSource clock) {
        this.templates = templates;
        // Answers know no secrets: what they set is a customer's data.
        this.lookUps = new LookUps(name -> null, snippets, url -> null);
        this.clock = clock;
    }

    /** The id of the person whom the job is for, or null when its data name none (M47). */
    public @Nullable String personOf(Job job) {
        try {
            return Subject.of(job).id();
        } catch (JsonException e) {
            return null;
        }
    }

    /** @param person as they are now, {@link Person#unknown} when they are not stored; null when the job is for nobody */
    public AttributeUpdate render(Action action, Job job, @Nullable Person person, Reply.Answered reply) {
        return render(action.responseAttributes(), job, person, reply);
    }

    /** What each attribute would become without the others, by its name; for those who only want to look (M87). */
    public Map<String, AttributeUpdate> renderEach(
            Action action, Job job, @Nullable Person person, Reply.Answered reply) {
        Map<String, AttributeUpdate> updates = new LinkedHashMap<>();
        action.responseAttributes()
                .forEach(one -> updates.put(one.attribute(), render(List.of(one), job, person, reply)));
        return updates;
    }

    private AttributeUpdate render(
            List<ResponseAttribute> attributes, Job job, @Nullable Person person, Reply.Answered reply) {
        List<String> sources =
                attributes.stream().map(ResponseAttribute::template).toList();
        return switch (templates.get(sources, Escape.NONE)) {
            case TemplateCache.Entry.Refused refused ->
                failed(attributes.get(refused.source()), refused.problem().toString());
            case TemplateCache.Entry.Usable usable -> guarded(attributes, job, person, reply, usable);
        };
    }

    private AttributeUpdate guarded(
            List<ResponseAttribute> attributes,
            Job job,
            @Nullable Person person,
            Reply.Answered reply,
            TemplateCache.Entry.Usable usable) {
        if (usable.breaker().isOpen(clock.instant())) {
            return new AttributeUpdate.Failed("template limit exceeded repeatedly; not tried again for a minute");
        }
        try (RenderWatch.Watched watched = templates.watch().begin(usable.breaker())) {
            AttributeUpdate update = render(attributes, job, person, reply, usable);
            return watched.overran() ? new AttributeUpdate.Failed(RequestRenderer.OVERRAN) : update;
        } catch (JsonException e) {
            return new AttributeUpdate.Failed("data or attributes cannot be used: " + e.reason());
        } catch (RenderException e) {
            return new AttributeUpdate.Failed(e.reason());
        }
    }

    private AttributeUpdate render(
            List<ResponseAttribute> attributes,
            Job job,
            @Nullable Person person,
            Reply.Answered reply,
            TemplateCache.Entry.Usable usable) {
        Subject subject = Subject.of(job);
        if (person == null && !attributes.stream().allMatch(AttributeRenderer::isOfJourney)) {
            return new AttributeUpdate.Failed(subject.whyNobody());
        }
        AnswerNames names = new AnswerNames(
                reply, subject.seenWith(person), new ProvidedNames(job, SecretUse.LITERAL_HOST, lookUps, templates));
        Scope scope = new Scope(JsonReader.read(job.data(), usable.compiled().projection()), names, true);
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < attributes.size(); i++) {
            Template template = usable.compiled().templates().get(i);
            AttributeUpdate.Failed failure =
                    evaluate(attributes.get(i), template, scope, names, usable.breaker(), values);
            if (failure != null) {
                return failure;
            }
        }
        usable.breaker().success();
        return change(person, values);
    }

    private AttributeUpdate.@Nullable Failed evaluate(
            ResponseAttribute attribute,
            Template template,
            Scope scope,
            AnswerNames names,
            Breaker breaker,
            Map<String, Object> values) {
        Utf8Buffer buffer = buffers.get();
        buffer.reset(MAX_TEXT_BYTES, "bytes in an attribute");
        return switch (template.evaluate(scope, buffer)) {
            case RenderResult.Value value -> keep(attribute, value.value(), values);
            case RenderResult.Rendered text -> throw new IllegalStateException("a text instead of a value");
            case RenderResult.MissingVariable missing ->
                failed(attribute, "Variable '" + missing.name() + "' is missing" + hint(missing.name(), names));
            case RenderResult.Failed failed -> failed(attribute, failed.line(), failed.column(), failed.reason());
            case RenderResult.LimitExceeded limit -> {
                breaker.hit(clock.instant());
                yield failed(attribute, limit.line(), limit.column(), limit.reason());
            }
            case RenderResult.Aborted aborted -> failed(attribute, aborted.reason());
        };
    }

    private static AttributeUpdate.@Nullable Failed keep(
            ResponseAttribute attribute, Object value, Map<String, Object> values) {
        Object kept = Attributes.clears(value) ? Nil.NULL : value;
        if (isOfJourney(attribute) && Attributes.write(Map.of("", kept)).length > MAX_JOURNEY_BYTES) {
            return failed(attribute, "more than " + MAX_JOURNEY_BYTES + " bytes");
        }
        values.put(attribute.attribute(), kept);
        return null;
    }

    /** What belongs to the journey is told, not stored: journeys are upstream's (M77). */
    private static AttributeUpdate change(@Nullable Person person, Map<String, Object> values) {
        Map<String, Object> own = new LinkedHashMap<>(values);
        own.keySet().removeIf(name -> name.startsWith(JOURNEY));
        return new AttributeUpdate.Change(
                person == null || own.isEmpty() ? null : Attributes.merged(person, own, Attributes::clears),
                Attributes.write(values));
    }

    private static boolean isOfJourney(ResponseAttribute attribute) {
        return attribute.attribute().startsWith(JOURNEY);
    }

    private static String hint(String name, AnswerNames names) {
        return name.startsWith("response") && names.isText() ? "; the response is not JSON" : "";
    }

    private static AttributeUpdate.Failed failed(ResponseAttribute attribute, int line, int column, String reason) {
        return failed(attribute, "line " + line + ", column " + column + ": " + reason);
    }

    private static AttributeUpdate.Failed failed(ResponseAttribute attribute, String reason) {
        return new AttributeUpdate.Failed("attribute " + attribute.attribute() + ": " + reason);
    }
}
