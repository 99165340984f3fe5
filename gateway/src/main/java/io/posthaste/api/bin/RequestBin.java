package io.posthaste.api.bin;

import io.posthaste.job.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Receivers to try webhooks on (M88): each name records what it is sent and answers as it was told. Everything is in
 * memory and bounded: {@link #PER_BIN} requests a bin, {@link #MAX_BINS} bins, {@link #MAX_BYTES} in all; the oldest go
 * first.
 */
public final class RequestBin {
    static final int PER_BIN = 100;
    public static final int MAX_BINS = 100;
    static final long MAX_BYTES = 32L << 20;

    /** What an object costs beside its text, roughly. */
    private static final int OVERHEAD = 512;

    private final Map<String, Deque<Recorded>> bins = new HashMap<>();
    private final Map<String, Deque<Script>> scripts = new HashMap<>();
    private final Deque<Recorded> byAge = new ArrayDeque<>();
    private long bytes;

    /** One request as it arrived. */
    public record Recorded(String bin, long atMillis, String method, String target, List<Header> headers, byte[] body) {
        private int size() {
            int text = headers.stream()
                    .mapToInt(h -> h.name().length() + h.value().length())
                    .sum();
            return OVERHEAD + target.length() + text + body.length;
        }
    }

    /** How a bin answers. */
    public record Script(int status, List<Header> headers, String body, int delayMillis) {
        public static final Script DEFAULT =
                new Script(200, List.of(new Header("Content-Type", "application/json")), "{}", 0);

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Records a request and tells how to answer it. */
    public synchronized Script record(Recorded request) {
        Deque<Recorded> bin = bins.computeIfAbsent(request.bin(), name -> new ArrayDeque<>());
        bin.addLast(request);
        byAge.addLast(request);
        bytes += request.size();
        if (bin.size() > PER_BIN) {
            // The oldest of one bin may be anywhere among all; there are at most PER_BIN * MAX_BINS.
            Recorded oldest = bin.getFirst();
            byAge.removeFirstOccurrence(oldest);
            forget(oldest);
        }
        while (bytes > MAX_BYTES || bins.size() > MAX_BINS) {
            forget(byAge.removeFirst());
        }
        return next(request.bin());
    }

    /** Scripted answers are given in turn; the last one stays. */
    private Script next(String bin) {
        Deque<Script> answers = scripts.get(bin);
        if (answers == null) {
            return Script.DEFAULT;
        }
        return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
    }

    private void forget(Recorded oldest) {
        bytes -= oldest.size();
        bins.computeIfPresent(oldest.bin(), (name, bin) -> {
            bin.removeFirst();
            return bin.isEmpty() ? null : bin;
        });
    }

    /** Newest first; empty for a bin that got nothing. */
    public synchronized List<Recorded> recorded(String bin) {
        List<Recorded> requests = new ArrayList<>(bins.getOrDefault(bin, new ArrayDeque<>()));
        Collections.reverse(requests);
        return requests;
    }

    /** How it answers from now on: in turn, and the last for ever. */
    public synchronized List<Script> answers(String bin) {
        Deque<Script> answers = scripts.get(bin);
        return answers == null ? List.of(Script.DEFAULT) : List.copyOf(answers);
    }

    /** False when there are too many scripts already. */
    public synchronized boolean answer(String bin, List<Script> answers) {
        if (!scripts.containsKey(bin) && scripts.size() >= MAX_BINS) {
            return false;
        }
        scripts.put(bin, new ArrayDeque<>(answers));
        return true;
    }

    /** Empties a bin; it answers by default again. */
    public synchronized void clear(String bin) {
        Deque<Recorded> removed = bins.remove(bin);
        if (removed != null) {
            removed.forEach(request -> bytes -= request.size());
            byAge.removeIf(request -> request.bin().equals(bin));
        }
        scripts.remove(bin);
    }
}
