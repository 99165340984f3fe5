package io.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A client that may dial loopback, and words for what it got. */
abstract class ResponseCase {
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    static Sending sending;

    @BeforeAll
    static void open() {
        sending = Sending.toLoopback();
    }

    @AfterAll
    static void close() {
        sending.close();
    }

    static int statusOf(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Answered.class);
        return ((Reply.Answered) reply).status();
    }

    static String bodyOf(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Answered.class);
        return new String(((Reply.Answered) reply).body(), StandardCharsets.UTF_8);
    }

    static NoAnswerCause troubleOf(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.NoAnswer.class);
        return ((Reply.NoAnswer) reply).cause();
    }

    static void assertTrouble(Reply reply, NoAnswerCause cause, String detail) {
        assertThat(troubleOf(reply)).isEqualTo(cause);
        assertThat(((Reply.NoAnswer) reply).detail()).isEqualTo(detail);
    }
}
