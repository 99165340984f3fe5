package io.posthaste.queue.model;

import static io.posthaste.queue.model.Mutation.broken;
import static io.posthaste.queue.model.Mutation.without;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.testing.RedisServer;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scripts against a model, step by step, over crashes of Redis. Longer with {@code -Dposthaste.model.steps=100000},
 * another run with {@code -Dposthaste.model.seed=N}.
 */
class QueueModelIT {
    private static final int STEPS = Integer.getInteger("posthaste.model.steps", 900);
    private static final long SEED = Long.getLong("posthaste.model.seed", 20_261_123L);
    private static final int CRASHES = 3;

    private static RedisServer server;
    private static @Nullable Hunt hunt;

    @BeforeAll
    static void start() {
        server = RedisServer.start("--appendfsync", "always");
    }

    @AfterAll
    static void stop() {
        server.close();
        if (hunt != null) {
            hunt.close();
        }
    }

    @Test
    void randomUseAndCrashesOfRedisKeepEveryPromise() {
        randomUseAndCrashes(KeyspaceModel.Kind.ONE_SHARD);
    }

    @Test
    void soTheyDoOnSeveralShardsWhosePeopleGetEachDeliveryOnce() {
        randomUseAndCrashes(KeyspaceModel.Kind.SEVERAL);
    }

    private static void randomUseAndCrashes(KeyspaceModel.Kind kind) {
        System.out.println("seed " + SEED + ", steps " + STEPS + ", shards " + kind.shards());
        try (KeyspaceModel model = new KeyspaceModel(server, SEED, kind, UnaryOperator.identity())) {
            for (int i = 0; i < CRASHES; i++) {
                model.run(STEPS / CRASHES);
                model.crash();
            }
            model.drain();
        }
    }

    /** Otherwise a mutation could be "caught" by what is wrong without it. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4})
    void theRealScriptsPassWhereMutationsFail(int seed) {
        passes(seed, KeyspaceModel.Kind.ONE_SHARD);
        passes(seed, KeyspaceModel.Kind.SEVERAL);
    }

    private static void passes(int seed, KeyspaceModel.Kind kind) {
        try (KeyspaceModel model = new KeyspaceModel(server, seed, kind, UnaryOperator.identity())) {
            model.run(Hunt.STEPS);
            model.drain();
        }
    }

    /** The promises of the scripts, each broken at the lines that are marked with it ({@code --! fencing}). */
    static List<Mutation> mutations() {
        return Stream.of(ofSettlements(), ofClaims(), ofEnds(), ofLinesAndOtherShards())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Mutation> ofSettlements() {
        return List.of(
                broken("fencing", " and own[i] == ARGV[o + TOKEN]", ""),
                broken("a late success counts", "kind == SENT or kind == UPDATED", "false"),
                without("a late success of an ended job is ignored"),
                without("a settlement frees its slot"),
                broken("the version of a person is compared", "~= UPDATED", "~= 0"),
                without("a late update is compared"),
                broken("an outdated update leaves the job as it is", "outdated(offsets[i], kind)", "false"),
                without("the person is written"),
                broken("the version of a person grows", "version + 1", "version"),
                without("nobody is written for the journey's attributes"),
                broken("what was set is told", ", 'attributes', ARGV[o + WAS_SET]", ""),
                broken("an update that failed is told as failed", "problem == ''", "true"));
    }

    private static List<Mutation> ofClaims() {
        return List.of(
                broken("leases are as long as the lane's attempts", "lane.attempt or LONGEST", "LONGEST"),
                broken(
                        "what a lane is told is kept",
                        "cap, rate, attempt = ARGV[4], ARGV[6], ARGV[7]",
                        "cap = ARGV[4]"),
                broken("a token tells its length", " + length", ""),
                without("tokens of a claim are apart"),
                broken("the token that is told is the lease's", "of[i].token", "string.format('%.0f', us)"),
                without("a reclaim frees its slot"),
                without("a freed slot is offered"),
                broken("an id is alive once", "(alive[i] and alive[i] ~= entry) or ", ""),
                broken("an id is alive once within a batch", "seen[id]", "false"),
                without("a retry is offered"),
                without("a retry is queued"),
                without("the state is kept"),
                without("the body is kept"),
                without("leased work is queued no more"),
                broken("no more leaves a lane than is leased", "k - 1", "k"),
                broken("the limit of a lane holds", "lane.cap - lane.busy", "1000"));
    }

    private static List<Mutation> ofEnds() {
        return List.of(
                without("a pause holds"),
                without("the lease ends"),
                without("a settlement is reported"),
                broken("a cancellation is reported", "if REPORTS", "if false"),
                without("an ended id is alive no more"),
                without("an ended body goes"),
                without("a parked body leaves the inbox"),
                without("an ended state goes"),
                without("what became of a job before its late success goes"),
                broken("a cancelled retry ends", "if cancelAny", "if false"),
                without("what is redriven is offered"),
                without("what is redriven rests no more"),
                without("a resent delivery is offered"),
                without("what is alive is not sent again"),
                broken("what was sent again is not once more", " or standing == 0", ""),
                broken("an operation keeps to its action", "(action ~= '' and fields.action ~= action)", "false"),
                without("an operation keeps to its reason"),
                broken(
                        "an operation leaves what came later",
                        "upto == 0 or upto > ms then upto = ms",
                        "true then upto = ms + 3600000"),
                broken("an operation does no more than it may", ", op.most - op.done)", ", 1000)"),
                broken("an operation is no faster than it may", "max(1, floor(op.rate * PAUSE / 1000))", "1000"),
                broken("an operation takes all that share a time", "op.at = before; ", ""),
                broken("an operation knows what it did", "'done', op.done", "'done', 0"),
                broken("an operation ends", "if through", "if false"),
                broken("the same operation runs once", "== wish", "== 0"),
                without("a cancelled operation ends"));
    }

    private static List<Mutation> ofLinesAndOtherShards() {
        return List.of(
                without("what was never attempted is no retry"),
                broken("what is handed out is what was leased", "= whole", "= { whole[1], { 'v', '1' } }"),
                without("the cursor moves"),
                without("woken lanes are offered"),
                without("waiting jobs are offered"),
                without("reclaimed jobs are queued"),
                broken("a line is kept", "jobs.order[i] and lines", "false and lines"),
                without("a line goes on"),
                without("who ended leaves its line"),
                broken("what is redriven keeps to its line", "fields.order and", "false and"),
                broken("a failed job blocks its line only if told to", "~= 'block'", "~= 'no'"),
                without("a delivery sets its attributes once").elsewhere(),
                without("who lost the lease sets nothing elsewhere").elsewhere(),
                without("the version of a person elsewhere is compared").elsewhere(),
                without("the person elsewhere is written").elsewhere(),
                without("what was set elsewhere is remembered").elsewhere());
    }

    @Test
    void everyPromiseThatAScriptMarksIsBrokenByAMutation() {
        assertThat(mutations())
                .extracting(Mutation::promise)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(ScriptText.allPromises());
    }

    @ParameterizedTest(name = "not: {0}")
    @MethodSource("mutations")
    void theModelCatches(Mutation mutation) throws Exception {
        if (hunt == null) {
            hunt = new Hunt(mutations());
        }

        assertThat(hunt.caught(mutation)).isTrue();
    }
}
