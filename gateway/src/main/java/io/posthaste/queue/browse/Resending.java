package io.posthaste.queue.browse;

import io.posthaste.job.Delivery;
import io.posthaste.job.InlineRequest;
import io.posthaste.job.Job;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.browse.Deliveries.NewJob;
import io.posthaste.queue.browse.Deliveries.Resend;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.JobBody;
import io.posthaste.redis.LuaScript;
import java.util.Objects;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** Deliveries that ended and are sent again: as they were, or rendered anew. */
record Resending(
        ScriptRunner runner,
        LuaScript findScript,
        LuaScript resendScript,
        History history,
        SentRequests requests,
        FoundDelivery reader) {

    /** A sent delivery with what was sent, as long as that is kept. */
    Mono<Delivery> sent(String id) {
        return history.find(id)
                .flatMap(found ->
                        requests.find(found).map(found.delivery()::with).defaultIfEmpty(found.delivery()));
    }

    /** Brings a sent delivery back to life; empty when none of this id is known. */
    Mono<Resend> resend(String id) {
        return history.find(id)
                .flatMap(found -> runner.run(resendScript, id, found.block(), found.record() + 1))
                .map(Resending::outcome);
    }

    private static Resend outcome(Object reply) {
        return switch (((Long) reply).intValue()) {
            case 1 -> Resend.ACCEPTED;
            case 0 -> Resend.UNDER_WAY;
            default -> Resend.NOT_KEPT;
        };
    }

    /** The job of a living delivery that stands so. Empty for all others, and for one whose data went when it was sent. */
    Mono<Job> job(String id, Predicate<String> standing) {
        return runner.run(findScript, "id", id)
                .map(reply -> (Object[]) Objects.requireNonNull(((Object[]) reply)[0]))
                .filter(found -> found[0] instanceof byte[] where && standing.test(Bytes.ascii(where)))
                .mapNotNull(reader::body)
                .filter(body -> !body.resent())
                .map(JobBody::job);
    }

    /** The same job under another id and key, and no draft: somebody just decided to send it. */
    static NewJob renewed(Job job, String newId) {
        InlineRequest request = job.request();
        return new NewJob(
                newId,
                new NewJob.Target(
                        job.action(),
                        request == null ? null : Bytes.utf8(request.definition()),
                        request == null ? null : job.lane(),
                        request == null ? null : request.grant()),
                Bytes.utf8(job.data()),
                0,
                new NewJob.Handling(
                        null,
                        false,
                        job.terms().results(),
                        job.terms().by(),
                        job.terms().order(),
                        null));
    }
}
