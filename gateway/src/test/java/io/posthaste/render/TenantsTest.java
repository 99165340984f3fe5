package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.Action;
import io.posthaste.job.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One compiled template, many threads: nobody ever sees another one's data (TPL-8). */
class TenantsTest {
    private static final int THREADS = 8;
    private static final int RENDERS = 4_000;

    @Test
    void threadsThatShareATemplateDoNotShareData() throws Exception {
        RequestRenderer renderer = Recipes.renderer();
        Action action = Recipes.text(
                "{% assign x = customer.name | append: '!' %}{% for t in customer.tags %}{% cycle 'a', 'b' %}"
                        + "{{ t }}{{ forloop.index }}{% endfor %}{% capture y %}{{ x }}{{ customer.name }}{% endcapture %}"
                        + "{{ y | upcase }}{% increment n %}{{ customer.name }}");
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Integer>> runs = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String tenant = i % 2 == 0 ? "ada" : "grace";
                runs.add(threads.submit(() -> wrong(renderer, action, tenant)));
            }
            for (Future<Integer> run : runs) {
                assertThat(run.get(60, TimeUnit.SECONDS)).isZero();
            }
        }
    }

    private static int wrong(RequestRenderer renderer, Action action, String tenant) {
        Job job = Recipes.job(
                "{\"customer\":{\"name\":\"" + tenant + "\",\"tags\":[\"" + tenant + "\",\"" + tenant + "\"]}}");
        String upper = tenant.toUpperCase(Locale.ROOT);
        String expected = "a" + tenant + "1b" + tenant + "2" + upper + "!" + upper + "0" + tenant;
        int wrong = 0;
        for (int i = 0; i < RENDERS; i++) {
            Rendering rendering = renderer.render(action, job);
            byte[] body = RequestRendererTest.rendered(rendering).body();
            wrong += new String(body, UTF_8).equals(expected) ? 0 : 1;
        }
        return wrong;
    }
}
