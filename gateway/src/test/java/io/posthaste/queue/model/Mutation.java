package io.posthaste.queue.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A change of the lines that keep a promise.
 *
 * @param kind of the keyspace that it shows on
 * @param change of a marked line, without its marker
 */
record Mutation(String promise, KeyspaceModel.Kind kind, UnaryOperator<String> change) {

    static Mutation without(String promise) {
        return new Mutation(promise, KeyspaceModel.Kind.ONE_SHARD, line -> "");
    }

    static Mutation broken(String promise, String from, String to) {
        return new Mutation(promise, KeyspaceModel.Kind.ONE_SHARD, line -> {
            assertThat(line).contains(from);
            return line.replace(from, to);
        });
    }

    /** It is about people on other shards than their delivery. */
    Mutation elsewhere() {
        return new Mutation(promise, KeyspaceModel.Kind.SEVERAL, change);
    }

    String apply(String script) {
        return script.lines().map(this::applyToLine).collect(Collectors.joining("\n"));
    }

    private String applyToLine(String line) {
        int marker = line.indexOf(ScriptText.MARKER);
        boolean isMeant = marker >= 0 && ScriptText.promises(line).contains(promise);
        return isMeant ? change.apply(line.substring(0, marker)) : line;
    }

    @Override
    public String toString() {
        return promise;
    }
}
