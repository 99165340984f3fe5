package io.posthaste;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.KillArgs;
import io.posthaste.cli.ApiClient;
import liqp.TemplateContext;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Jobs and keys that once brought everything to a halt: good work beside them goes on. */
class HardToBreakIT {
    @AutoClose
    private final TestGateway gateway = new TestGateway();

    /** Fails as a filter does whose library is missing. */
    public static final class Unlinked extends liqp.filters.Filter {
        static volatile boolean links;

        public Unlinked() {
            super("unlinked");
        }

        @Override
        public Object apply(Object value, TemplateContext context, Object... arguments) {
            if (!links) {
                throw new NoClassDefFoundError("com/example/Missing");
            }
            return value;
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

    @Test
    void aJobThatMeetsABugWheneverItIsTriedEndsWithItsName() {
        gateway.with("RENDER_FILTERS", Unlinked.class.getName())
                .with("QUEUE_MAX_RECLAIMS", "1")
                .with("QUEUE_LEASE_MARGIN", "3s")
                .start();
        Unlinked.links = true;
        gateway.api().put("/v1/actions/buggy", """
                {"url": "%s", "body": "{{ 1 | unlinked }}",
                 "retry": {"timeout_ms": 1000, "delays_ms": [], "statuses": []}}""".formatted(gateway.receiver.url("/hook")));
        Unlinked.links = false;
        gateway.enqueue("bad", "action", "buggy", "data", "{}");

        assertThat(gateway.told("bad", "failed"))
                .extractingByKey("reason", as(InstanceOfAssertFactories.STRING))
                .startsWith("bug: ")
                .contains("filter unlinked does not link: java.lang.NoClassDefFoundError: com/example/Missing");
    }

    @Test
    void aFilterThatDoesNotLinkIsToldToWhoeverSavesItsTemplate() {
        gateway.with("RENDER_FILTERS", Unlinked.class.getName()).start();
        String action = "{\"url\":\"" + gateway.receiver.url("/hook") + "\",\"body\":\"{{ 'x' | unlinked }}\"}";

        assertThatThrownBy(() -> gateway.api().put("/v1/actions/buggy", action))
                .isInstanceOf(ApiClient.Refused.class)
                .hasMessageContaining("the log says more under this request_id");
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
