package io.posthaste;

import io.lettuce.core.KillArgs;
import liqp.TemplateContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Jobs and keys that once brought everything to a halt: good work beside them goes on. */
class HardToBreakIT {
    @AutoClose
    private final TestGateway gateway = new TestGateway();

    /** Fails as a filter does whose library is missing. */
    public static final class Unlinked extends liqp.filters.Filter {
        public Unlinked() {
            super("unlinked");
        }

        @Override
        public Object apply(Object value, TemplateContext context, Object... arguments) {
            throw new NoClassDefFoundError("com/example/Missing");
        }
    }

    @Test
    void aFilterThatDoesNotLinkTakesNoSlotsAway() {
        gateway.with("RENDER_FILTERS", Unlinked.class.getName())
                .with("SEND_MAX_IN_FLIGHT", "4")
                .with("SEND_MAX_IN_FLIGHT_PER_HOST", "4")
                .start();
        for (int i = 0; i < 8; i++) {
            enqueue("bad-" + i, "{{ 'x' | unlinked }}");
        }
        enqueue("good", "fine");

        gateway.told("good", "sent");
    }

    /** Computes for a minute and looks at nothing. */
    public static final class Endless extends liqp.filters.Filter {
        static volatile boolean released;

        public Endless() {
            super("endless");
        }

        @Override
        public Object apply(Object value, TemplateContext context, Object... arguments) {
            while (!released) {
                Thread.onSpinWait();
            }
            return value;
        }
    }

    @Test
    void aFilterThatDoesNotEndTakesNoThreadFromTheOthers() {
        gateway.with("RENDER_FILTERS", Endless.class.getName()).start();
        for (int i = 0; i < 6; i++) {
            enqueue("endless-" + i, "{{ 'x' | endless }}");
            enqueue("beside-" + i, "fine");
        }

        for (int i = 0; i < 6; i++) {
            gateway.told("beside-" + i, "sent");
        }
        enqueue("after", "fine");
        gateway.told("after", "sent");

        Endless.released = true;
        gateway.told("endless-0", "failed");
    }

    @Test
    void aTimeBeyondAllMeasureDoesNotEndTheLoop() {
        gateway.start();
        enqueue("before", "fine");
        gateway.told("before", "sent");

        gateway.commands.zadd(TestGateway.KEYS.wake(), 99_999_999_999_999.0, "lane");
        for (int i = 0; i < 3; i++) {
            gateway.commands.clientKill(KillArgs.Builder.typeNormal().skipme());
            enqueue("after-" + i, "fine");
            gateway.told("after-" + i, "sent");
        }
    }

    private void enqueue(String id, String body) {
        String request = "{\"url\":\"" + gateway.receiver.url("/hook") + "\",\"headers\":[],\"body\":\"" + body + "\"}";
        gateway.enqueue(id, "lane", "hooks", "request", request, "data", "{}");
    }
}
