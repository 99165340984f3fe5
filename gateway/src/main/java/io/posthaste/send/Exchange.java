package io.posthaste.send;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import io.posthaste.job.Reply;
import io.posthaste.job.Trouble;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.MonoSink;

/**
 * One request on its way: turns the first of answer, failure and deadline into the reply (RSP-1). The deadline covers
 * everything from connecting to the last byte; when it fires the connection is closed (F11).
 */
final class Exchange extends BaseSubscriber<Object> implements Consumer<Answer>, TimerTask {
    private final MonoSink<Reply> sink;
    private final Duration deadline;
    private final LongSupplier nanoTime;
    private final long startedAt;

    Exchange(MonoSink<Reply> sink, Duration deadline, LongSupplier nanoTime) {
        this.sink = sink;
        this.deadline = deadline;
        this.nanoTime = nanoTime;
        this.startedAt = nanoTime.getAsLong();
    }

    /** @param request sends when subscribed to; its completion says nothing, its answer comes by {@link #accept} */
    void start(Publisher<?> request, Timer timer) {
        Timeout timeout = timer.newTimeout(this, deadline.toNanos(), TimeUnit.NANOSECONDS);
        sink.onDispose(() -> end(timeout));
        request.subscribe(this);
    }

    @Override
    public void accept(Answer answer) {
        sink.success(new Reply.Answered(
                answer.status(), answer.headers(), answer.body(), answer.truncated(), elapsedMillis()));
    }

    @Override
    public void run(Timeout timeout) {
        // The sink keeps the first reply only; ending it cancels the request, which closes the connection.
        sink.success(new Reply.NoAnswer(Trouble.TIMEOUT, "timeout after " + text(deadline), elapsedMillis()));
    }

    /** Ends the wait for an answer, because the gateway stops. */
    void abandon() {
        sink.success(new Reply.NoAnswer(Trouble.STOPPED, "the gateway stopped before the answer", elapsedMillis()));
    }

    @Override
    protected void hookOnError(Throwable failure) {
        Diagnosis diagnosis = Diagnosis.of(failure);
        sink.success(new Reply.NoAnswer(diagnosis.cause(), diagnosis.detail(), elapsedMillis()));
    }

    private void end(Timeout timeout) {
        timeout.cancel();
        cancel();
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - startedAt);
    }

    private static String text(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
