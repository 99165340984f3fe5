package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Shard;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Malformed inbox entries among good ones: each ends where an operator can see it, and the good ones do not notice. */
final class Poison implements Scenario {
    private static final List<String> GOOD = List.of("v", "1", "id", "poison", "action", "load-0", "data", "{}");

    @Override
    public String name() {
        return "poison";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        List<List<String>> entries = entries();
        long before = stage.shard().refused();
        try (Drive drive = stage.load();
                RedisConnection redis = RedisConnection.open(stage.redis().address())) {
            for (List<String> entry : entries) {
                List<String> command = new ArrayList<>(List.of("XADD", Shard.INBOX, "*"));
                command.addAll(entry);
                redis.call(command.toArray(String[]::new));
                stage.pause(10, 40);
            }
            Reconciliation jobs = stage.finish(drive);
            long refused = stage.awaitRefused(before + entries.size(), Duration.ofSeconds(5)) - before;
            return new Verdict(
                    name(),
                    jobs.isGood() && jobs.extra() == 0 && refused == entries.size(),
                    "%d malformed entries, %d in quarantine or failed; good ones: %s"
                            .formatted(entries.size(), refused, Findings.of(jobs)));
        }
    }

    private static List<List<String>> entries() {
        List<List<String>> entries = new ArrayList<>();
        for (String field : List.of("v", "id", "action", "data")) {
            entries.add(without(field));
        }
        entries.add(List.of("hello", "world"));
        entries.add(with("v", "2"));
        entries.add(with("v", "one"));
        for (String id : List.of("", "with space", "x".repeat(65), "nul\u0000byte", "slash/", "ünïcode", "{0}")) {
            entries.add(with("id", id));
        }
        for (String action : List.of("", "no:colons", "x".repeat(65), "never-created")) {
            entries.add(with("action", action));
        }
        for (String data :
                List.of("", "null", "[]", "42", "\"text\"", "{", "{\"customer\":", "{} trailing", "\u0000")) {
            entries.add(with("data", data));
        }
        entries.add(with("data", "{\"customer\":{\"bio\":\"" + "x".repeat(300_000) + "\"}}"));
        entries.add(with("data", "[".repeat(20_000)));
        for (String at : List.of("soon", "-5", "1e400", "99999999999999999999")) {
            entries.add(with("at", at));
        }
        entries.add(with("key", "k".repeat(65)));
        entries.add(with("key", "two words"));
        return numbered(entries);
    }

    /** Ids must differ, or the second would be dropped as a duplicate of the first. */
    private static List<List<String>> numbered(List<List<String>> entries) {
        String unique = Long.toString(System.nanoTime() & 0xffffff, 36);
        List<List<String>> numbered = new ArrayList<>();
        for (List<String> entry : entries) {
            String id = "poison-" + unique + "-" + numbered.size();
            numbered.add(entry.stream()
                    .map(word -> "poison".equals(word) ? id : word)
                    .toList());
        }
        return numbered;
    }

    private static List<String> without(String field) {
        List<String> entry = new ArrayList<>(GOOD);
        int at = entry.indexOf(field);
        entry.subList(at, at + 2).clear();
        return entry;
    }

    private static List<String> with(String field, String value) {
        List<String> entry = new ArrayList<>(GOOD);
        int at = entry.indexOf(field);
        if (at >= 0) {
            entry.set(at + 1, value);
        } else {
            entry.addAll(List.of(field, value));
        }
        return entry;
    }
}
