package io.posthaste.queue.browse;

import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Job;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What people do with deliveries: enqueue, look up, list, cancel, send again, pause lanes. Never on the hot path. */
public interface Deliveries {

    /**
     * One inbox entry to be written, with the fields of the inbox contract.
     *
     * @param atMillis not before this time, 0 for now
     */
    record NewJob(String id, Target target, String data, long atMillis, Handling handling) {

        /**
         * A stored action, or one that the job brings along.
         *
         * @param action the stored action's id, or null
         * @param request an inline action as JSON, or null; then in this lane
         * @param grant that the inline action may use secrets, or null
         */
        public record Target(
                @Nullable String action,
                @Nullable String request,
                @Nullable String lane,
                @Nullable String grant) {}

        /**
         * What is done with it on its way.
         *
         * @param key idempotency key, or null for the id
         * @param by who asks, or null
         * @param order the line it waits in, or null
         * @param trace the W3C trace context that it belongs to, or null
         */
        public record Handling(
                @Nullable String key,
                boolean draft,
                Job.Results results,
                @Nullable String by,
                @Nullable String order,
                @Nullable String trace) {
            /** As usual. */
            public static final Handling USUAL = new Handling(null, false, Job.Results.ALL, null, null, null);
        }

        /** A stored action, now. */
        public static NewJob of(String id, String action, String data) {
            return new NewJob(id, new Target(action, null, null, null), data, 0, Handling.USUAL);
        }

        /** What decides its shard: a line must be on one. */
        public String shardKey() {
            return handling.order() == null ? id : handling.order();
        }

        /** The same with leave to use secrets. */
        public NewJob withGrant(String given) {
            Target granted = new Target(target.action, target.request, target.lane, given);
            return new NewJob(id, granted, data, atMillis, handling);
        }
    }

    /** What became of the wish to send a delivery again. */
    enum Resend {
        /** It will be sent now. */
        ACCEPTED,
        /** It waits, is in flight or is a draft: it will be sent, or decided on, anyway. */
        UNDER_WAY,
        /** It was sent, but what was sent is not kept. */
        NOT_KEPT,
        /** It ended unsent, by decision. */
        ENDED,
        /** No such delivery. */
        UNKNOWN
    }

    /** One malformed inbox entry; {@code fields} are names and values in turn, each cut at 4 KiB. */
    record Quarantined(String cursor, String entry, String reason, List<String> fields) {}

    /**
     * @param cursor opaque, null on the first page
     * @param limit of the page
     */
    record Query(Wanted wanted, @Nullable String cursor, int limit) {}

    /**
     * Which deliveries; null for any.
     *
     * @param reason a part of it
     * @param sinceMillis changed then or later, epoch milliseconds; 0 for any
     * @param customer the person's id
     * @param key the idempotency key
     * @param host of the receiver, in lower case
     */
    record Wanted(
            @Nullable DeliveryState state,
            @Nullable String action,
            @Nullable String reason,
            long sinceMillis,
            @Nullable String customer,
            @Nullable String key,
            @Nullable String host) {
        /** Of this state and action. */
        public static Wanted of(@Nullable DeliveryState state, @Nullable String action) {
            return new Wanted(state, action, null, 0, null, null, null);
        }

        /** @param changedAt epoch milliseconds */
        boolean isMetBy(Delivery delivery, long changedAt) {
            return changedAt >= sinceMillis
                    && isOr(state, delivery.state())
                    && isOr(action, delivery.action())
                    && (reason == null || delivery.reason().contains(reason))
                    && isOr(customer, delivery.recipient().customer())
                    && isOr(key, delivery.key())
                    && isOr(host, delivery.recipient().host());
        }

        private static boolean isOr(@Nullable Object wanted, @Nullable Object is) {
            return wanted == null || wanted.equals(is);
        }
    }

    /** @param cursor of the next page, null on the last */
    record Page(List<Delivery> deliveries, @Nullable String cursor) {
        /**
         * Every page, each asked for when those before were taken.
         *
         * @param list answers a query with its page
         * @param limit deliveries of a page
         */
        public static Flux<Page> all(Function<Query, Mono<Page>> list, Wanted wanted, int limit) {
            return list.apply(new Query(wanted, null, limit))
                    .expand(page ->
                            page.cursor() == null ? Mono.empty() : list.apply(new Query(wanted, page.cursor(), limit)));
        }
    }

    /**
     * One lane now.
     *
     * @param waiting jobs that wait, due or not
     * @param due how many of them are due
     * @param oldestDueMillis the due time of the head, 0 when nothing waits
     * @param pausedBecause why, in a line; empty when somebody wanted it, or it is not
     * @param held how many of those that wait have others of their line before them
     */
    record Lane(
            String name,
            long waiting,
            long due,
            long inFlight,
            long oldestDueMillis,
            boolean paused,
            String pausedBecause,
            long held) {
        /** Not paused, or by somebody. */
        public Lane(String name, long waiting, long due, long inFlight, long oldestDueMillis, boolean paused) {
            this(name, waiting, due, inFlight, oldestDueMillis, paused, "", 0);
        }
    }

    /**
     * The whole queue now.
     *
     * @param atMillis when, on Redis' clock; 0 when it was never looked at
     */
    record Depth(long atMillis, Inbox inbox, Totals totals, List<Lane> lanes) {
        public static final Depth UNKNOWN = new Depth(0, new Inbox(0, 0), new Totals(0, 0, 0, 0), List.of());

        /**
         * What no claim has taken in yet.
         *
         * @param oldestMillis when the first entry was written, 0 if none
         */
        public record Inbox(long entries, long oldestMillis) {}

        /** Over all lanes. */
        public record Totals(long leased, long failed, long drafted, long quarantined) {}
    }

    /**
     * When waiting jobs come due.
     *
     * @param atMillis where the first step begins, on Redis' clock
     * @param overdue jobs due before that
     * @param later jobs due after the last step
     * @param steps jobs due in each step
     */
    record Schedule(long atMillis, long overdue, long later, long[] steps) {}

    /** Writes the jobs to the inbox, in order, as one pipelined group. */
    Mono<Void> enqueue(List<NewJob> jobs);

    /** The same, and completes when one server may die without them; see {@link io.posthaste.redis.DurableWrites#add}. */
    Mono<Void> enqueueDurably(List<NewJob> jobs);

    /** Empty when no such delivery is known. */
    Mono<Delivery> find(String id);

    /** Newest first. Throws {@link InvalidCursorException}. */
    Mono<Page> list(Query query);

    /** Ends a delivery that is waiting, drafted or failed; one in flight is ended when its attempt returns. False: not known or ended. */
    Mono<Boolean> cancel(String id);

    /** Sends a failed or sent delivery again now, same bytes and key, with a fresh attempt count. Never two at a time. */
    Mono<Resend> resend(String id);

    /** Enqueues the job of a failed delivery anew, as {@code newId}. Empty: there is none, or its data are not kept. */
    Mono<NewJob> renew(String id, String newId);

    /** The job of a delivery that lives or failed, with its data; empty for any other, and when its data are not kept. */
    Mono<Job> job(String id);

    /** The job of a draft; empty when this is none. */
    Mono<Job> draft(String id);

    /** Sends failed deliveries again now, same bytes and key, with a fresh attempt count; answers how many. At most 100 ids. */
    Mono<Integer> redrive(List<String> ids);

    /** Sends drafts now; answers how many of them were drafts. At most 100 ids. */
    Mono<Integer> sendDrafts(List<String> ids);

    /** Ends drafts unsent; answers how many of them were drafts. At most 100 ids. */
    Mono<Integer> discardDrafts(List<String> ids);

    /**
     * Limits of one lane from now on.
     *
     * @param longestAttempt what its leases must outlast; null when it may be as long as any
     * @param onFailure what a failed job does to those behind it in its line
     */
    Mono<Void> setLaneLimits(
            String lane, LaneLimits limits, @Nullable Duration longestAttempt, Action.OnFailure onFailure);

    /** Nothing more of the lane is leased; what is in flight goes on, what waits is kept. */
    default Mono<Void> pause(String lane) {
        return pause(lane, null, "");
    }

    /**
     * The same, for so long.
     *
     * @param length null until somebody resumes it
     * @param reason one line for people; empty for none
     */
    Mono<Void> pause(String lane, @Nullable Duration length, String reason);

    /** Undoes {@link #pause}; the lane gets back to its whole limit over 10 s. */
    Mono<Void> resume(String lane);

    Mono<Depth> depth();

    /** When the jobs of these lanes come due, counted in {@code steps} steps of this length. */
    Mono<Schedule> schedule(List<String> lanes, Duration step, int steps);

    /** Newest first, from this cursor on (null for the first page). */
    Mono<List<Quarantined>> quarantine(@Nullable String cursor, int limit);

    /** Forgets one quarantined entry, named by its cursor. False: there is none. */
    Mono<Boolean> dropQuarantined(String cursor);
}
