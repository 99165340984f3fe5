package io.posthaste.render;

import io.posthaste.action.Action;
import io.posthaste.job.Header;
import io.posthaste.job.Job;
import io.posthaste.job.Person;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Secret;
import io.posthaste.job.SecretValues;
import io.posthaste.liquid.parse.Escape;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Utf8Buffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From an action and a job to the request's bytes: URL, header values and body rendered against one context (M5).
 * Thread-safe; blocks on nothing but what its look-ups block on.
 */
public final class RequestRenderer {
    /** Of what ended after the watch had given it up. */
    static final String OVERRAN = "template limit exceeded: a filter took many times as long as a rendering may take";

    private final TemplateCache templates;
    private final LookUps lookUps;
    private final InstantSource clock;
    private final int maxBodyBytes;
    /** A buffer for each worker, kept between renders. */
    private final ThreadLocal<Utf8Buffer> buffers = ThreadLocal.withInitial(() -> new Utf8Buffer(4 << 10, 0));

    /**
     * @param clock for the rest that is given to templates which run into limits
     * @param maxBodyBytes most bytes of a body
     */
    public RequestRenderer(TemplateCache templates, LookUps lookUps, InstantSource clock, int maxBodyBytes) {
        this.templates = templates;
        this.lookUps = lookUps;
        this.clock = clock;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** Renders the action for the job. Whatever templates and data hold is a result, never an exception. */
    public Rendering render(Action action, Job job) {
        return switch (templates.get(sources(action), escape(action))) {
            case TemplateCache.Entry.Refused refused ->
                new Rendering.Broken(place(action, refused.source()) + ", " + refused.problem());
            case TemplateCache.Entry.Usable usable -> render(action, job, usable);
        };
    }

    /** The same for a job whose data only name their person, who is given here. */
    public Rendering render(Action action, Job job, Person person) {
        if (!person.isStored()) {
            return new Rendering.Broken("unknown person: nobody is stored under this customer_id");
        }
        try {
            return render(action, job.with(Attributes.joined(job.data(), person)));
        } catch (JsonException | RenderException e) {
            return new Rendering.Broken(
                    "what is stored of person " + person.id() + " cannot be used: " + e.getMessage());
        }
    }

    private static List<String> sources(Action action) {
        List<String> sources = new ArrayList<>(action.headers().size() + 2);
        sources.add(action.url());
        for (Header header : action.headers()) {
            sources.add(header.value());
        }
        sources.add(action.body());
        return sources;
    }

    static Escape escape(Action action) {
        return switch (action.escape()) {
            case NONE -> Escape.NONE;
            case JSON -> Escape.JSON;
        };
    }

    /** What the source at that position is, for messages. */
    private static String place(Action action, int source) {
        if (source == 0) {
            return "url";
        }
        return source > action.headers().size()
                ? "body"
                : "header " + action.headers().get(source - 1).name();
    }

    private Rendering render(Action action, Job job, TemplateCache.Entry.Usable usable) {
        if (usable.breaker().isOpen(clock.instant())) {
            return new Rendering.Broken("template limit exceeded repeatedly; not tried again for a minute");
        }
        try (RenderWatch.Watched watched = templates.watch().begin(usable.breaker())) {
            Object[] data = JsonReader.read(job.data(), usable.compiled().projection());
            Rendering needed = personNeeded(usable, job, data);
            if (needed != null) {
                return needed;
            }
            ProvidedNames provided = new ProvidedNames(job, action.secrets(), lookUps, templates);
            Scope scope = new Scope(data, provided, action.onMissing() == Action.OnMissing.FAIL);
            Set<String> outputs = usable.derives() ? new HashSet<>() : null;
            RequestAssembly assembly = assembly(action, usable, scope, outputs);
            Rendering rendering = assembly.render();
            if (watched.overran()) {
                return new Rendering.Broken(OVERRAN);
            }
            if (assembly.isLimited()) {
                usable.breaker().hit(clock.instant());
            } else {
                usable.breaker().success();
            }
            Collection<Secret> used = provided.used();
            if (outputs != null && !used.isEmpty()) {
                outputs.removeAll(printedWithoutSecrets(action, job, usable));
            }
            return withSecrets(action, rendering, used, outputs == null ? Set.of() : outputs, assembly.isHostLiteral());
        } catch (JsonException e) {
            String place = JsonReader.place(job.data(), e.offset());
            return new Rendering.Broken("data is not valid JSON at " + place + ": " + e.reason());
        }
    }

    private RequestAssembly assembly(
            Action action, TemplateCache.Entry.Usable usable, Scope scope, @Nullable Set<String> outputs) {
        return new RequestAssembly(action, usable.compiled().templates(), scope, buffers.get(), maxBodyBytes, outputs);
    }

    /** What the outputs print with placeholders: whatever else they print was made of secrets, and is as secret. */
    private Set<String> printedWithoutSecrets(Action action, Job job, TemplateCache.Entry.Usable usable) {
        Set<String> outputs = new HashSet<>();
        Object[] data = JsonReader.read(job.data(), usable.compiled().projection());
        ProvidedNames provided = new ProvidedNames(job, action.secrets(), lookUps.masked(), templates);
        Scope scope = new Scope(data, provided, action.onMissing() == Action.OnMissing.FAIL);
        assembly(action, usable, scope, outputs).render();
        return outputs;
    }

    /**
     * The request remembers them; nothing else repeats them.
     *
     * @param derived what was made of them
     */
    private Rendering withSecrets(
            Action action, Rendering rendering, Collection<Secret> used, Set<String> derived, boolean isHostLiteral) {
        if (used.isEmpty()) {
            return rendering;
        }
        SecretValues values = SecretValues.of(Stream.concat(used.stream().map(Secret::value), derived.stream())
                .toList());
        return switch (rendering) {
            case Rendering.Rendered rendered -> {
                String breach = breach(action, rendered.request(), used, isHostLiteral);
                yield breach == null
                        ? new Rendering.Rendered(rendered.request().renderedWith(values), rendered.empties())
                        : new Rendering.Broken(values.hide(breach));
            }
            case Rendering.Broken broken -> new Rendering.Broken(values.hide(broken.reason()));
            case Rendering.Aborted aborted -> new Rendering.Aborted(values.hide(aborted.reason()));
            case Rendering.NeedsPerson needs -> needs;
        };
    }

    /** A URL that cannot be dialled is refused before anything is sent, by name. */
    private @Nullable String breach(
            Action action, RenderedRequest request, Collection<Secret> used, boolean isHostLiteral) {
        String host = lookUps.hostOf().apply(request.url());
        return host == null ? null : SecretRule.breach(action.secrets(), used, host, isHostLiteral);
    }

    /** Whom the templates may read though the data only name them, which must be found out before; null for nobody. */
    private static @Nullable Rendering personNeeded(TemplateCache.Entry.Usable usable, Job job, Object[] data) {
        int slot = usable.customerSlot();
        boolean isAbsent = slot >= 0 ? data[slot] == Nil.ABSENT : usable.snippets();
        Subject subject = isAbsent ? Subject.of(job) : null;
        if (subject == null || !subject.isOnlyNamed()) {
            return null;
        }
        String person = subject.id();
        return person == null ? new Rendering.Broken(subject.whyNobody()) : new Rendering.NeedsPerson(person);
    }
}
