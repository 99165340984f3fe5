package io.posthaste.redis;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question whose answer is good for all who had what they ask about before it was put: one at a time for each key, and
 * whoever comes meanwhile shares the next. So nobody waits for more than two, however many ask.
 *
 * @param <T> an answer
 */
final class SharedQuestions<T> {
    private final Function<String, CompletionStage<T>> question;
    private final Map<String, Row> rows = new ConcurrentHashMap<>();

    /** Those of one key. */
    private final class Row {
        private boolean asking;
        private @Nullable CompletableFuture<T> next;

        synchronized @Nullable CompletableFuture<T> joined() {
            if (!asking) {
                asking = true;
                return null;
            }
            if (next == null) {
                next = new CompletableFuture<>();
            }
            return next;
        }

        synchronized @Nullable CompletableFuture<T> answered() {
            CompletableFuture<T> following = next;
            next = null;
            asking = following != null;
            return following;
        }
    }

    /** @param question asked of keys of a bounded set, as of shards: each is remembered */
    SharedQuestions(Function<String, CompletionStage<T>> question) {
        this.question = question;
    }

    CompletionStage<T> ask(String key) {
        Row row = rows.computeIfAbsent(key, none -> new Row());
        CompletableFuture<T> shared = row.joined();
        if (shared != null) {
            return shared;
        }
        CompletableFuture<T> mine = new CompletableFuture<>();
        put(key, row, mine);
        return mine;
    }

    private void put(String key, Row row, CompletableFuture<T> whose) {
        put(key).whenComplete((answer, failure) -> {
            CompletableFuture<T> following = row.answered();
            if (following != null) {
                put(key, row, following);
            }
            if (failure == null) {
                whose.complete(answer);
            } else {
                whose.completeExceptionally(failure);
            }
        });
    }

    private CompletionStage<T> put(String key) {
        try {
            return question.apply(key);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
