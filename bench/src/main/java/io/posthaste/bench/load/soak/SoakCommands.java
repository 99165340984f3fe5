package io.posthaste.bench.load.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.bench.load.drive.Commands;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code XADD} of every job of the mix, made when it is enqueued.
 *
 * @param run prefix of all ids of the run
 */
record SoakCommands(String run, String inbox) implements Commands {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public int write(int number, long dueMillis, byte[] out, int at) {
        byte[] command = RedisConnection.encode(words(number, dueMillis).stream()
                .map(word -> word.getBytes(UTF_8))
                .toList());
        if (at + command.length > out.length) {
            return -1;
        }
        System.arraycopy(command, 0, out, at, command.length);
        return at + command.length;
    }

    private List<String> words(int number, long now) {
        List<String> words = new ArrayList<>(List.of("XADD", inbox, "*", "v", "1", "id", id(run, number)));
        words.addAll(List.of("action", Workload.actionId(Mix.action(number))));
        if (Mix.delayMillis(number) > 0) {
            words.addAll(List.of("at", Long.toString(now + Mix.delayMillis(number))));
        }
        if (Mix.kind(number) == Kind.ORDERED) {
            words.addAll(List.of("order", "line-" + Mix.line(number)));
        }
        if (Mix.kind(number) == Kind.DRAFTED) {
            words.addAll(List.of("draft", "1"));
        }
        words.addAll(List.of("data", data(number)));
        return words;
    }

    static String id(String run, int number) {
        return "%s-%09d".formatted(run, number);
    }

    private static String data(int number) {
        ObjectNode data = JSON.createObjectNode();
        if (Mix.kind(number) == Kind.COUNTED) {
            data.put("customer_id", Mix.person(number));
        }
        data.putObject("customer")
                .put("id", Integer.toString(number))
                .put("first_name", number % 2 == 0 ? "Zoë" : "李")
                .put("last_name", "van \"Dyk\" " + number % 97)
                .put("company_name", "Analytical \"Engines\" & Co")
                .put("email", "ada+" + number + "@example.com");
        data.putObject("event")
                .put("host", ReceiverProcess.host(Mix.host(number)))
                .put("feedback", "Too expensive this quarter." + " padding".repeat(Mix.bytes(number) / 8));
        try {
            return JSON.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
