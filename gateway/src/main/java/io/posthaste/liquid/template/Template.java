package io.posthaste.liquid.template;

import io.posthaste.liquid.filter.FilterContext;
import io.posthaste.liquid.value.LimitException;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Utf8Buffer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A compiled template. Immutable; shared by all threads. */
public final class Template {
    private final Supplier<FilterContext> start;
    private final Source source;
    private final Block root;
    private final int localCount;

    /** @param start what a render that starts now may use */
    public Template(Supplier<FilterContext> start, Source source, Block root, int localCount) {
        this.start = start;
        this.source = source;
        this.root = root;
        this.localCount = localCount;
    }

    /**
     * Appends the rendered text to a buffer, which holds a part of it unless the result is {@code Rendered}.
     * Never throws for what templates or data do: limits, failures and missing variables are results.
     */
    public RenderResult render(Scope scope, Utf8Buffer out) {
        return guarded(scope, out, context -> {
            root.render(context);
            return RenderResult.Rendered.INSTANCE;
        });
    }

    /**
     * What the template amounts to as a value (M75): of a single output the value with its type, of anything else the
     * rendered text. The buffer is used and left as it was.
     */
    public RenderResult evaluate(Scope scope, Utf8Buffer out) {
        return guarded(scope, out, context -> {
            Node[] nodes = root.nodes();
            if (nodes.length == 1 && nodes[0] instanceof Output.Bare output) {
                return new RenderResult.Value(output.value(context));
            }
            int start = out.length();
            root.render(context);
            String text = out.textFrom(start);
            out.truncate(start);
            return new RenderResult.Value(text);
        });
    }

    private RenderResult guarded(Scope scope, Utf8Buffer out, Function<Context, RenderResult> work) {
        Context context = new Context(scope, scope.filters(start), scope.data(), localCount, out, 0);
        try {
            return work.apply(context);
        } catch (MissingException e) {
            return new RenderResult.MissingVariable(e.name(), line(context), column(context));
        } catch (LimitException e) {
            return limit(e, context);
        } catch (RenderException e) {
            return new RenderResult.Failed(e.reason(), line(context), column(context));
        } catch (AbortException e) {
            return new RenderResult.Aborted(e.reason());
        } catch (StackOverflowError e) {
            return limit(new LimitException("stack frames", 0), context);
        }
    }

    private RenderResult limit(LimitException e, Context context) {
        return new RenderResult.LimitExceeded(e.limit(), e.reason(), line(context), column(context));
    }

    private int line(Context context) {
        return source.line(context.at);
    }

    private int column(Context context) {
        return source.column(context.at);
    }

    /** Renders as part of another template: its data are its own, the budget and the output are the other's. */
    void renderInside(Context outer, Object[] data) {
        FilterContext filters = outer.filters;
        root.render(new Context(outer.scope, filters, data, localCount, outer.out, outer.depth + 1));
    }

    /** The characters of its source, which are a measure of what it weighs. */
    public int length() {
        return source.text().length();
    }

    /** The output that stands there in its source, for messages. */
    public String output(int at) {
        int end = source.text().indexOf("}}", at);
        return source.quote(at, end < 0 ? source.text().length() : end + 2);
    }

    /** The text it renders to whatever the data, or null if it has tags or outputs. */
    public @Nullable String plainText() {
        for (Node node : root.nodes()) {
            if (!(node instanceof Block.Text)) {
                return null;
            }
        }
        return source.text();
    }
}
