package io.posthaste.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SharedQuestionsTest {
    private final List<CompletableFuture<Long>> asked = new ArrayList<>();
    private final SharedQuestions<Long> questions = new SharedQuestions<>(key -> {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        asked.add(answer);
        return answer;
    });

    @Test
    void whoeverComesWhileOneIsAskedSharesTheNextAndNotTheOneUnderWay() {
        CompletableFuture<Long> first = ask("a");
        List<CompletableFuture<Long>> later = List.of(ask("a"), ask("a"), ask("a"));
        assertThat(asked).hasSize(1);

        asked.getFirst().complete(1L);

        assertThat(first).isCompletedWithValue(1L);
        assertThat(later).noneMatch(CompletableFuture::isDone);
        assertThat(asked).hasSize(2);
        asked.getLast().complete(2L);
        assertThat(later).allMatch(answer -> answer.join() == 2L);
        assertThat(ask("a")).isNotDone();
        assertThat(asked).hasSize(3);
    }

    @Test
    void keysDoNotWaitForEachOther() {
        assertThat(ask("a")).isNotDone();
        assertThat(ask("b")).isNotDone();

        assertThat(asked).hasSize(2);
    }

    @Test
    void aFailureIsOfThoseWhoAskedAndTheNextAreAskedFor() {
        CompletableFuture<Long> first = ask("a");
        CompletableFuture<Long> second = ask("a");

        asked.getFirst().completeExceptionally(new IllegalStateException("lost"));

        assertThat(first).isCompletedExceptionally();
        asked.getLast().complete(1L);
        assertThat(second).isCompletedWithValue(1L);
    }

    @Test
    void aQuestionThatCannotBePutFailsAndHoldsUpNobody() {
        SharedQuestions<Long> broken = new SharedQuestions<>(key -> {
            throw new IllegalStateException("closed");
        });

        assertThatThrownBy(() -> broken.ask("a").toCompletableFuture().join()).hasMessageContaining("closed");
        assertThatThrownBy(() -> broken.ask("a").toCompletableFuture().join()).hasMessageContaining("closed");
    }

    private CompletableFuture<Long> ask(String key) {
        return questions.ask(key).toCompletableFuture();
    }
}
