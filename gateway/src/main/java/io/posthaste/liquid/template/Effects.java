package io.posthaste.liquid.template;

import io.posthaste.liquid.value.Numbers;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Values;
import java.util.UUID;

/** Tags that neither branch nor keep anything. */
public final class Effects {
    private static final int MAX_REASON = 300;

    private Effects() {}

    /** {@code break} and {@code continue}; outside a loop they end the template. */
    public record Leave(Context.Jump jump) implements Node {
        @Override
        public void render(Context context) {
            context.jump = jump;
        }
    }

    /** {@code comment} and its like: nothing. */
    public record Comment() implements Node {
        @Override
        public void render(Context context) {}

        @Override
        public boolean isBlank() {
            return true;
        }
    }

    /** {@code abort_message}: nothing is sent (P1). */
    public record Abort(Expression reason, int at) implements Node {
        @Override
        public void render(Context context) {
            context.at = at;
            String text = Values.text(reason.evaluate(context));
            throw new AbortException(text.length() > MAX_REASON ? text.substring(0, MAX_REASON) : text);
        }
    }

    /** {@code random}: a whole number from 0, less than the bound. */
    public record Random(Expression bound, int at) implements Node {
        @Override
        public void render(Context context) {
            context.at = at;
            int most = Numbers.index(bound.evaluate(context), "the bound of random");
            if (most < 1) {
                throw new RenderException("the bound of random must be 1 or more");
            }
            context.out.append((long) context.filters.random().nextInt(most));
        }
    }

    /** {@code generate_uuid}: version 4. */
    public record Uuid() implements Node {
        @Override
        public void render(Context context) {
            long high = (context.filters.random().nextLong() & ~0xF000L) | 0x4000L;
            long low = (context.filters.random().nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
            context.out.append(new UUID(high, low).toString());
        }
    }
}
