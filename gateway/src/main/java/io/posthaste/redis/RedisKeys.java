package io.posthaste.redis;

/**
 * Every key of one shard. All share the hash tag, so a script may use them together on a cluster too; none has a
 * time to live.
 *
 * <p>An <i>entry</i> is the id of a job's inbox entry. It names the job everywhere inside, wherever its body lives.
 *
 * @param tag the shard's hash tag
 */
public record RedisKeys(String tag) {

    /** Where everything of the shard begins; what scripts are given. */
    public String prefix() {
        return "posthaste:{" + tag + "}:";
    }

    /** Stream. Jobs as producers wrote them; an entry stays until its job ends or is parked. */
    public String inbox() {
        return prefix() + "inbox";
    }

    /** Stream, capped. One entry per recorded attempt or state change; consumer groups are their readers' own. */
    public String results() {
        return prefix() + "results";
    }

    /** Stream, capped. Malformed inbox entries: {@code reason}, {@code entry}, {@code raw} (MessagePack of the fields). */
    public String quarantine() {
        return prefix() + "quarantine";
    }

    /** Stream, capped. One entry per state change, for reporting webhooks; written only while {@code meta} says so. */
    public String reports() {
        return prefix() + "reports";
    }

    /** Hash: id to definition (JSON) of every reporting webhook. */
    public String reportWebhooks() {
        return prefix() + "report-webhooks";
    }

    /** Hash per reporting webhook: position, lease, what its receiver said last, and counts. */
    public String reportState(String webhook) {
        return prefix() + "report-state:" + webhook;
    }

    /** Hash: job id to entry, for every living job; what makes a second one with the same id a duplicate. */
    public String ids() {
        return prefix() + "ids";
    }

    /** Sorted set per lane: entry, scored by when its next attempt is due (epoch ms). */
    public String due(String lane) {
        return prefix() + "due:" + lane;
    }

    /** Sorted set: entry, scored by the end of its lease (epoch us), which is also the fencing token. */
    public String leased() {
        return prefix() + "leased";
    }

    /** Hash: lane to leased jobs; absent means none. */
    public String busy() {
        return prefix() + "busy";
    }

    /** Sorted set: lanes with due work and free slots, scored by virtual time; the smallest is served next. */
    public String ready() {
        return prefix() + "ready";
    }

    /** Sorted set: lanes to look at again, scored by when (epoch ms): the next due time, the end of a pause, a rate token. */
    public String wake() {
        return prefix() + "wake";
    }

    /**
     * String per host with a limit, which expires: when all requests that were given out would be used up, one after the
     * other (epoch us). On one shard, by the host.
     */
    public String rate(String host) {
        return prefix() + "rate:" + host;
    }

    /**
     * Hash: lane to {@code limit,weight,paused until ms,rate per second,resumed at ms,longest attempt ms}, each empty
     * for its default.
     */
    public String laneLimits() {
        return prefix() + "lane-limits";
    }

    /** Hash: lane to why it was paused, for lanes that their receivers stopped; what people paused has no reason here. */
    public String laneNotes() {
        return prefix() + "lane-notes";
    }

    /** Hash: trouble to what it is, as JSON, for those that last (on the first shard). */
    public String alerts() {
        return prefix() + "alerts";
    }

    /** Hash: lane to since when it brings nothing but failures (epoch ms; on the first shard). */
    public String failingSince() {
        return prefix() + "failing-since";
    }

    /** Hash: lane to {@code block}, for lanes of which a failed job holds up those behind it in its line. */
    public String laneOrder() {
        return prefix() + "lane-order";
    }

    /** Hash: entry of a job that is in a line to when it may be attempted (epoch ms, 0 for now), a blank and its line. */
    public String ordered() {
        return prefix() + "ordered";
    }

    /** Sorted set per line, the lane and the order key with a colon between: entries in their order. */
    public String line(String line) {
        return prefix() + "line:" + line;
    }

    /**
     * Sorted set: lines that begin here while the number of shards changes, and wait until it is known that they go on nowhere
     * else, scored by since when (epoch ms).
     */
    public String opening() {
        return prefix() + "opening";
    }

    /** Hash: lane to the theoretical arrival time of its next attempt (epoch ms), for lanes with a rate. */
    public String laneRates() {
        return prefix() + "lane-rates";
    }

    /** Hash: entry to the body of a job that left the inbox because it waits long, with its frozen request. */
    public String parked() {
        return prefix() + "parked";
    }

    /** Sorted set: parked entries under way, scored by their last change (epoch ms). */
    public String parkedAt() {
        return prefix() + "parked-at";
    }

    /** Hash: entry to attempts, reclaims, reason and the attempt log; absent for jobs that never failed. */
    public String state() {
        return prefix() + "state";
    }

    /** Sorted set: failed entries that are kept, scored by when they failed (epoch ms). */
    public String failed() {
        return prefix() + "failed";
    }

    /** Sorted set: drafts, scored by when they were made (epoch ms). */
    public String drafts() {
        return prefix() + "drafts";
    }

    /** Hash: leased entries that someone cancelled, to when (epoch ms). */
    public String cancelling() {
        return prefix() + "cancelling";
    }

    /** List: blocks of ended deliveries, oldest first; {@code sent}, or {@code closed} for aborted, skipped and cancelled. */
    public String history(String name) {
        return prefix() + name;
    }

    /**
     * String: what the deliveries of a block of {@code sent} were sent as, by the block's number, or by a name of its own
     * as long as it has none; the oldest go when memory is used up.
     */
    public String requests(String block) {
        return prefix() + "requests:" + block;
    }

    /**
     * Hash: lane and figure, {@code crm sent}, to how many in this period, {@code hour:<start, ms>}, {@code quarter:} or
     * {@code day:}; of all lanes, {@code *}, {@code minute:}, too. With {@code -times}, {@code hour-times:<start, ms>}: lane and
     * step, {@code crm 12}, to how many attempts took so long.
     */
    public String tally(String period) {
        return prefix() + "tally:" + period;
    }

    /** Sorted set: operations, running or not, scored by their start (epoch ms). */
    public String operations() {
        return prefix() + "operations";
    }

    /** Hash: what an operation does, to which deliveries, and how far it is. */
    public String operation(String id) {
        return prefix() + "operation:" + id;
    }

    /** Sorted set: buckets of ended ids within the dedupe window, scored by their start (epoch ms). */
    public String knownBuckets() {
        return prefix() + "known-buckets";
    }

    /** Set: ids that ended within a part of the dedupe window. */
    public String known(String bucket) {
        return prefix() + "known:" + bucket;
    }

    /**
     * String per gateway, which expires: the number of its last claim that leased anything, and the tokens it gave. What
     * a claim gave whose reply was lost goes back by it.
     */
    public String claim(String who) {
        return prefix() + "claim:" + who;
    }

    /** String per gateway, which expires: what it knows of receivers' hosts, as JSON, for the others (on the first shard). */
    public String hosts(String gateway) {
        return prefix() + "hosts:" + gateway;
    }

    /**
     * Hash per person: {@code version}, and {@code attributes} as a JSON object. Beside the jobs, so that settling one can
     * change both. While the number of shards changes, the version of one who left is {@code moved}.
     */
    public String person(String id) {
        return prefix() + "person:" + id;
    }

    /** Set: people who came to this shard while the number of shards changes. */
    public String arrived() {
        return prefix() + "arrived";
    }

    /** String, which expires: what a delivery of another shard set on a person of this one, until it is settled. */
    public String applied(String delivery) {
        return prefix() + "applied:" + delivery;
    }

    /** Hash: {@code clock} (us, never backwards), {@code ahead} (us that it is ahead of Redis' own since that was stepped back), {@code virtual}, {@code cursor} (last inbox entry taken in), {@code righted} (ms, when an inbox whose last id is ahead was last looked after), {@code reports} (entries kept for reporting webhooks, absent while there are none), {@code moving} and {@code opening} while the number of shards changes, and the sizes of the histories. */
    public String meta() {
        return prefix() + "meta";
    }

    /** Hash: counters since the keyspace was created. */
    public String stats() {
        return prefix() + "stats";
    }
}
