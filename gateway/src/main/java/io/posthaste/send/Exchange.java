package io.posthaste.send;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import io.posthaste.job.Header;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.job.Trip;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.MonoSink;

/**
 * One request on its way: turns the first of answer, failure and deadline into the reply (RSP-1). The deadline covers
 * everything from connecting to the last byte; when it fires the connection is closed (F11).
 *
 * <p>A kept connection may end just as a request arrives on it. Nobody knows whether the receiver saw that request, but
 * its idempotency key makes a second one harmless: it leaves at once, within the same attempt and deadline, on a
 * connection of its own. A failure of that one counts.
 */
final class Exchange implements Consumer<Answer>, TimerTask {
    private final MonoSink<Reply> sink;
    private final Duration deadline;
    private final AnswerRoom room;
    private final boolean proxied;
    private final LongSupplier nanoTime;
    private final long startedAt;
    private @Nullable ResponseGuard guard;
    private volatile @Nullable ConnectionClock clock;
    private volatile long readyAt;
    private volatile List<Header> sent = List.of();
    private volatile @Nullable Transmission current;
    private volatile boolean ended;

    /** @param proxied whether it is a proxy that is dialled */
    Exchange(MonoSink<Reply> sink, Duration deadline, AnswerRoom room, boolean proxied, LongSupplier nanoTime) {
        this.proxied = proxied;
        this.sink = sink;
        this.room = room;
        this.deadline = deadline;
        this.nanoTime = nanoTime;
        this.startedAt = nanoTime.getAsLong();
    }

    /**
     * @param request sends when subscribed to; its completion says nothing, its answer comes by {@link #accept}
     * @param again the same on a connection that nobody has used, for when a kept one turns out to have ended
     */
    void start(Publisher<?> request, Supplier<Publisher<?>> again, Timer timer) {
        Timeout timeout = timer.newTimeout(this, deadline.toNanos(), TimeUnit.NANOSECONDS);
        sink.onDispose(() -> end(timeout));
        transmit(request, again);
    }

    /** Takes the answer to the request that is written next on this connection; runs on its event loop. */
    void travelsOn(Channel channel) {
        ConnectionClock times = ConnectionClock.of(channel);
        times.starts();
        clock = times;
        readyAt = nanoTime.getAsLong();
        ResponseGuard met = Objects.requireNonNull(ResponseGuard.of(channel));
        guard = met;
        met.expect(this, room);
    }

    /** @param headers of the request, which nobody changes once it is written */
    void sends(HttpHeaders headers) {
        sent = Answer.lazily(headers);
    }

    @Override
    public void accept(Answer answer) {
        sink.success(new Reply.Answered(
                answer.status(), answer.headers(), answer.body(), answer.truncated(), elapsedMillis(), trip()));
    }

    @Override
    public void run(Timeout timeout) {
        // The sink keeps the first reply only; ending it cancels the request, which closes the connection.
        sink.success(
                new Reply.NoAnswer(NoAnswerCause.TIMEOUT, "timeout after " + text(deadline), elapsedMillis(), trip()));
    }

    /** Ends the wait for an answer, because the gateway stops. */
    void abandon() {
        sink.success(new Reply.NoAnswer(
                NoAnswerCause.STOPPED, "the gateway stopped before the answer", elapsedMillis(), trip()));
    }

    private void transmit(Publisher<?> request, @Nullable Supplier<Publisher<?>> again) {
        Transmission transmission = new Transmission(again);
        current = transmission;
        request.subscribe(transmission);
        if (ended) {
            transmission.cancel();
        }
    }

    private void fail(Throwable failure) {
        Diagnosis known = Diagnosis.of(failure);
        Diagnosis diagnosis = proxied ? known.byProxy() : known;
        sink.success(new Reply.NoAnswer(diagnosis.cause(), diagnosis.detail(), elapsedMillis(), trip()));
    }

    private void end(Timeout timeout) {
        timeout.cancel();
        ended = true;
        Transmission transmission = current;
        if (transmission != null) {
            transmission.cancel();
        }
    }

    private Trip trip() {
        ConnectionClock times = clock;
        if (times == null) {
            return Trip.NONE;
        }
        boolean reused = times.dialledAt() - startedAt < 0;
        return new Trip(
                times.address(),
                reused,
                millis(startedAt, reused ? readyAt : times.dialledAt()),
                reused ? -1 : millis(times.dialledAt(), times.connectedAt()),
                reused ? -1 : millis(times.connectedAt(), times.securedAt()),
                millis(readyAt, times.answeredAt()),
                sent);
    }

    /** -1 when it did not come to the end of it. */
    private static long millis(long from, long to) {
        return to == 0 ? -1 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(to - from));
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - startedAt);
    }

    private static String text(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** The request on one connection. */
    private final class Transmission extends BaseSubscriber<Object> {
        private final @Nullable Supplier<Publisher<?>> again;

        Transmission(@Nullable Supplier<Publisher<?>> again) {
            this.again = again;
        }

        @Override
        protected void hookOnError(Throwable failure) {
            if (again != null && isStale(failure)) {
                transmit(again.get(), null);
            } else {
                fail(failure);
            }
        }

        /** Before a guard is known nothing was written: a connection that ended by then was one of the pool's, and harms nobody. */
        private boolean isStale(Throwable failure) {
            ResponseGuard met = guard;
            return met == null ? Diagnosis.of(failure).cause() == NoAnswerCause.RESET : met.isStale();
        }
    }
}
