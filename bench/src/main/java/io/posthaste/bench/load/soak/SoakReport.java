package io.posthaste.bench.load.soak;

import io.posthaste.bench.load.soak.Sampler.Life;
import io.posthaste.bench.load.soak.Trend.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a soak showed.
 *
 * @param redis what was read of Redis, over all lives
 */
public record SoakReport(Accounts accounts, Course course, List<Life> lives, Map<Measure, List<Reading>> redis) {
    /**
     * How it went.
     *
     * @param inFlight leases at the kills, together
     * @param leftBehind jobs that Redis still had somewhere in the end
     * @param added what answers added to attributes, each 1
     * @param signed whether all signatures that were looked at were right
     */
    record Course(int kills, int inFlight, long leftBehind, long added, boolean signed) {}

    /**
     * What is judged.
     *
     * @param warmUpSeconds of a gateway, not looked at
     * @param fillingSeconds until all that Redis keeps for a time has been there once
     * @param leastSeconds a life that is looked at for less is not judged
     */
    public record Rules(double warmUpSeconds, double fillingSeconds, double leastSeconds) {
        /** Of a soak of so many seconds. */
        public static Rules of(double soakSeconds) {
            return new Rules(Math.min(180, soakSeconds / 5), 240, Math.min(240, soakSeconds / 4));
        }
    }

    /** What is judged: lives that were long enough, and Redis if it was watched for long enough. */
    public List<Judgement> judgements(Rules rules) {
        List<Judgement> judgements = new ArrayList<>();
        for (Life life : lives) {
            life.readings()
                    .forEach((measure, readings) -> judge(
                            "life " + life.number(),
                            measure,
                            after(life.bornAt() + rules.warmUpSeconds(), readings),
                            rules,
                            judgements));
        }
        redis.forEach((measure, readings) ->
                judge("Redis", measure, after(rules.fillingSeconds(), readings), rules, judgements));
        return judgements;
    }

    private static void judge(
            String whose, Measure measure, List<Reading> readings, Rules rules, List<Judgement> judgements) {
        if (readings.size() >= Judgement.LEAST_READINGS
                && readings.getLast().seconds() - readings.getFirst().seconds() >= rules.leastSeconds()) {
            judgements.add(Judgement.of(whose, measure, readings));
        }
    }

    private static List<Reading> after(double seconds, List<Reading> readings) {
        return readings.stream().filter(reading -> reading.seconds() >= seconds).toList();
    }

    /** Whether every job is accounted for. */
    public boolean isAccountedFor() {
        return accounts.areGood(course.inFlight())
                && course.leftBehind() == 0
                && course.added() == accounts.counted()
                && course.signed();
    }

    /** In words. */
    public String findings() {
        return ("accepted %,d: to be sent %,d, to fail %,d, to be discarded %,d; %d kills, in flight at them %d%n"
                        + "lost %d, sent though they should not %d, delivered again %d, without an end %d, with another end %d,"
                        + " ended twice %d, too early %d, out of line %d, changed between attempts %d, left in Redis %d%n"
                        + "answers that add 1: %,d, added %,d; signatures %s")
                .formatted(
                        accounts.accepted(),
                        accounts.sent(),
                        accounts.failed(),
                        accounts.discarded(),
                        course.kills(),
                        course.inFlight(),
                        accounts.lost(),
                        accounts.unwanted(),
                        accounts.extra(),
                        accounts.untold(),
                        accounts.wrong(),
                        accounts.toldTwice(),
                        accounts.early(),
                        accounts.disordered(),
                        accounts.changed(),
                        course.leftBehind(),
                        accounts.counted(),
                        course.added(),
                        course.signed() ? "right" : "wrong");
    }
}
