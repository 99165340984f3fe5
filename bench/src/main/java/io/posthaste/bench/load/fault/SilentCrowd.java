package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Thousands of hosts of a few lanes take requests and never answer; then they do, and get what waited for them. */
final class SilentCrowd implements Scenario {
    private static final int LANES = 4;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final String PATH = "/silent";

    @Override
    public String name() {
        return "silent-crowd";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        long before = stage.shard().refused();
        String url = "http://{{ host }}:" + stage.receiver().uri().getPort() + PATH;
        String retry = Workload.retry(TIMEOUT_MILLIS, "1000" + ", 2000".repeat(40));
        List<Side> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            lanes.add(Side.put(stage, "silent-" + lane, url, "{{ n }}", retry));
        }
        Beside beside = Beside.play(name(), stage, number -> true, new Beside.Trouble() {
            @Override
            public void begin() throws IOException {
                stage.receiver().behave(PATH, "hang");
                enqueue(stage, lanes);
            }

            @Override
            public void end() {
                stage.receiver().behave(PATH, "");
            }
        });
        long refused = stage.shard().refused() - before;
        return beside.verdict(refused == 0, "; %,d silent hosts, failed %d".formatted(hosts(), refused));
    }

    private static int hosts() {
        return ReceiverProcess.MOST_HOSTS;
    }

    private static void enqueue(Stage stage, List<Side> lanes) throws IOException {
        try (RedisConnection redis = RedisConnection.open(stage.redis().address())) {
            for (int host = 0; host < hosts(); host++) {
                lanes.get(host % LANES).enqueue(redis, ReceiverProcess.host(host));
            }
        }
    }
}
