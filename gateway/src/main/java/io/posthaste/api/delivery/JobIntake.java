package io.posthaste.api.delivery;

import io.posthaste.api.port.Backends;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Query;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Deliveries.NewJob;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Takes jobs in over HTTP: a document at once, or lines as they arrive. Jobs are read on threads that may take their
 * time, and so many are on their way to Redis at a time as its connection queues; whoever comes then waits a little.
 */
final class JobIntake {
    /** Of jobs that Redis has not taken yet, over all requests: what its connection queues, and room for other commands. */
    private static final int MOST_UNDER_WAY = 8_000;

    /** The query parameter of who waits for more than Redis' word. */
    static final String DURABLE = "durable";

    private static final Duration LOOKS_EVERY = Duration.ofMillis(5);
    private static final int MOST_LOOKS = 400;

    private final Deliveries deliveries;
    private final Backends.Grants grants;
    private final JobReader jobs;
    private final Scheduler work;
    private final AtomicInteger underWay = new AtomicInteger();

    JobIntake(Backends backends, JobReader jobs, Scheduler work) {
        this.deliveries = backends.queue().deliveries();
        this.grants = backends.queue().grants();
        this.jobs = jobs;
        this.work = work;
    }

    /** All or none: answers their ids once Redis has them. */
    Mono<List<String>> document(Call call) {
        return Mono.fromCallable(() -> granted(call, jobs.read(call.body())))
                .subscribeOn(work)
                .flatMap(read -> enqueue(call, read));
    }

    /** A batch at a time. What is wrong with a line ends it: the lines before it are taken, and the problem says how many. */
    Mono<List<String>> lines(Call call, Flux<byte[]> body) {
        List<String> taken = new ArrayList<>();
        return JobLines.batches(body)
                .concatMap(lines -> batch(call, lines, taken), 1)
                .then(Mono.fromSupplier(() -> taken))
                .onErrorMap(ApiProblem.class, problem -> problem.after(taken.size()));
    }

    private Mono<Void> batch(Call call, List<JobLines.Line> lines, List<String> taken) {
        return Mono.fromCallable(() -> read(call, lines))
                .subscribeOn(work)
                .flatMap(read ->
                        enqueue(call, read.good()).doOnNext(taken::addAll).then(read.end()));
    }

    /**
     * The jobs of a batch up to the first line that is wrong.
     *
     * @param problem with that line, null when there is none
     */
    private record Read(List<NewJob> good, @Nullable ApiProblem problem) {
        Mono<Void> end() {
            return problem == null ? Mono.empty() : Mono.error(problem);
        }
    }

    private Read read(Call call, List<JobLines.Line> lines) {
        List<NewJob> good = new ArrayList<>();
        for (JobLines.Line line : lines) {
            try {
                good.add(jobs.read(line));
            } catch (ApiProblem problem) {
                return new Read(granted(call, good), problem);
            }
        }
        return new Read(granted(call, good), null);
    }

    private Mono<List<String>> enqueue(Call call, List<NewJob> read) {
        boolean durably = Query.isGiven(call, DURABLE, "1");
        return Mono.defer(() -> admitted(read, durably)).retryWhen(patience());
    }

    private Mono<List<String>> admitted(List<NewJob> read, boolean durably) {
        int size = read.size();
        if (underWay.addAndGet(size) > Math.max(MOST_UNDER_WAY, size)) {
            underWay.addAndGet(-size);
            return Mono.error(Busy::new);
        }
        return (durably ? deliveries.enqueueDurably(read) : deliveries.enqueue(read))
                .then(Mono.fromSupplier(() -> read.stream().map(NewJob::id).toList()))
                .doFinally(end -> underWay.addAndGet(-size));
    }

    private Retry patience() {
        return Retry.fixedDelay(MOST_LOOKS, LOOKS_EVERY)
                .scheduler(work)
                .filter(Busy.class::isInstance)
                .onRetryExhaustedThrow((spec, signal) -> new ApiProblem(
                                Kind.UNAVAILABLE, "Redis takes jobs more slowly than they come; send them again later")
                        .with("Retry-After", "1"));
    }

    /** Who decides what stored actions send may also send inline what uses secrets. */
    private List<NewJob> granted(Call call, List<NewJob> read) {
        return call.access() == Access.ADMIN ? read.stream().map(this::granted).toList() : read;
    }

    private NewJob granted(NewJob job) {
        String request = job.target().request();
        String lane = job.target().lane();
        return request == null || lane == null
                ? job
                : job.withGrant(grants.give(lane, request.getBytes(StandardCharsets.UTF_8)));
    }

    /** Too many jobs are on their way. */
    private static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1;

        Busy() {
            super("busy", null, false, false);
        }
    }
}
