package io.posthaste.boot;

import io.posthaste.api.port.AnswerRenderer;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.JobRenderer;
import io.posthaste.api.port.TestSender;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.store.action.ActionStore;
import io.posthaste.store.action.Actions;
import io.posthaste.store.person.PersonStore;

/** What is kept in Redis, and how it is rendered from: all else is built of these. */
record Stores(
        RedisWiring.Opened opened,
        KeyWiring keys,
        ActionStore store,
        Actions actions,
        PersonStore people,
        RenderWiring rendering) {

    static Stores open(Foundation on, RedisWiring.Opened opened) {
        KeyWiring keys = KeyWiring.start(on, opened.redis());
        ActionStore store = new ActionStore(opened.redis().foreground(), new ActionCodec());
        return new Stores(
                opened,
                keys,
                store,
                actions(on, store),
                new PersonStore(opened.redis().foreground(), opened.layouts()),
                new RenderWiring(on, keys.vault()));
    }

    private static Actions actions(Foundation on, ActionStore store) {
        Actions actions = new Actions(store, on.timer(), System::nanoTime);
        on.lifecycle().onStop("actions", actions::stop);
        actions.start();
        return actions;
    }

    RedisConnections redis() {
        return opened.redis();
    }

    Layouts layouts() {
        return opened.layouts();
    }

    /** What the API works with. */
    Backends backends(RateWiring rates, ReportWiring reporting, Backends.Queue queue, TestSender tests) {
        return new Backends(
                store,
                actions,
                keys.vault(),
                rates.rates(),
                reporting.webhooks(),
                people,
                queue,
                new Backends.Trial(
                        JobRenderer.of(rendering.requests(), people, rendering.scheduler()),
                        JobRenderer.of(rendering.previews(), people, rendering.scheduler()),
                        AnswerRenderer.of(rendering.attributes(), people, rendering.scheduler()),
                        tests,
                        rendering.language()));
    }
}
