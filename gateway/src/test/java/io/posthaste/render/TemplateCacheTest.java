package io.posthaste.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.liquid.parse.Escape;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemplateCacheTest {
    @Test
    void tenThousandTemplatesTakeNoMoreThanTheyMay() {
        TemplateCache cache = new TemplateCache(Recipes.liquid(), 1 << 20);
        String text = "x".repeat(2_000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(cache.get(List.of(text + i), Escape.NONE)).isInstanceOf(TemplateCache.Entry.Usable.class);
        }
        // 1 MiB holds about 150 of these; Caffeine evicts on a thread of its own.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(cache.size()).isBetween(50L, 160L));
    }

    @Test
    void aTemplateIsCompiledOncePerWayOfEscaping() {
        TemplateCache cache = new TemplateCache(Recipes.liquid(), 1 << 20);
        TemplateCache.Entry plain = cache.get(List.of("{{ a }}"), Escape.NONE);
        assertThat(cache.get(List.of("{{ a }}"), Escape.NONE)).isSameAs(plain);
        assertThat(cache.get(List.of("{{ a }}"), Escape.JSON)).isNotSameAs(plain);
    }

    @Test
    void whatDoesNotCompileIsRememberedToo() {
        TemplateCache cache = new TemplateCache(Recipes.liquid(), 1 << 20);
        TemplateCache.Entry refused = cache.get(List.of("ok", "{{ a | nope }}"), Escape.NONE);
        assertThat(refused).isInstanceOf(TemplateCache.Entry.Refused.class);
        assertThat(((TemplateCache.Entry.Refused) refused).source()).isEqualTo(1);
        assertThat(cache.get(List.of("ok", "{{ a | nope }}"), Escape.NONE)).isSameAs(refused);
    }
}
