package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;

/** A receiver of large bodies takes them and never answers: what they hold of the heap is not all there is. */
final class LargeHang implements Scenario {
    private static final int BODY_BYTES = 250_000;
    private static final int TIMEOUT_MILLIS = 4_000;
    private static final String PATH = "/large";

    @Override
    public String name() {
        return "large-hang";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        int jobs = stage.script().times(2_000, 400);
        long before = stage.shard().refused();
        String url = stage.receiver().uri().resolve(PATH).toString().replace("127.0.0.1", "127.1.0.1");
        String retry = Workload.retry(TIMEOUT_MILLIS, "500" + ", 1000".repeat(40));
        Side lane = Side.put(stage, "large", url, "{{ filling | to_json }}", retry);
        Beside beside = Beside.play(name(), stage, number -> true, new Beside.Trouble() {
            @Override
            public void begin() throws IOException {
                stage.receiver().behave(PATH, "hang");
                try (RedisConnection redis = RedisConnection.open(stage.redis().address())) {
                    for (int job = 0; job < jobs; job++) {
                        lane.enqueue(redis, BODY_BYTES);
                    }
                }
            }

            @Override
            public void end() {
                stage.receiver().behave(PATH, "");
            }
        });
        long refused = stage.shard().refused() - before;
        String why = refused == 0 ? "" : " " + stage.shard().reasons();
        return beside.verdict(refused == 0, "; %,d large jobs, failed %d%s".formatted(jobs, refused, why));
    }
}
