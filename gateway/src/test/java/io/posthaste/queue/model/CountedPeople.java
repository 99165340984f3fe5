package io.posthaste.queue.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.AttributeUpdate.Change;
import io.posthaste.job.Outcome;
import io.posthaste.job.Person;
import io.posthaste.redis.RedisKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * People whose {@code n} successes add 1 to, and what it must be by now. An update is made now and then from what a
 * person was some time ago, as that of a gateway is that read them before others wrote.
 */
final class CountedPeople {
    private static final List<String> IDS = List.of("ada", "bob", "eve");

    /** From about here on the stream of results forgets its oldest. */
    private static final int TRIMMED = 9_000;

    private final RedisKeys keys;
    private final Random random;
    private final Map<String, Person> seen = new HashMap<>();
    private final Map<String, Long> expected = new TreeMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private int told;

    CountedPeople(RedisKeys keys, Random random) {
        this.keys = keys;
        this.random = random;
    }

    /** Half of the successes set attributes; of some, that fails; of others, the journey alone learns of it. */
    Outcome success(Outcome.Delivered delivered, RedisCommands<String, String> redis) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4, 5 -> delivered;
            case 6 -> delivered.with(new AttributeUpdate.Failed("no such thing"));
            case 7 -> delivered.with(new Change(null, "{\"journey.n\":1}".getBytes(UTF_8)));
            default -> delivered.with(oneMore(redis));
        };
    }

    private Change oneMore(RedisCommands<String, String> redis) {
        String id = IDS.get(random.nextInt(IDS.size()));
        if (random.nextInt(3) > 0 || !seen.containsKey(id)) {
            seen.put(id, read(id, redis));
        }
        Person was = seen.get(id);
        byte[] next = json(count(was) + 1);
        return new Change(new Person(id, was.version(), next), next);
    }

    private Person read(String id, RedisCommands<String, String> redis) {
        List<String> values = redis.hmget(keys.person(id), "version", "attributes").stream()
                .map(value -> value.getValueOrElse(""))
                .toList();
        return values.get(0).isEmpty()
                ? Person.unknown(id)
                : new Person(id, Long.parseLong(values.get(0)), values.get(1).getBytes(UTF_8));
    }

    private static byte[] json(long count) {
        return ("{\"n\":" + count + "}").getBytes(UTF_8);
    }

    static long count(Person person) {
        String text = new String(person.attributes(), UTF_8);
        return text.equals("{}") ? 0 : Long.parseLong(text.substring(5, text.length() - 1));
    }

    /** Whether settling this must be refused, given what was applied before. */
    boolean isOutdated(Outcome outcome) {
        Person person = personOf(outcome);
        return person != null && person.version() != versions.getOrDefault(person.id(), 0L);
    }

    void applied(Outcome outcome) {
        Person person = personOf(outcome);
        if (person != null) {
            expected.merge(person.id(), 1L, Long::sum);
            versions.put(person.id(), -1L);
        }
        if (outcome instanceof Outcome.Delivered done && done.update() instanceof Change) {
            told++;
        }
    }

    private static @Nullable Person personOf(Outcome outcome) {
        return outcome instanceof Outcome.Delivered done && done.update() instanceof Change change
                ? change.person()
                : null;
    }

    /** Everyone has what they must have, by a version nobody saw before; the stream told of each once. */
    List<String> findings(RedisCommands<String, String> redis) {
        List<String> findings = new ArrayList<>();
        for (String id : IDS) {
            Person person = read(id, redis);
            long must = expected.getOrDefault(id, 0L);
            if (count(person) != must) {
                findings.add(id + " has " + count(person) + ", not " + must);
            }
            versions.put(id, person.version());
        }
        String elsewheres = keys.person(Elsewhere.PREFIX);
        long known = redis.keys(keys.person("*")).stream()
                .filter(key -> !key.startsWith(elsewheres))
                .count();
        if (known != expected.size()) {
            findings.add(known + " people are stored, not " + expected.size());
        }
        if (redis.xlen(keys.results()) < TRIMMED) {
            checkEvents(redis, findings);
        }
        return findings;
    }

    private void checkEvents(RedisCommands<String, String> redis, List<String> findings) {
        long events = redis.xrange(keys.results(), Range.unbounded()).stream()
                .filter(message -> message.getBody().containsKey("attributes"))
                .count();
        if (events != told) {
            findings.add(events + " events tell of attributes, not " + told);
        }
    }
}
